import type { Config } from '../config.ts'
import { despiteFaults, inOrder, isPutOff, type Unless } from '../core/index.ts'
import type { Context } from '../store/index.ts'
import type { Carriers } from './carriers.ts'
import type { createComposition } from './composition.ts'
import { type Envelopes, toLetter } from './envelopes.ts'
import { DeliveryError } from './delivery-error.ts'
import type { NoticeRow, Outbox } from './outbox.ts'
import { type Pace } from './pace.ts'
import { type Packable, pack } from './packing.ts'
import { type createReaddress, LOOKED_AT_ONCE } from './readdress.ts'
import type { createSettlement } from './settlement.ts'
import type { EmergencyStop } from './stop.ts'
import type { Letter } from './notice.ts'

/**
 * So many letters leave, or fail to, before it is asked anew what is due: what came in meanwhile may be more urgent than
 * thousands that wait, and a letter takes a good tenth of a second.
 */
const LETTERS_AT_A_TIME = 200

export interface DispatchReport {
  readonly mailsSent: number
  /** Notices to webhooks and APIs. */
  readonly postsSent: number
  readonly noticesSent: number
  /** Whether it is a time of rest: what is not urgent waits for its end. */
  readonly isQuiet: boolean
  /** Whether it ended early, perhaps with more that is due: what is more urgent by now comes first. */
  readonly isMore: boolean
  /** One line each, without URLs. */
  readonly problems: readonly string[]
}

/**
 * Sends what is due, so many letters of it: first the envelopes of which nobody heard what became of them, then queued
 * notices. Each envelope is committed before it is handed over and settled after the answer, so a
 * crash between the two leaves it open, and it is sent again. Where the process ends the letter under way is the last.
 * Not to be run twice at once.
 */
export function createDispatch(
  { store, clock }: Context,
  parts: {
    readonly outbox: Outbox
    readonly envelopes: Envelopes
    readonly composition: ReturnType<typeof createComposition>
    readonly settlement: ReturnType<typeof createSettlement>
    readonly readdress: ReturnType<typeof createReaddress>
    readonly carriers: Carriers
    readonly pace: Pace
    readonly stop: EmergencyStop
    readonly isEnding: () => boolean
    readonly settings: Config['takedown']
  },
) {
  const { outbox, envelopes, composition, settlement, readdress, carriers, pace, stop, settings } =
    parts
  const { isEnding } = parts

  return function dispatch(by: string): Promise<DispatchReport> {
    return despiteFaults((unless) => dispatchUnless(by, unless))
  }

  async function dispatchUnless(by: string, unless: Unless): Promise<DispatchReport> {
    const why = await stopped()
    const sent = { mailsSent: 0, postsSent: 0, noticesSent: 0, isQuiet: pace.isQuiet() }
    if (why !== undefined) return { ...sent, isMore: false, problems: [why] }
    const problems: string[] = []
    const away = new Set<Letter['channel']>()
    let tried = 0
    for await (const letter of letters(by, problems, away, unless)) {
      const { channel, envelopeId } = letter
      const answer = await unless(() => deliver(by, letter))
      if (typeof answer === 'number') {
        sent[channel === 'mail' ? 'mailsSent' : 'postsSent'] += 1
        sent.noticesSent += answer
      } else if (answer !== undefined) {
        problems.push(`${channel} ${envelopeId}: ${answer.code}: ${answer.message}`)
        // The next one would fare no better; the next run asks again.
        if (answer.fault === 'unavailable') away.add(channel)
      }
      tried += 1
      if (tried === LETTERS_AT_A_TIME) return { ...sent, isMore: true, problems }
    }
    return { ...sent, isMore: false, problems }
  }

  async function stopped(): Promise<string | undefined> {
    if (settings.stop) return 'takedown.stop is on: nothing is sent'
    const set = await stop.now()
    return set === null ? undefined : `stopped since ${set.at}: nothing is sent`
  }

  /** One after the other, each composed when its turn comes. */
  async function* letters(
    by: string,
    problems: string[],
    away: ReadonlySet<Letter['channel']>,
    unless: Unless,
  ): AsyncIterable<Letter> {
    for (const id of await store.transact((tx) => envelopes.openIds(tx))) {
      if (isEnding()) return
      const letter = await unless(() => reopen(by, id, away))
      if (letter !== undefined) yield letter
    }
    const address = readdress(by)
    const asked = new Set<string>()
    for (;;) {
      // Asking can queue more: the notice of whoever is to be told instead.
      const due = (await dueRows(away)).filter(({ id }) => !asked.has(id))
      if (due.length === 0) return
      for (const { id } of due) asked.add(id)
      const looked = (id: string) => unless(() => address(id))
      const ready = addressed(byRecipient(due), looked, problems, away)
      for await (const together of pack(ready, settings.urlsPerMailMax)) {
        if (isEnding()) return
        if (together.some(({ clear }) => away.has(clear.channel))) continue
        const letter = await unless(() =>
          store.transact((tx) => composition.compose(tx, by, together)),
        )
        if (letter !== undefined) yield letter
      }
    }
  }

  function reopen(
    by: string,
    id: string,
    away: ReadonlySet<Letter['channel']>,
  ): Promise<Letter | undefined> {
    return store.transact(async (tx) => {
      const envelope = await envelopes.need(tx, id)
      if (away.has(envelope.clear.channel) || isPutOff(envelope.clear, clock.now()))
        return undefined
      return (await composition.sendAgain(tx, by, envelope)) ? toLetter(envelope) : undefined
    })
  }

  /** Each is looked at a little before its turn comes: a letter does not wait until all that is due has been. */
  async function* addressed(
    rows: readonly NoticeRow[],
    address: (id: string) => Promise<Packable | string | undefined>,
    problems: string[],
    away: ReadonlySet<Letter['channel']>,
  ): AsyncIterable<Packable> {
    const unlessAway = ({ id, clear }: NoticeRow) =>
      isEnding() || away.has(clear.channel) ? Promise.resolve(undefined) : address(id)
    for await (const answer of inOrder(rows, LOOKED_AT_ONCE, unlessAway)) {
      if (typeof answer === 'string') problems.push(answer)
      else if (answer !== undefined) yield answer
    }
  }

  /** The notices that may leave now, by the priority that the policy gives and then as they were queued. */
  async function dueRows(away: ReadonlySet<Letter['channel']>): Promise<readonly NoticeRow[]> {
    const nowMs = clock.now()
    const quiet = pace.isQuiet()
    const due: NoticeRow[] = []
    for await (const row of outbox.queued()) {
      const { channel, step } = row.clear
      if (away.has(channel) || !carriers.carries(row.sealed.to, step)) continue
      const mayLeave = !quiet || pace.isUrgent(row)
      if (mayLeave && !isPutOff(row.clear, nowMs)) due.push(row)
    }
    return due.sort((one, other) => one.sealed.to.priority - other.sealed.to.priority)
  }

  /** How many notices went out, or why none did. */
  async function deliver(by: string, letter: Letter): Promise<number | DeliveryError> {
    let response: string
    const sure = () => store.sure()
    await sure()
    try {
      ;({ response } = await carriers.send(letter, sure))
    } catch (error) {
      // What is not the transport's own word leaves open whether it went.
      const failure =
        error instanceof DeliveryError
          ? error
          : new DeliveryError('unanswered', 'the transport failed', { cause: error })
      await store.transact((tx) => settlement.notSent(tx, by, letter.envelopeId, failure))
      return failure
    }
    return await store.transact((tx) => settlement.sent(tx, by, letter.envelopeId, response))
  }
}

/** Notices of one recipient stand together, and recipients in the order of the first notice of each. */
function byRecipient(rows: readonly NoticeRow[]): readonly NoticeRow[] {
  const groups = new Map<string, NoticeRow[]>()
  for (const row of rows) {
    const { key } = row.sealed.to
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()].flat()
}
