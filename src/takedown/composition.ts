import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, isoTime, putOff } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { confirmedLaws, isConfirmed, type Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Carriers } from './carriers.ts'
import { type EnvelopeRow, type Envelopes, toLetter } from './envelopes.ts'
import { MASKED_WORD, newReplyWord } from './holds/reply-word.ts'
import type { StandingHolds } from './holds/standing-holds.ts'
import type { Incomplete } from './incomplete.ts'
import { type Gather, isNamedAlways, type ToldNotice } from './letters/gather.ts'
import type { Draft, LetterWriter } from './letters/writer.ts'
import { type HoldFacts, type NoticeLine, type NoticePart, noticeLine } from './notice-part.ts'
import type { QueueHold, NoticeRow, Outbox } from './outbox.ts'
import type { Pace } from './pace.ts'
import { type StillKnown, standingCase } from './standing.ts'
import type { EmergencyStop } from './stop.ts'
import type { LadderStep, Letter } from './notice.ts'

const DAY_HOURS = 24
const NO_WORDS = { subject: '', body: '' } as const

/** Writes envelopes: what is in one when it commits may leave, and nothing else may. */
export function createComposition(
  { clock, newId, random }: Context,
  parts: {
    readonly outbox: Outbox
    readonly envelopes: Envelopes
    readonly cases: Cases
    readonly stillKnown: StillKnown
    readonly carriers: Pick<Carriers, 'compose' | 'attached' | 'lacks' | 'mayLeave' | 'hasWords'>
    readonly letters: LetterWriter
    readonly gather: Gather
    readonly incomplete: Pick<Incomplete, 'hold'>
    readonly notifier: { readonly organisation: string; readonly from: string }
    readonly router: Pick<Router, 'jurisdiction' | 'digitalServicesAct'>
    readonly pace: Pace
    readonly stop: EmergencyStop
    readonly standing: Pick<StandingHolds, 'of' | 'toldAt'>
    readonly settings: Pick<Config['takedown'], 'timeZone' | 'holdDaysMax'>
    /** Whether the notifier's name and address are in notices. */
    readonly named: boolean
  },
) {
  const { outbox, envelopes, cases, stillKnown, carriers, notifier, router } = parts
  const { pace, stop, standing, settings, letters, gather, incomplete, named } = parts

  return {
    /** Undefined where none of the notices may go out any more. */
    async compose(
      tx: Transaction,
      by: string,
      notices: readonly NoticeRow[],
    ): Promise<Letter | undefined> {
      if ((await stop.read(tx)) !== null) return undefined
      const told: ToldNotice[] = []
      for (const { id } of notices) {
        const row = await outbox.need(tx, id)
        if (row.clear.state !== 'queued') continue
        const fullMs = pace.isUrgent(row) ? undefined : await pace.fullUntil(tx, row.sealed.to)
        if (fullMs !== undefined) {
          outbox.change(tx, by, row, putOff(fullMs, clock.now()), { says: 'enough-today' })
          continue
        }
        const entry = await standingCase(tx, cases, stillKnown, row.clear)
        if (entry === undefined) {
          outbox.change(tx, by, row, { state: 'withdrawn' })
          continue
        }
        const hold = await standing.of(tx, row)
        if (hold !== null) {
          outbox.change(tx, by, row, { state: 'held', ...hold })
          continue
        }
        const one = { row, entry, line: await lineOf(tx, row, entry) }
        const missing = await lacks(tx, by, one)
        if (missing.length > 0) await incomplete.hold(tx, by, row, missing)
        else told.push(one)
      }
      if (!isSome(told)) return undefined
      const [{ row: first }] = told
      const { channel } = first.sealed.to
      const isMail = channel.kind === 'mail'
      const part = partOf(first, told, () => (isMail ? newReplyWord(random) : null))
      const words = carriers.hasWords(channel)
        ? letters.write(await gather.facts(tx, by, part, told))
        : undefined
      const letter = await carriers.compose(part, channel, words ?? NO_WORDS)
      envelopes.add(tx, letter, part, { words, wordExpiresAt: wordExpiresAt() })
      const { envelopeId, messageId } = letter
      for (const { row } of told) {
        const attempts = row.clear.attempts + 1
        const handedOver = {
          state: 'sending',
          envelopeId,
          messageId,
          attempts,
          retryAt: null,
          triedAt: part.composedAt,
        } as const
        outbox.change(tx, by, row, handedOver)
      }
      return letter
    },

    /**
     * Nobody heard what became of this envelope (a crash, a broken line): it goes again, the same
     * bytes under the same Message-ID, and its notices say that they may have gone twice. Where
     * one of them must not go any more it is taken apart instead; false then.
     */
    async sendAgain(tx: Transaction, by: string, envelope: EnvelopeRow): Promise<boolean> {
      if ((await stop.read(tx)) !== null) return false
      const rows = await Promise.all(envelope.clear.noticeIds.map((id) => outbox.need(tx, id)))
      const stands: boolean[] = []
      const holds: (QueueHold | null)[] = []
      for (const row of rows) {
        stands.push((await standingCase(tx, cases, stillKnown, row.clear)) !== undefined)
        holds.push(await standing.of(tx, row))
      }
      const possiblyDoubled = true
      const mayGo = holds.every((hold) => hold === null) && carriers.mayLeave(toLetter(envelope))
      if (stands.every(Boolean) && mayGo) {
        envelopes.change(tx, envelope, { uncertain: true, retryAt: null })
        for (const row of rows) {
          outbox.change(tx, by, row, { possiblyDoubled, attempts: row.clear.attempts + 1 })
        }
        return true
      }
      envelopes.drop(tx, envelope)
      for (const [position, row] of rows.entries()) {
        const hold = holds[position] ?? null
        const left =
          hold === null ? { state: 'queued' as const } : { state: 'held' as const, ...hold }
        const change = stands[position] === true ? left : { state: 'withdrawn' as const }
        const apart = { possiblyDoubled, envelopeId: null, messageId: null }
        outbox.change(tx, by, row, { ...change, ...apart })
      }
      return false
    },

    /** What a letter with this notice alone would say now. Throws LETTER_UNKNOWN. */
    async draft(tx: Transaction, by: string, row: NoticeRow): Promise<Draft> {
      return draftOf(tx, by, await toldOf(tx, row))
    },

    /** What its letter lacks, in the names of facts; of what is not written at all, that. */
    missing: async (tx: Transaction, by: string, row: NoticeRow): Promise<readonly string[]> =>
      lacks(tx, by, await toldOf(tx, row)),
  }

  async function toldOf(tx: Transaction, row: NoticeRow): Promise<ToldNotice> {
    const entry = await cases.read(tx, row.clear.caseId)
    return { row, entry, line: await lineOf(tx, row, entry) }
  }

  async function draftOf(tx: Transaction, by: string, one: ToldNotice): Promise<Draft> {
    const part = partOf(one.row, [one], () => MASKED_WORD)
    return letters.draft(await gather.facts(tx, by, part, [one]))
  }

  async function lacks(tx: Transaction, by: string, one: ToldNotice): Promise<readonly string[]> {
    const { to } = one.row.sealed
    const { channel } = to
    const unsaid = await carriers.lacks(
      partOf(one.row, [one], () => MASKED_WORD),
      to,
    )
    if (unsaid.length > 0 || !carriers.hasWords(channel)) return unsaid
    try {
      return (await draftOf(tx, by, one)).missing
    } catch (error) {
      if (error instanceof HindraError && error.code === 'LETTER_UNKNOWN') return [error.message]
      throw error
    }
  }

  /** @param replyWord Draws one, of whoever can answer by mail */
  function partOf(
    row: NoticeRow,
    told: readonly ToldNotice[],
    replyWord: () => string | null,
  ): NoticePart {
    const { clear, sealed } = row
    const notices = told.map(({ line }) => line)
    const { role, nature, language, jurisdiction, name, channel } = sealed.to
    const isNamed = named || isNamedAlways(role)
    const isUnderAct = nature === 'illegal' && isConfirmed(router.digitalServicesAct)
    const part = {
      schema: 'hindra-notice/1',
      envelopeId: newId(),
      step: clear.step,
      role,
      nature,
      composedAt: isoTime(clock.now()),
      legalBasis: isUnderAct ? 'Regulation (EU) 2022/2065, Article 16' : null,
      language,
      laws: confirmedLaws(router.jurisdiction(jurisdiction)).map((law) => law[language]),
      notifier: isNamed ? { organisation: notifier.organisation, contact: notifier.from } : null,
      provider: name,
      notices,
      hold: holdFacts(clear.step, role, notices, replyWord),
    } as const
    const isPlain = gather.urlForm(row) === 'plain'
    return { ...part, attached: isPlain ? carriers.attached(part, channel) : [] }
  }

  function holdFacts(
    step: LadderStep,
    role: string,
    notices: readonly NoticeLine[],
    replyWord: () => string | null,
  ): HoldFacts | null {
    const waits = notices.flatMap(({ hostToldAt }) => hostToldAt ?? []).sort()
    const [hostToldAt = null] = waits
    // What was confirmed can be changed by the next reply, as long as nobody was told.
    const isAsked = hostToldAt !== null || step === 'confirmation'
    if (role !== 'police' || !isAsked) return null
    return { hostToldAt, timeZone: settings.timeZone, replyWord: replyWord() }
  }

  /** No hold that one person can set ends later. */
  function wordExpiresAt(): string {
    return isoTime(clock.now() + settings.holdDaysMax * DAY_HOURS * HOUR_MS)
  }

  async function lineOf(tx: Transaction, row: NoticeRow, entry: Case): Promise<NoticeLine> {
    const { remindsOf, step, role } = row.clear
    const first = remindsOf === null ? undefined : await outbox.get(tx, remindsOf)
    const { messageId = null, sentAt = null } = first?.clear ?? {}
    const reminds =
      first === undefined || sentAt === null ? null : { noticeId: first.id, messageId, sentAt }
    const host = await cases.hostOf(tx, entry.id)
    const hostToldAt = role === 'police' ? await standing.toldAt(tx, entry) : null
    return noticeLine(entry, host, { id: row.id, step }, reminds, hostToldAt)
  }
}

function isSome(told: readonly ToldNotice[]): told is readonly [ToldNotice, ...ToldNotice[]] {
  return told.length > 0
}
