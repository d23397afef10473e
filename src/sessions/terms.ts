export { relyingParty } from './relying-party.ts'

/** Lists of the console whose filters stand in their address, so that a view of them can be kept. */
export const VIEWED_PLACES = [
  '/console/cases',
  '/console/notices',
  '/console/items',
  '/console/hosts',
  '/console/objections',
  '/console/dossiers',
  '/console/audit',
] as const

/** A list as somebody wants to see it again: their own, and nobody else's. */
export interface SavedView {
  readonly id: string
  readonly name: string
  /** Path and query of the page: what it is narrowed by stands there. */
  readonly place: string
}
