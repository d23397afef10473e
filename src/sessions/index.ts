export { createSessions } from './sessions.ts'
export type * from './session-types.ts'
export type { SavedView } from './terms.ts'
