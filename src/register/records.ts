import type { Fingerprint } from '../fingerprint/index.ts'
import type { Row } from '../store/index.ts'
import type { Classification, Item, ItemEvent, ItemStatus, KnownItem } from './types.ts'

/** What lists and statistics need. */
export interface ItemClear {
  readonly kind: Item['kind']
  readonly status: ItemStatus
  readonly classification: Classification
  readonly quality: number
  readonly proposedBy: string
  readonly proposedAt: string
  readonly verifiedBy: string | null
  readonly verifiedAt: string | null
}

export interface ItemSealed {
  readonly fingerprint: Fingerprint
  readonly reference: string | null
  readonly note: string | null
}

export type ItemRow = Row<ItemClear, ItemSealed>

export type EventClear = Omit<ItemEvent, 'reason'>
export type EventSealed = Pick<ItemEvent, 'reason'>

/** Collection of the items; its name is also the prefix of their changes. */
export const ITEMS = 'item'

/** One collection an item, so that a history is one range; events are added and never changed. */
export function eventsOf(itemId: string): string {
  return `item-event/${itemId}`
}

export function itemView({ id, clear, sealed }: ItemRow): Item {
  return { id, ...clear, reference: sealed.reference, note: sealed.note }
}

export function knownView(row: ItemRow): KnownItem {
  return { ...itemView(row), fingerprint: row.sealed.fingerprint }
}

/** Retracted items and causes of false matches (`Ignore`) never match anything. */
export function canMatch({ status, classification }: ItemClear): boolean {
  return status !== 'retracted' && classification !== 'Ignore'
}

/** PDQ quality of the picture, or of the best frame of the film: 0 to 100. */
export function qualityOf({ views }: Pick<Fingerprint, 'views'>): number {
  return views
    .filter(({ name }) => name === 'whole')
    .reduce((best, { quality }) => Math.max(best, quality), 0)
}
