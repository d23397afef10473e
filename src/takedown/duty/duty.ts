import type { Audit } from '../../audit/index.ts'
import type { Config } from '../../config.ts'
import {
  backoffMs,
  isoTime,
  MINUTE_MS,
  repeat,
  SECOND_MS,
  singleFlight,
  stillWaits,
} from '../../core/index.ts'
import { HindraError, toHindraError } from '../../errors.ts'
import { type Context, type Transaction, untilChanged } from '../../store/index.ts'
import { DeliveryError } from '../delivery-error.ts'
import type { MailTransport } from '../notice.ts'
import { plainMail } from '../mail/plain-mail.ts'
import { CALLS_WAITING, type CallMailRow, type CallRow, createCallStore } from './call-store.ts'
import { callText } from './call-text.ts'
import {
  type CalledAbout,
  type Called,
  type CallReason,
  type CallReport,
  DESK,
  DIGEST,
} from './duty-types.ts'

/** Calls in one mail; what is more goes in another one at once. */
const CALLS_MAX = 1_000
const RETRIES = { firstMs: 15 * SECOND_MS, longestMs: 2 * MINUTE_MS } as const
/** Retries, and mails that bundle, fall due without a change of what waits. */
const LOOK_MS = SECOND_MS
const SYSTEM = 'hindra'

/**
 * Calls somebody at once, before and beside all notices: no hours of rest, no cap, no emergency stop and no
 * queue hold a call back. The first goes out by itself; those that follow within
 * `takedown.dutyBundleMinutes` share the next mail, which lists every one of them.
 */
export interface Duty {
  /**
   * Calls in the transaction that makes it necessary, so that no crash comes between. By default the desk is called;
   * whom no address reaches, the desk is asked to telephone.
   */
  call(
    tx: Transaction,
    by: string,
    reason: CallReason,
    about: CalledAbout,
    to?: readonly string[],
  ): void
  /**
   * Something waits for a person: the desk reads of it in a digest, at most one in `takedown.digestMinutes`, or at once
   * where it is urgent. Of what was said already nothing is said twice, unless it was taken back.
   */
  remind(tx: Transaction, about: CalledAbout, isUrgent: boolean): void
  /** It waits no more: no digest that is still to be written tells of it. */
  takeBack(tx: Transaction, about: CalledAbout): void
  /** Makes the calls that are due, and tries again what no relay took. */
  run(): Promise<CallReport>
  /** The same whenever one comes, until `close`. */
  runContinuously(onFailure: (error: unknown) => void): Promise<void>
  /** Calls that no relay has taken yet. */
  count(tx: Transaction): Promise<number>
  close(): Promise<void>
}

export interface DutyOptions {
  readonly settings: Pick<Config['takedown'], 'dutyBundleMinutes' | 'digestMinutes' | 'timeZone'>
  /** Who can be called; `duty` is the house's own desk, and `duty-digest` as it is told of what waits. */
  readonly called: readonly Called[]
  readonly organisation: string
  readonly from: string
  readonly transport: Pick<MailTransport, 'send'>
  /** Adds a signature (DKIM). */
  readonly sign: (message: Buffer) => Promise<Buffer>
}

export function createDuty(context: Context, audit: Audit, options: DutyOptions): Duty {
  const { store, clock, random, newId } = context
  const { settings, called, organisation, from, transport, sign } = options
  const calls = createCallStore(context)
  const stop = new AbortController()
  let loop: Promise<void> | undefined

  const run = singleFlight(round)

  async function round(): Promise<CallReport> {
    const report = { mails: 0, calls: 0, problems: [] as string[] }
    for (const one of called) {
      if (one.address === undefined) continue
      for (let mail = await due(one, one.address); mail; mail = await due(one, one.address)) {
        const answer = await deliver(mail)
        if (typeof answer === 'string') {
          report.problems.push(`call to ${one.name}: ${answer}`)
          break
        }
        report.mails += 1
        report.calls += answer
      }
    }
    return report
  }

  /** The mail whose turn it is: one that nobody took, else a new one of all that wait. */
  function due(to: Called, address: string): Promise<CallMailRow | undefined> {
    return store.transact(async (tx) => {
      const open = await calls.open(tx, to.name)
      if (open?.sealed.address === address) {
        const { retryAt, uncertain } = open.clear
        if (stillWaits(retryAt, clock.now(), RETRIES)) return undefined
        // What may lie in the mailbox already goes again as it was, or after a crash before any answer.
        if (uncertain || retryAt === null) return open
      }
      if (open !== undefined) await calls.takeApart(tx, open)
      const attempts = open?.clear.attempts ?? 0
      const waiting = await calls.waiting(tx, to.name, CALLS_MAX)
      if (waiting.length === 0) return undefined
      const isFull = waiting.length === CALLS_MAX
      if (!isFull && (await isBundling(tx, to.name, waiting))) return undefined
      const id = newId()
      const words = callText({
        to,
        organisation,
        contact: from,
        timeZone: settings.timeZone,
        calls: waiting.map(({ clear }) => clear),
      })
      const { messageId, mail } = plainMail(
        {
          id,
          from,
          organisation,
          to: address,
          language: to.language,
          at: isoTime(clock.now()),
          isUrgent: waiting.some(({ clear }) => clear.reason !== 'waits'),
        },
        words,
      )
      const raw = (await sign(await mail.build())).toString('latin1')
      const callIds = waiting.map((one) => one.id)
      return calls.compose(tx, id, to.name, attempts, { messageId, from, address, raw, callIds })
    })
  }

  /** Whether calls are bundled now: those of a digest also before its first mail, so that a flood is one. */
  async function isBundling(
    tx: Transaction,
    to: string,
    waiting: readonly CallRow[],
  ): Promise<boolean> {
    const last = await calls.lastAt(tx, to)
    const isPatient = waiting.every(({ clear }) => clear.reason === 'waits')
    const ms = (isPatient ? settings.digestMinutes : settings.dutyBundleMinutes) * MINUTE_MS
    const isSoonAfter = last !== undefined && isWithin(last, ms)
    return isSoonAfter || (isPatient && waiting.every(({ clear }) => isWithin(clear.at, ms)))
  }

  /** Whether it was less than so long ago: what lies in the future since a clock was set back was longer ago. */
  function isWithin(at: string, ms: number): boolean {
    const sinceMs = clock.now() - Date.parse(at)
    return sinceMs >= 0 && sinceMs < ms
  }

  /** How many calls it made, or why none. */
  async function deliver(mail: CallMailRow): Promise<number | string> {
    const { messageId, address, raw } = mail.sealed
    try {
      await transport.send({
        envelopeId: mail.id,
        messageId,
        channel: 'mail',
        from,
        to: address,
        raw: Buffer.from(raw, 'latin1'),
      })
    } catch (error) {
      const { message: why } = toHindraError(error)
      const uncertain = !(error instanceof DeliveryError) || error.fault === 'unanswered'
      const waitMs = backoffMs(mail.clear.attempts + 1, RETRIES, random)
      const retryAt = isoTime(clock.now() + waitMs)
      await store.transact((tx) => {
        calls.later(tx, mail, { retryAt, uncertain }, why)
        return Promise.resolve()
      })
      return why
    }
    return store.transact(async (tx) => {
      const made = await calls.sent(tx, mail)
      for (const { clear } of made) {
        const detail = { to: clear.to, reason: clear.reason, mail: mail.id }
        audit.append(tx, { by: SYSTEM, action: 'duty.called', subject: clear.about.id, detail })
      }
      return made.length
    })
  }

  async function follow(onFailure: (error: unknown) => void): Promise<void> {
    const stopping = stop.signal
    const turn = async () => {
      const since = store.version()
      const { problems } = await run()
      for (const problem of problems) onFailure(new HindraError('MAIL_FAILED', problem))
      const waited = AbortSignal.any([stopping, AbortSignal.timeout(LOOK_MS)])
      await untilChanged(store, CALLS_WAITING, since, waited)
    }
    return repeat(turn, { stopping, pauseMs: LOOK_MS, onFailure })
  }

  function isReached(name: string): boolean {
    return called.some((one) => one.name === name && one.address !== undefined)
  }

  return {
    call(tx, by, reason, about, to = [DESK]) {
      const telephone = to.filter((name) => name !== DESK && !isReached(name))
      const mailed = to.filter((name) => name !== DESK && isReached(name))
      // Nobody else could telephone them.
      const desk = to.includes(DESK) || telephone.length > 0 ? [DESK] : []
      for (const name of [...desk, ...mailed]) {
        calls.add(tx, { to: name, reason, about, telephone: name === DESK ? telephone : [] })
        const detail = { to: name, reason }
        audit.append(tx, { by, action: 'duty.call', subject: about.id, detail })
      }
    },
    remind(tx, about, isUrgent) {
      const reason = isUrgent ? 'waits-urgently' : 'waits'
      calls.add(tx, { to: DIGEST, reason, about, telephone: [] }, reminderOf(about))
    },
    takeBack(tx, about) {
      calls.takeBack(tx, DIGEST, reminderOf(about))
    },
    run,
    runContinuously(onFailure) {
      loop ??= follow(onFailure)
      return loop
    },
    count: (tx) => calls.count(tx),
    async close() {
      stop.abort()
      await loop
      await run.settled()
    },
  }
}

/** The call that a digest makes of it: the same whenever it is named, so that it is found without a search. */
function reminderOf({ kind, id }: CalledAbout): string {
  return `${kind}-${id}`
}
