import type { Case } from '../../cases/index.ts'
import { HOUR_MS, isoTime } from '../../core/index.ts'
import type { RecipientRole } from '../../route/index.ts'
import type { Context, Transaction } from '../../store/index.ts'
import type { QueueHold, NoticeRow } from '../outbox.ts'
import { isAfterword } from '../notice.ts'
import { type HoldRecords, type HoldRow, ringAtOf } from './hold-records.ts'
import type { CurrentHold } from './hold-types.ts'

/** Who could warn an offender, or takes away what the police want to see first. */
const COULD_WARN: readonly RecipientRole[] = [
  ...(['host', 'platform', 'proxy', 'hotline', 'site-owner', 'registrar', 'upstream'] as const),
]
const DAY_HOURS = 24

export type StandingHolds = ReturnType<typeof createStandingHolds>

/** What holds the notices of a case: asked wherever one is written, let go, or handed over. */
export function createStandingHolds(
  { clock }: Pick<Context, 'clock'>,
  parts: { readonly records: HoldRecords; readonly settings: { readonly holdDaysMax: number } },
) {
  const { records, settings } = parts

  return {
    /** What waits for the police by the policy begins to wait, or waits as they have said since. */
    async begin(
      tx: Transaction,
      { id, reopened: round }: Pick<Case, 'id' | 'reopened'>,
      timeoutHours: number,
    ): Promise<QueueHold | null> {
      const known = await records.get(tx, id)
      const isOurs = known !== undefined && isOfRound(known, round)
      return asHold(isOurs ? known : fresh(tx, id, round, clock.now(), timeoutHours, known))
    },

    /** What `begin` would say now; changes nothing. */
    async wouldBe(
      tx: Transaction,
      { id, reopened: round }: Pick<Case, 'id' | 'reopened'>,
      timeoutHours: number,
    ): Promise<QueueHold | null> {
      const known = await records.get(tx, id)
      if (known !== undefined && isOfRound(known, round)) return asHold(known)
      const untilMs = clock.now() + timeoutHours * HOUR_MS
      return { heldFor: 'police', heldUntil: isoTime(untilMs) }
    },

    /** The holds on whoever the policy lets be told at once: what a person or the police have said themselves. */
    on,

    /** A notice that waited before there were records of holds gets one. */
    async adopt(tx: Transaction, { clear }: NoticeRow): Promise<void> {
      const { caseId, heldFor, heldUntil, queuedAt, round } = clear
      if (heldFor !== 'police' || heldUntil === null) return
      if ((await records.get(tx, caseId)) !== undefined) return
      const sinceMs = Date.parse(queuedAt)
      fresh(tx, caseId, round, sinceMs, (Date.parse(heldUntil) - sinceMs) / HOUR_MS, undefined)
    },

    /** What holds this notice now; null where it may go. */
    async of(tx: Transaction, { clear }: NoticeRow): Promise<QueueHold | null> {
      const { caseId, role, round, step, heldFor } = clear
      if (isAfterword(step)) return null
      if (heldFor !== 'police' && heldFor !== 'forbidden') return on(tx, caseId, round, role)
      const row = await records.get(tx, caseId)
      return row === undefined || !isOfRound(row, round) ? null : asHold(row)
    },

    /** When the host of a case is told unless somebody says otherwise; null where nothing waits for a time. */
    async toldAt(
      tx: Transaction,
      { id, reopened: round }: Pick<Case, 'id' | 'reopened'>,
    ): Promise<string | null> {
      const row = await records.get(tx, id)
      return row !== undefined && isOfRound(row, round) && records.stands(row)
        ? row.clear.until
        : null
    },

    /** When the police let it go before its time, or a person for them; null where they have not. */
    async releasedAt(
      tx: Transaction,
      { id, reopened: round }: Pick<Case, 'id' | 'reopened'>,
    ): Promise<string | null> {
      const row = await records.get(tx, id)
      if (row === undefined || !isOfRound(row, round)) return null
      const { voice, until, at } = row.clear
      return voice !== 'policy' && until === at ? at : null
    },

    /** What a letter to the police confirms. */
    async now(
      tx: Transaction,
      { id, reopened }: Pick<Case, 'id' | 'reopened'>,
    ): Promise<CurrentHold> {
      const known = await records.get(tx, id)
      const row = known !== undefined && isOfRound(known, reopened) ? known : undefined
      const hold = row === undefined ? null : asHold(row)
      const { proposal = null, theirNumber = null } = row?.sealed ?? {}
      return {
        state: hold === null ? 'free' : hold.heldFor === 'forbidden' ? 'forbidden' : 'waits',
        until: hold?.heldUntil ?? null,
        asked: proposal?.wish ?? null,
        askedUntil: proposal?.until ?? null,
        theirNumber,
      }
    },

    /** The number under which the police know a case, as far as they have said it; null where not. */
    async theirNumber(tx: Transaction, { id }: Pick<Case, 'id'>): Promise<string | null> {
      return (await records.get(tx, id))?.sealed.theirNumber ?? null
    },

    /** The record, and a fresh one that is over where nothing was ever held. */
    async need(tx: Transaction, entry: Pick<Case, 'id' | 'reopened'>): Promise<HoldRow> {
      const known = await records.get(tx, entry.id)
      if (known !== undefined && isOfRound(known, entry.reopened)) return known
      return fresh(tx, entry.id, entry.reopened, clock.now(), 0, known)
    },
  }

  async function on(
    tx: Transaction,
    caseId: string,
    round: number,
    role: RecipientRole,
  ): Promise<QueueHold | null> {
    if (!COULD_WARN.includes(role)) return null
    const row = await records.get(tx, caseId)
    const isSaid = row !== undefined && row.clear.voice !== 'policy' && isOfRound(row, round)
    return isSaid ? asHold(row) : null
  }

  function fresh(
    tx: Transaction,
    caseId: string,
    round: number,
    sinceMs: number,
    hours: number,
    before: HoldRow | undefined,
  ): HoldRow {
    const untilMs = sinceMs + hours * HOUR_MS
    const longestMs = sinceMs + settings.holdDaysMax * DAY_HOURS * HOUR_MS
    const since = isoTime(sinceMs)
    return records.put(tx, before, {
      id: caseId,
      clear: {
        round,
        since,
        until: isoTime(untilMs),
        longestUntil: isoTime(Math.max(longestMs, untilMs)),
        ringAt: untilMs > clock.now() ? ringAtOf(sinceMs, untilMs) : null,
        at: since,
        by: 'hindra',
        voice: 'policy',
        saidAt: null,
        asks: false,
      },
      sealed: {
        reason: null,
        theirNumber: before?.sealed.theirNumber ?? null,
        proposal: null,
        unheeded: before?.sealed.unheeded ?? [],
      },
    })
  }

  /** What somebody has said stands for its time, and what is forbidden for good, however often a case comes back. */
  function isOfRound(row: HoldRow, round: number): boolean {
    const { round: ofRound, voice } = row.clear
    return ofRound === round || (voice !== 'policy' && records.stands(row))
  }

  function asHold(row: HoldRow): QueueHold | null {
    const { until } = row.clear
    if (!records.stands(row)) return null
    return until === null
      ? { heldFor: 'forbidden', heldUntil: null }
      : { heldFor: 'police', heldUntil: until }
  }
}

export function couldWarn(role: RecipientRole): boolean {
  return COULD_WARN.includes(role)
}
