export {
  type Contact,
  type ContactFilter,
  type EnteredContact,
  type Contacts,
} from './contacts.ts'
export type { Policy, Rule, When } from './policy-schema.ts'
export { type Reach, reachOf } from './reach.ts'
export {
  createRouter,
  type PoliceContact,
  type Router,
  type Routes,
  readRoutes,
} from './router.ts'
export { confirmedLaws, isConfirmed, unconfirmedLaws } from './tables.ts'
export * from './recipient.ts'
export * from './routing.ts'
export * from './law.ts'
