export { CONTACT_STATES } from './recipient.ts'
