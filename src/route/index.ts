export {
  CONTACT_STATES,
  type Contact,
  type ContactFilter,
  type EnteredContact,
  type Contacts,
  type ContactState,
} from './contacts.ts'
export { type Reach, reachOf } from './reach.ts'
export { createRouter, type Router, type Routes, readRoutes } from './router.ts'
export { confirmedLaws, isConfirmed, unconfirmedLaws } from './tables.ts'
export type * from './types.ts'
