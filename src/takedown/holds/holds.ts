import type { PersonLookUp } from '../../access/index.ts'
import type { Audit } from '../../audit/index.ts'
import type { Cases } from '../../cases/index.ts'
import { isoTime, localTime, momentsOf } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { Router } from '../../route/index.ts'
import type { Context, Transaction } from '../../store/index.ts'
import type { Duty } from '../duty/duty.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
import { createHoldActs, type HoldWord } from './hold-acts.ts'
import { createHoldRecords, type HoldRow } from './hold-records.ts'
import type { HoldChange, NoticeHold, PoliceHold, UnheededReason } from './hold-types.ts'
import { createLettingGo } from './letting-go.ts'
import { createRinging } from './ringing.ts'
import { createStandingHolds } from './standing-holds.ts'

export interface HoldSettings {
  readonly timeZone: string
  readonly holdDaysMax: number
}

export type Holds = ReturnType<typeof createHolds>

/** What waits for the police: who may be told when, who said so, and what asks for a person. */
export function createHolds(
  context: Context,
  audit: Audit,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly contacts: Router['contacts']
    readonly settings: HoldSettings
    readonly behind: PersonLookUp['behind']
    readonly duty: Pick<Duty, 'call'> | undefined
  },
) {
  const { store, clock } = context
  const { outbox, settings } = parts
  const records = createHoldRecords(context, settings)
  const standing = createStandingHolds(context, { records, settings })
  const acts = createHoldActs(context, audit, { ...parts, records, standing })
  const releaseDue = createLettingGo(context, { ...parts, records, standing })
  const ringDue = createRinging(context, audit, { ...parts, records })

  return {
    records,
    standing,
    acts,
    releaseDue,
    ringDue,

    /** What a person says of a case, or of the case of a notice. Throws NOT_FOUND, INVALID_INPUT, CONFLICT, SAME_PERSON. */
    async change(tx: Transaction, by: string, id: string, change: HoldChange): Promise<PoliceHold> {
      const caseId = await caseOf(tx, id)
      const { row, proposed } = await changed(tx, by, caseId, change)
      return { ...records.toPoliceHold(row), proposed }
    },

    momentOf,

    /** Throws NOT_FOUND. */
    get: (id: string): Promise<PoliceHold> =>
      store.transact(async (tx) => {
        const entry = await parts.cases.read(tx, await caseOf(tx, id))
        return records.toPoliceHold(await acts.known(tx, entry))
      }),

    /** Cases that wait, or ask for a person, in order of id. */
    list: (page: { readonly after?: string; readonly limit?: number } = {}) =>
      store.transact(async (tx) =>
        (await records.open(tx, page)).map((row) => records.toPoliceHold(row)),
      ),

    counts: (max?: number) => store.transact((tx) => records.counts(tx, max)),

    /** The hold of a notice that waits for the police, or did. */
    async shown(tx: Transaction, { clear }: NoticeRow): Promise<NoticeHold | null> {
      if (clear.heldFor !== 'police' && clear.heldFor !== 'forbidden') return null
      const row = await records.get(tx, clear.caseId)
      if (row !== undefined) return records.toNoticeHold(row)
      return null
    },
  }

  async function caseOf(tx: Transaction, id: string): Promise<string> {
    const notice = await outbox.get(tx, id)
    return notice?.clear.caseId ?? (await parts.cases.read(tx, id)).id
  }

  async function changed(
    tx: Transaction,
    by: string,
    caseId: string,
    change: HoldChange,
  ): Promise<{ row: HoldRow; proposed: boolean }> {
    const reason = 'reason' in change ? (change.reason ?? null) : null
    switch (change.act) {
      case 'confirm':
        return { row: await acts.confirm(tx, by, caseId), proposed: false }
      case 'reject':
        return { row: await acts.reject(tx, by, caseId, change.reason), proposed: false }
      case 'seen':
        return { row: await acts.seen(tx, by, caseId), proposed: false }
      default: {
        const until = change.act === 'wait' ? momentOf(change.until) : null
        const theirNumber = change.theirNumber ?? null
        const said = { by, voice: 'person', reason, theirNumber, saidAt: null } as const
        return spoken(tx, caseId, { ...said, wish: change.act, until })
      }
    }
  }

  async function spoken(tx: Transaction, caseId: string, word: HoldWord) {
    const answer = await acts.say(tx, caseId, word)
    if (answer.done === null) throw refused(answer.why, answer.hostToldAt)
    return { row: answer.row, proposed: answer.done === 'proposed' }
  }

  /** The one moment that a person means. Throws INVALID_INPUT. */
  function momentOf(text: string): string {
    const { timeZone } = settings
    const moments = momentsOf(text, timeZone)
    const field = { field: 'until' }
    if (moments === undefined) {
      const form = '"2026-12-01 12:00" in the time of the house, or "2026-12-01T12:00+01:00"'
      throw new HindraError('INVALID_INPUT', { says: 'time-form', form }, field)
    }
    const [first, second] = moments
    if (first === undefined) {
      throw new HindraError('INVALID_INPUT', { says: 'time-skipped', zone: timeZone }, field)
    }
    if (second !== undefined) {
      const both = moments.map((ms) => localTime(ms, timeZone)).join(' or ')
      const say = `say which with an offset, as in ${isoTime(first).slice(0, 16)}Z`
      throw new HindraError('INVALID_INPUT', `that time comes twice, ${both}: ${say}`, field)
    }
    return isoTime(first)
  }

  function refused(why: UnheededReason, hostToldAt: string | null): HindraError {
    if (why === 'past') {
      const now = localTime(clock.now(), settings.timeZone)
      return new HindraError(
        'INVALID_INPUT',
        { says: 'time-past', now },
        {
          field: 'until',
        },
      )
    }
    const told =
      hostToldAt === null ? '' : ` at ${localTime(Date.parse(hostToldAt), settings.timeZone)}`
    if (why === 'too-late') return new HindraError('CONFLICT', { says: 'hold-too-late', told })
    return new HindraError('CONFLICT', {
      says: why === 'undecided' ? 'hold-undecided' : 'hold-none',
    })
  }
}
