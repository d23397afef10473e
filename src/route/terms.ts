export { CONTACT_STATES } from './types.ts'
