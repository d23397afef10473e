import { hash } from 'node:crypto'
import { HindraError } from '../errors.ts'
import type { FollowedItems } from './known-follower.ts'

const PLACE_BYTES = 6

/** Items from one place up to another, which is not of it: from 0 to 1, where both are the same there are none. */
export interface PlaceRange {
  readonly from: number
  readonly to: number
}

export const WHOLE: PlaceRange = { from: 0, to: 1 }

/** `2/4` is the second quarter of all places, `none` no place. Throws INVALID_CONFIG. */
export function rangeOf(shard: string): PlaceRange {
  if (shard === 'none') return { from: 0, to: 0 }
  const [number = 0, count = 0] = shard.split('/').map(Number)
  const isOne = Number.isInteger(number) && Number.isInteger(count) && number > 0 && number <= count
  if (isOne) return { from: (number - 1) / count, to: number / count }
  throw new HindraError('INVALID_CONFIG', `matcher.shard: ${shard} is none of 1/1, 2/4, none`)
}

/** Where an item is, from 0 up to 1, by its id alone: evenly spread, and the same for all processes and times. */
export function placeOf(itemId: string): number {
  return hash('sha256', itemId, 'buffer').readUIntBE(0, PLACE_BYTES) / 2 ** (8 * PLACE_BYTES)
}

export function isWithin({ from, to }: PlaceRange, itemId: string): boolean {
  const place = placeOf(itemId)
  return place >= from && place < to
}

export function isWhole({ from, to }: PlaceRange): boolean {
  return from <= 0 && to >= 1
}

export function isEmpty({ from, to }: PlaceRange): boolean {
  return from >= to
}

export function overlaps(one: PlaceRange, other: PlaceRange): boolean {
  return one.from < other.to && other.from < one.to
}

/** The register as far as the items of the range go. */
export function itemsWithin(register: FollowedItems, range: PlaceRange): FollowedItems {
  if (isWhole(range)) return register
  const isHeld = (itemId: string) => isWithin(range, itemId)
  return {
    indexed: (tx, ids) => register.indexed(tx, ids.filter(isHeld)),
    async *allIndexed() {
      for await (const item of register.allIndexed()) if (isHeld(item.id)) yield item
    },
    async *changes(...asked) {
      for await (const change of register.changes(...asked)) {
        if (isHeld(change.itemId)) yield change
      }
    },
    recentChanges: (since) => register.recentChanges(since)?.filter(({ itemId }) => isHeld(itemId)),
  }
}
