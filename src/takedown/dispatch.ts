import type { Config } from '../config.ts'
import { isoTime } from '../core/index.ts'
import type { Context } from '../store/index.ts'
import { destinationOf } from './addressee.ts'
import type { createComposition } from './composition.ts'
import { type Envelopes, toMail } from './envelopes.ts'
import { MailError } from './mail-error.ts'
import type { Outbox } from './outbox.ts'
import { type Pace } from './pace.ts'
import { type Packable, pack } from './packing.ts'
import type { createReaddress } from './readdress.ts'
import type { createSettlement } from './settlement.ts'
import type { EmergencyStop } from './stop.ts'
import type { Mail, MailTransport } from './types.ts'

export interface DispatchReport {
  readonly mailsSent: number
  readonly noticesSent: number
  /** One line each, without URLs. */
  readonly problems: readonly string[]
}

/**
 * Sends what is due: first the envelopes of which nobody heard what became of them, then queued
 * notices. Each envelope is committed before it is handed over and settled after the answer, so a
 * crash between the two leaves it open, and it is sent again. Not to be run twice at once.
 */
export function createDispatch(
  { store, clock }: Context,
  parts: {
    readonly outbox: Outbox
    readonly envelopes: Envelopes
    readonly composition: ReturnType<typeof createComposition>
    readonly settlement: ReturnType<typeof createSettlement>
    readonly readdress: ReturnType<typeof createReaddress>
    readonly transport: MailTransport
    readonly pace: Pace
    readonly stop: EmergencyStop
    readonly settings: Config['takedown']
  },
) {
  const { outbox, envelopes, composition, settlement, readdress, transport, pace, stop, settings } =
    parts

  return async function dispatch(by: string): Promise<DispatchReport> {
    const why = await stopped()
    if (why !== undefined) return { mailsSent: 0, noticesSent: 0, problems: [why] }
    const problems: string[] = []
    let mailsSent = 0
    let noticesSent = 0
    for await (const mail of mails(by, problems)) {
      const answer = await deliver(by, mail)
      if (typeof answer === 'number') {
        mailsSent += 1
        noticesSent += answer
        continue
      }
      problems.push(`mail ${mail.envelopeId}: ${answer.code}: ${answer.message}`)
      // The next mail would fare no better; the next run asks the relay again.
      if (answer.fault === 'unavailable') break
    }
    return { mailsSent, noticesSent, problems }
  }

  async function stopped(): Promise<string | undefined> {
    if (settings.stop) return 'takedown.stop is on: nothing is sent'
    const set = await stop.now()
    return set === null ? undefined : `stopped since ${set.at}: nothing is sent`
  }

  /** One after the other, each composed when its turn comes. */
  async function* mails(by: string, problems: string[]): AsyncIterable<Mail> {
    for (const id of await store.transact((tx) => envelopes.openIds(tx))) {
      const mail = await reopen(by, id)
      if (mail !== undefined) yield mail
    }
    const ready = await addressed(by, problems)
    for (const rows of pack(ready, settings.urlsPerMailMax)) {
      const mail = await store.transact((tx) => composition.compose(tx, by, rows))
      if (mail !== undefined) yield mail
    }
  }

  function reopen(by: string, id: string): Promise<Mail | undefined> {
    return store.transact(async (tx) => {
      const envelope = await envelopes.need(tx, id)
      const { retryAt } = envelope.clear
      if (retryAt !== null && retryAt > isoTime(clock.now())) return undefined
      return (await composition.sendAgain(tx, by, envelope)) ? toMail(envelope) : undefined
    })
  }

  async function addressed(by: string, problems: string[]): Promise<readonly Packable[]> {
    const now = isoTime(clock.now())
    const address = readdress(by)
    const ready: Packable[] = []
    const asked = new Set<string>()
    for (;;) {
      // Asking can queue more: the notice of whoever is to be told instead.
      const ids = (await dueIds(now)).filter((id) => !asked.has(id))
      if (ids.length === 0) return ready
      for (const id of ids) {
        asked.add(id)
        const answer = await address(id)
        if (typeof answer === 'string') problems.push(answer)
        else if (answer !== undefined) ready.push(answer)
      }
    }
  }

  async function dueIds(now: string): Promise<readonly string[]> {
    const quiet = pace.isQuiet()
    const due: string[] = []
    for await (const row of outbox.queued()) {
      const { retryAt } = row.clear
      const mayLeave = !quiet || pace.isUrgent(row)
      const isDue = retryAt === null || retryAt <= now
      if (isDue && mayLeave && destinationOf(row.sealed.to.channel) !== undefined) due.push(row.id)
    }
    return due
  }

  /** How many notices went out, or why none did. */
  async function deliver(by: string, mail: Mail): Promise<number | MailError> {
    try {
      await transport.send(mail)
    } catch (error) {
      // What is not the transport's own word leaves open whether it went.
      const failure =
        error instanceof MailError
          ? error
          : new MailError('unanswered', 'the mail transport failed', { cause: error })
      await store.transact((tx) => settlement.notSent(tx, by, mail.envelopeId, failure))
      return failure
    }
    return await store.transact((tx) => settlement.sent(tx, by, mail.envelopeId))
  }
}
