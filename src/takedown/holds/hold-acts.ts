import { assertTwoPersons, type PersonLookUp } from '../../access/index.ts'
import { isAfterword } from '../notice.ts'
import type { Audit } from '../../audit/index.ts'
import type { Case, Cases } from '../../cases/index.ts'
import { isoTime } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { Context, Transaction } from '../../store/index.ts'
import { type NoticeClear, type NoticeRow, type Outbox, releasedBy } from '../outbox.ts'
import { type HoldRecords, type HoldRow, ringAtOf } from './hold-records.ts'
import type { HoldVoice, HoldWish, UnheededReason } from './hold-types.ts'
import { NOT_HELD } from './letting-go.ts'
import { couldWarn, type StandingHolds } from './standing-holds.ts'

/** What somebody wants of a hold, and how they said it. */
export interface HoldWord {
  readonly wish: HoldWish
  /** UTC ISO 8601; of `wait` alone. */
  readonly until: string | null
  /** Principal id, or `police`. */
  readonly by: string
  readonly voice: Exclude<HoldVoice, 'policy'>
  readonly reason: string | null
  readonly theirNumber: string | null
  /** The `Date` of the mail. */
  readonly saidAt: string | null
}

/** Done, waiting for a second person, or why neither. */
export type HoldAnswer =
  | { readonly done: 'now' | 'proposed'; readonly row: HoldRow }
  | { readonly done: null; readonly why: UnheededReason; readonly hostToldAt: string | null }

/**
 * The one door through which a hold changes: the record of the case and its notices in one transaction. Past
 * the longest time that policy allows, and to forbid, a second person agrees; until then it waits no
 * shorter than before, and no longer than that.
 */
export function createHoldActs(
  { clock }: Pick<Context, 'clock'>,
  audit: Audit,
  parts: {
    readonly outbox: Outbox
    readonly cases: Pick<Cases, 'read' | 'alertHold'>
    readonly records: HoldRecords
    readonly standing: StandingHolds
    readonly behind: PersonLookUp['behind']
  },
) {
  const { outbox, cases, records, standing, behind } = parts

  return {
    async say(tx: Transaction, caseId: string, word: HoldWord): Promise<HoldAnswer> {
      const entry = await cases.read(tx, caseId)
      const row = await known(tx, entry)
      const why = await refusal(tx, entry, row, word)
      if (why !== undefined) return why
      if (!needsSecond(row, word)) {
        return { done: 'now', row: await settle(tx, entry, row, word, word.by) }
      }
      return { done: 'proposed', row: await propose(tx, entry, row, word) }
    },

    /** Another person agrees to what was proposed. Throws CONFLICT, SAME_PERSON. */
    async confirm(tx: Transaction, by: string, caseId: string): Promise<HoldRow> {
      const entry = await cases.read(tx, caseId)
      const { row, proposal } = await proposed(tx, caseId)
      const acted = { first: proposal.by, second: by }
      await assertTwoPersons(tx, behind, acted, 'whoever proposed it does not agree to it as well')
      if (proposal.until !== null && proposal.until <= isoTime(clock.now())) {
        throw new HindraError('CONFLICT', { says: 'hold-proposal-over' })
      }
      return settle(tx, entry, row, { ...proposal, saidAt: null }, by)
    },

    /** What was proposed does not come about; the hold stands as it is. Throws CONFLICT. */
    async reject(tx: Transaction, by: string, caseId: string, reason: string): Promise<HoldRow> {
      const { row, proposal } = await proposed(tx, caseId)
      audit.append(tx, {
        by,
        action: 'hold.reject',
        subject: caseId,
        detail: { wish: proposal.wish },
      })
      return records.put(tx, row, { ...row, sealed: { ...row.sealed, proposal: null, reason } })
    },

    /** A person has read the replies that changed nothing. */
    async seen(tx: Transaction, by: string, caseId: string): Promise<HoldRow> {
      const row = await known(tx, await cases.read(tx, caseId))
      audit.append(tx, { by, action: 'hold.seen', subject: caseId })
      return records.put(tx, row, { ...row, sealed: { ...row.sealed, unheeded: [] } })
    },

    known,
  }

  async function known(tx: Transaction, entry: Case): Promise<HoldRow> {
    for (const notice of await notices(tx, entry)) await standing.adopt(tx, notice)
    return standing.need(tx, entry)
  }

  /** Notices of this opening of the case, about which the police have a say. */
  async function notices(tx: Transaction, entry: Case): Promise<readonly NoticeRow[]> {
    const rows = await outbox.list(tx, { caseId: entry.id, limit: Infinity })
    return rows.filter(({ clear }) => {
      const { heldFor, role, round, step } = clear
      if (round !== entry.reopened || isAfterword(step)) return false
      return couldWarn(role) || heldFor === 'police' || heldFor === 'forbidden'
    })
  }

  async function refusal(
    tx: Transaction,
    entry: Case,
    row: HoldRow,
    { wish, until: wanted, voice, saidAt }: HoldWord,
  ): Promise<Extract<HoldAnswer, { done: null }> | undefined> {
    const no = (why: UnheededReason, hostToldAt: string | null = null) =>
      ({ done: null, why, hostToldAt }) as const
    if (wanted !== null && wanted <= isoTime(clock.now())) return no('past')
    const { until, saidAt: lastSaidAt } = row.clear
    if (voice === 'reply' && saidAt !== null && lastSaidAt !== null && saidAt < lastSaidAt) {
      return no('superseded')
    }
    const isSooner = wish === 'release' || (wanted !== null && (until === null || wanted < until))
    if (row.sealed.proposal !== null && isSooner) return no('undecided')
    const rows = await notices(tx, entry)
    const isHeld = records.stands(row) || rows.some(({ clear }) => clear.heldFor === 'police')
    // What is under way may not have left: where it did not, it is not sent again.
    const isOpen = rows.some((notice) => canWait(notice) || notice.clear.state === 'sending')
    if (wish === 'release' ? isHeld : isOpen) return undefined
    const told = rows.flatMap(({ clear: { sentAt } }) => sentAt ?? []).sort()
    // A person can hold what would follow, and what has no host yet; the police, while nobody was told.
    if (wish !== 'release' && (voice === 'person' || told.length === 0)) return undefined
    return told.length > 0 ? no('too-late', told[0]) : no('nothing-held')
  }

  /** Lifting what is forbidden takes the act of a person, whoever asks for it. */
  function needsSecond({ clear }: HoldRow, { wish, until, voice }: HoldWord): boolean {
    if (clear.until === null) return wish !== 'forbid' && voice === 'reply'
    return wish === 'forbid' || (until !== null && until > clear.longestUntil)
  }

  async function propose(
    tx: Transaction,
    entry: Case,
    row: HoldRow,
    word: HoldWord,
  ): Promise<HoldRow> {
    const { clear, sealed } = row
    const { wish, until: wanted, by, voice, reason, theirNumber, saidAt } = word
    const at = isoTime(clock.now())
    const proposal = { wish, until: wanted, at, by, voice, reason, theirNumber }
    const { until: before, longestUntil } = clear
    const isLonger = before !== null && wish !== 'release' && before < longestUntil
    const until = isLonger ? longestUntil : before
    const said = isLonger ? { at, by, voice, until, ringAt: ringAt(until, clear) } : {}
    const next = records.put(tx, row, {
      id: row.id,
      clear: { ...clear, ...said, saidAt: saidAt ?? clear.saidAt },
      sealed: { ...sealed, proposal, theirNumber: theirNumber ?? sealed.theirNumber },
    })
    const detail = { wish, until: wanted, voice }
    audit.append(tx, { by, action: 'hold.propose', subject: row.id, detail })
    await cases.alertHold(tx, row.id, 'hold-asks', { until, why: 'proposed' })
    if (isLonger) await follow(tx, by, entry, next)
    return next
  }

  async function settle(
    tx: Transaction,
    entry: Case,
    row: HoldRow,
    word: Omit<HoldWord, 'voice'> & { readonly voice: HoldVoice },
    actor: string,
  ): Promise<HoldRow> {
    const { wish, by, voice, reason, theirNumber, saidAt } = word
    const at = isoTime(clock.now())
    const until = wish === 'release' ? at : word.until
    const { clear, sealed } = row
    const next = records.put(tx, row, {
      id: row.id,
      clear: {
        ...clear,
        at,
        by,
        voice,
        until,
        saidAt: saidAt ?? clear.saidAt,
        ringAt: wish === 'wait' ? ringAt(until, clear) : null,
      },
      sealed: {
        ...sealed,
        reason,
        proposal: null,
        theirNumber: theirNumber ?? sealed.theirNumber,
        unheeded: voice === 'person' ? [] : sealed.unheeded,
      },
    })
    const detail = { until, voice, ...(actor === by ? {} : { proposedBy: by }) }
    audit.append(tx, { by: actor, action: `hold.${wish}`, subject: row.id, detail })
    await follow(tx, actor, entry, next)
    return next
  }

  /** Lets its notices wait, or go, as the record says now. */
  async function follow(tx: Transaction, by: string, entry: Case, row: HoldRow): Promise<void> {
    const { until } = row.clear
    const change: Partial<NoticeClear> = !records.stands(row)
      ? { state: 'queued', ...NOT_HELD }
      : {
          state: 'held',
          heldFor: until === null ? 'forbidden' : 'police',
          heldUntil: until,
        }
    for (const notice of await notices(tx, entry)) {
      if (!canWait(notice)) continue
      const isLetGo = notice.clear.state === 'held' && change.state === 'queued'
      const released = isLetGo ? releasedBy(notice, row.clear.by, by) : {}
      outbox.change(tx, by, notice, { ...change, ...released })
    }
  }

  async function proposed(tx: Transaction, caseId: string) {
    const row = await records.get(tx, caseId)
    const proposal = row?.sealed.proposal ?? null
    if (row === undefined || proposal === null) {
      throw new HindraError('CONFLICT', { says: 'hold-proposal-none' })
    }
    return { row, proposal }
  }

  function ringAt(until: string | null, before: HoldRow['clear']): string | null {
    if (until === null) return null
    return until === before.until ? before.ringAt : ringAtOf(clock.now(), Date.parse(until))
  }
}

/** Nobody has been handed it, and it waits for no approval. */
function canWait({ clear: { state, heldFor } }: NoticeRow): boolean {
  return state === 'queued' || (state === 'held' && heldFor !== 'approval')
}
