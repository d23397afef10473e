import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { defined, HOUR_MS, isoTime } from '../core/index.ts'
import { type Context, keySpace, type Row, table, type Transaction } from '../store/index.ts'
import type { AssignedKind, Skip, SkipReason } from './terms.ts'

interface SkipsClear {
  readonly kind: AssignedKind
  readonly id: string
  /** The latest of each person, oldest first: `by` is the principal. */
  readonly skips: readonly (Omit<Skip, 'reason'> & { readonly by: string })[]
}

interface SkipsSealed {
  /** What people wrote of it: `by` is the principal. */
  readonly reasons: readonly { readonly by: string; readonly reason: string }[]
}

type SkipsRow = Row<SkipsClear, SkipsSealed>

const skipsTable = table<SkipsClear, SkipsSealed>(keySpace('skip')).with({})

/** Why somebody leaves it to others, and what they wrote of it. */
export interface OwnSkip {
  readonly why: SkipReason
  readonly reason?: string
}

/** Told, in the transaction, that what people skipped is settled or erased. */
export type SkipsEnded = (tx: Transaction, kind: AssignedKind, id: string) => void

/** What each person has left to others: kept until the tip or case is settled, so that nothing sinks unseen. */
export interface Skips {
  /** A person leaves it to others; resolves to all who have. The same person again replaces what they said. */
  skip(
    tx: Transaction,
    by: Principal,
    kind: AssignedKind,
    id: string,
    said: OwnSkip,
  ): Promise<readonly Skip[]>
  /** Who has skipped it, oldest first. */
  of(tx: Transaction, kind: AssignedKind, id: string): Promise<readonly Skip[]>
  /**
   * Whether it is not offered to this person for now.
   *
   * @param changedAt When it last became another than it was, UTC ISO 8601: what was skipped before that is offered again
   */
  isSkippedBy(
    tx: Transaction,
    by: Pick<Principal, 'id'>,
    kind: AssignedKind,
    id: string,
    changedAt?: string,
  ): Promise<boolean>
  /** Whether so many people skipped it that somebody must see to it (`assignments.skipsMax`). */
  isTooMany(skips: readonly Skip[]): boolean
  /** Is told of each that ends from now on. */
  follow(ended: SkipsEnded): void
  end(tx: Transaction, kind: AssignedKind, id: string): Promise<void>
}

export function createSkips(
  { sealer, clock }: Context,
  audit: Audit,
  settings: Pick<Config['assignments'], 'skipHours' | 'skipsMax'>,
): Skips {
  const rows = skipsTable(sealer)
  const followers: SkipsEnded[] = []

  return {
    async skip(tx, by, kind, id, { why, reason }) {
      const place = placeOf(kind, id)
      const before = await rows.get(tx, place)
      const own = { by: by.id, who: by.pseudonym, why, at: isoTime(clock.now()) }
      const others = before?.clear.skips.filter((one) => one.by !== by.id) ?? []
      const kept = before?.sealed.reasons.filter((one) => one.by !== by.id) ?? []
      const reasons = reason === undefined ? kept : [...kept, { by: by.id, reason }]
      const row = {
        id: place,
        clear: { kind, id, skips: [...others, own] },
        sealed: { reasons },
      }
      if (before === undefined) rows.add(tx, row)
      else rows.change(tx, before, row)
      const detail = { why, ...defined({ reason }), people: row.clear.skips.length }
      audit.append(tx, { by: by.id, action: `${kind}.skip`, subject: id, detail })
      return shown(row)
    },

    of: async (tx, kind, id) => shown(await rows.get(tx, placeOf(kind, id))),

    async isSkippedBy(tx, by, kind, id, changedAt = '') {
      const row = await rows.get(tx, placeOf(kind, id))
      const own = row?.clear.skips.find((one) => one.by === by.id)
      if (own === undefined || own.at <= changedAt) return false
      return Date.parse(own.at) + settings.skipHours * HOUR_MS > clock.now()
    },

    isTooMany: ({ length }) => length >= settings.skipsMax,

    follow(ended) {
      followers.push(ended)
    },

    async end(tx, kind, id) {
      const row = await rows.get(tx, placeOf(kind, id))
      if (row === undefined) return
      rows.remove(tx, row)
      for (const ended of followers) ended(tx, kind, id)
    },
  }
}

function shown(row: SkipsRow | undefined): readonly Skip[] {
  if (row === undefined) return []
  return row.clear.skips.map(({ by, ...skip }) => ({
    ...skip,
    reason: row.sealed.reasons.find((one) => one.by === by)?.reason ?? null,
  }))
}

function placeOf(kind: AssignedKind, id: string): string {
  return `${kind}-${id}`
}
