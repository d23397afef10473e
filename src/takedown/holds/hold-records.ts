import { HOUR_MS, isoTime, localTime } from '../../core/index.ts'
import {
  type Context,
  idsBelow,
  keySpace,
  type Row,
  table,
  type Transaction,
} from '../../store/index.ts'
import type {
  HoldCounts,
  HoldProposal,
  HoldVoice,
  NoticeHold,
  PoliceHold,
  Unheeded,
} from './hold-types.ts'

export interface HoldClear {
  /** Which opening of the case it belongs to. */
  readonly round: number
  readonly since: string
  /** Null where it is forbidden. In the past: it is over. */
  readonly until: string | null
  readonly longestUntil: string
  readonly ringAt: string | null
  readonly at: string
  readonly by: string
  readonly voice: HoldVoice
  /** The `Date` of the newest reply that was heeded. */
  readonly saidAt: string | null
  /** A person has something to decide or to read. */
  readonly asks: boolean
}

export interface HoldSealed {
  readonly reason: string | null
  readonly theirNumber: string | null
  readonly proposal: Omit<HoldProposal, 'untilLocal'> | null
  readonly unheeded: readonly Unheeded[]
}

/** A hold, by the id of its case. */
export type HoldRow = Row<HoldClear, HoldSealed>

/** All holds that stand or ask for a person, so that a list of them reads no others. */
const OPEN = keySpace('police-hold-open')
const NOTHING = new Uint8Array()
/** How many replies that changed nothing are kept; older ones are in the replies of the notice. */
const UNHEEDED_MAX = 10
/** The duty address hears so long before the end. */
const RING_HOURS = 12
const DAY_HOURS = 24

const holdTable = table<HoldClear, HoldSealed>(keySpace('police-hold')).with({
  by: {
    /** When somebody is to be told of its end. */
    ring: {
      keys: keySpace('police-hold-ring'),
      at: ({ clear: { ringAt } }) => ringAt !== null && [ringAt],
    },
  },
})

export type HoldRecords = ReturnType<typeof createHoldRecords>

/** What each case waits for, and when somebody is to be reminded of it. */
export function createHoldRecords(
  { sealer, clock }: Pick<Context, 'sealer' | 'clock'>,
  settings: { readonly timeZone: string },
) {
  const rows = holdTable(sealer)

  const records = {
    get: rows.get.bind(rows),

    put(tx: Transaction, before: HoldRow | undefined, after: HoldRow): HoldRow {
      const { id, clear, sealed } = after
      const unheeded = sealed.unheeded.slice(-UNHEEDED_MAX)
      const asks = sealed.proposal !== null || unheeded.length > 0
      const row = { id, clear: { ...clear, asks }, sealed: { ...sealed, unheeded } }
      if (before === undefined) rows.add(tx, row)
      else rows.change(tx, before, row)
      if (isOpen(row)) tx.put(OPEN(id), NOTHING)
      else tx.delete(OPEN(id))
      return row
    },

    async erase(tx: Transaction, caseId: string): Promise<void> {
      const row = await rows.get(tx, caseId)
      if (row === undefined) return
      rows.remove(tx, row)
      tx.delete(OPEN(caseId))
    },

    /** Whether nobody may be told now. */
    stands,

    /** Cases by when somebody is to be told of the end of their hold. */
    rings: rows.by.ring,

    /** Cases that wait or ask, in order of id. */
    async open(
      tx: Transaction,
      { after, limit = 100 }: { readonly after?: string; readonly limit?: number },
    ): Promise<readonly HoldRow[]> {
      const found: HoldRow[] = []
      for await (const id of idsBelow(tx, OPEN(), { after })) {
        if (found.length >= limit) break
        const row = await rows.get(tx, id)
        if (row !== undefined && isOpen(row)) found.push(row)
      }
      return found
    },

    /** Counts these; opens nothing that is sealed. */
    async counts(tx: Transaction, max = Infinity): Promise<HoldCounts> {
      const counts = { open: 0, waiting: 0, forbidden: 0, asking: 0 }
      for await (const id of idsBelow(tx, OPEN())) {
        if (counts.open >= max) break
        const clear = await rows.getClear(tx, id)
        if (clear === undefined || !isOpen({ clear })) continue
        counts.open += 1
        if (clear.asks) counts.asking += 1
        if (clear.until === null) counts.forbidden += 1
        else if (stands({ clear })) counts.waiting += 1
      }
      return counts
    },

    /** Closes what is over, and asks nobody: lists leave it out from now on. */
    close(tx: Transaction, row: HoldRow): void {
      if (!isOpen(row)) tx.delete(OPEN(row.id))
    },

    toNoticeHold({ clear, sealed }: HoldRow): NoticeHold {
      const { until, by, at, voice } = clear
      const { reason, theirNumber, proposal } = sealed
      return {
        state: until === null ? 'forbidden' : until > isoTime(clock.now()) ? 'waiting' : 'over',
        until,
        untilLocal: local(until),
        by,
        at,
        voice,
        reason,
        theirNumber,
        proposal: proposal && { ...proposal, untilLocal: local(proposal.until) },
      }
    },

    toPoliceHold(row: HoldRow): PoliceHold {
      const { since, longestUntil, ringAt } = row.clear
      return {
        caseId: row.id,
        ...records.toNoticeHold(row),
        since,
        longestUntil,
        ringsAt: ringAt,
        unheeded: row.sealed.unheeded,
      }
    },
  }
  return records

  function stands({ clear: { until } }: Pick<HoldRow, 'clear'>): boolean {
    return until === null || until > isoTime(clock.now())
  }

  function isOpen(row: Pick<HoldRow, 'clear'>): boolean {
    return row.clear.asks || stands(row)
  }

  function local(time: string | null): string | null {
    return time === null ? null : localTime(Date.parse(time), settings.timeZone)
  }
}

/** Twelve hours before the end, or half its time where it is shorter than a day. */
export function ringAtOf(fromMs: number, untilMs: number): string {
  const isShort = untilMs - fromMs < DAY_HOURS * HOUR_MS
  return isoTime(isShort ? (fromMs + untilMs) / 2 : untilMs - RING_HOURS * HOUR_MS)
}
