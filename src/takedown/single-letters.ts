import type { Confidence, RecipientKey } from '../confidence/index.ts'
import type { Config } from '../config.ts'
import {
  backoffMs,
  HOUR_MS,
  isoTime,
  isPutOff,
  MINUTE_MS,
  putOff,
  type PutOff,
} from '../core/index.ts'
import { returnAddress } from '../mails/index.ts'
import { type Context, type Row, take, type Transaction } from '../store/index.ts'
import { DeliveryError, deliveryFault } from './delivery-error.ts'
import { faultText, keptFault, type NoticeFault } from './notice-faults.ts'
import type { LetterText } from './letters/writer.ts'
import { enclose } from './mail/enclosed.ts'
import { plainMail } from './mail/plain-mail.ts'
import type { Language, MailTransport } from './notice.ts'
import type { EmergencyStop } from './stop.ts'

const RETRY_LONGEST_MS = HOUR_MS

/** Where a letter that is no notice stands on its way. */
export interface SingleLetterState {
  /**
   * `queued`: it waits to leave, or for a person where it leaves by hand. `told`: a relay took it, or a person told it.
   */
  readonly state: 'queued' | 'told'
  /** By hand where no address is known, or where the address did not take it. */
  readonly channel: 'mail' | 'by-hand'
  readonly language: Language
  readonly queuedAt: string
  readonly toldAt: string | null
  /** How often a relay was asked to take it. */
  readonly attempts: number
  /** Handed over without an answer being heard: it may have gone twice. */
  readonly possiblyDoubled: boolean
}

const NO_MAIL: NoticeFault = { says: 'no-mail-there' }
const KEY_OVER: NoticeFault = { says: 'key-over' }
const CAME_BACK: NoticeFault = { says: 'letter-came-back' }

export interface SingleLetterClear extends SingleLetterState, PutOff {
  /** Handed over, and no answer written down yet: a crash may have come between. */
  readonly isOut: boolean
  readonly isUrgent: boolean
}

export interface SingleLetterSealed extends LetterText {
  /** Null where it goes by hand. */
  readonly address: string | null
  readonly lastError: string | null
  /** The same in no language; absent in records of before it was kept. */
  readonly fault?: NoticeFault | null
}

/** What carries letters that are no notices. */
export interface LetterCarriers {
  readonly stop: EmergencyStop
  readonly settings: Pick<Config['takedown'], 'stop' | 'retryMinutes'>
  readonly mail: Pick<Config['mail'], 'organisation' | 'from' | 'returnPath'>
  readonly transport: Pick<MailTransport, 'send'>
  readonly confidence: Confidence
  readonly sign: (message: Buffer) => Promise<Buffer>
  readonly isEnding: () => boolean
}

/** The table of one kind of such letters, by the ids of their mails. */
interface LetterRows<Found extends Row<SingleLetterClear, SingleLetterSealed>> {
  get(tx: Transaction, id: string): Promise<Found | undefined>
  need(tx: Transaction, id: string): Promise<Found>
  change(tx: Transaction, before: Found, after: Found): void
  readonly by: {
    /** What a machine has to hand over. */
    readonly due: { rows(tx: Transaction, place: readonly []): AsyncIterable<Found> }
  }
}

/** What of its letters a kind does itself. */
interface LetterKindActs<Found> {
  /** What a problem calls it: `letter about tip ID`. */
  named(row: Found): string
  /** From now on a person is to tell it. */
  byHand(tx: Transaction, by: string, row: Found): Promise<void>
  /** Somebody has been told by it. */
  told(tx: Transaction, by: string, row: Found): void
}

/** How a letter is as it is put down: nobody has been asked to take it yet. */
export function unsentWay(
  how: { readonly language: Language; readonly isMailed: boolean; readonly isUrgent: boolean },
  nowMs: number,
): SingleLetterClear {
  const { language, isMailed, isUrgent } = how
  return {
    state: 'queued',
    channel: isMailed ? 'mail' : 'by-hand',
    language,
    queuedAt: isoTime(nowMs),
    toldAt: null,
    attempts: 0,
    possiblyDoubled: false,
    retryAt: null,
    isOut: false,
    isUrgent,
  }
}

export function wayOf(clear: SingleLetterClear): SingleLetterState {
  const { state, channel, language, queuedAt, toldAt, attempts, possiblyDoubled } = clear
  return { state, channel, language, queuedAt, toldAt, attempts, possiblyDoubled }
}

/**
 * Carries letters that are no notices: each is written when a person decides it, and leaves with the next round as it
 * was written: the same words under the same Message-ID, however often it must be tried, and the same bytes where they
 * are not encrypted. Where no address is known, the address takes none, or its key is good no more, a person tells it.
 */
export function createSingleLetters<Found extends Row<SingleLetterClear, SingleLetterSealed>>(
  { store, clock, random }: Pick<Context, 'store' | 'clock' | 'random'>,
  table: LetterRows<Found>,
  { stop, settings, mail, transport, confidence, sign, isEnding }: LetterCarriers,
  acts: LetterKindActs<Found>,
) {
  return { takesMail, dispatch, told, bounced, isLetter }

  /** Sends what is due, one after the other, until the process ends. Not to be run twice at once. */
  async function dispatch(
    by: string,
  ): Promise<{ readonly sent: number; readonly problems: string[] }> {
    const report = { sent: 0, problems: [] as string[] }
    if (settings.stop) return report
    for (const { id } of await store.transact((tx) => take(table.by.due.rows(tx, [])))) {
      if (isEnding()) break
      const row = await handedOut(id)
      if (row === undefined) continue
      const problem = await deliver(by, row)
      if (problem === undefined) report.sent += 1
      else report.problems.push(`${acts.named(row)}: ${problem}`)
    }
    return report
  }

  /** It came back: a person tells it now. False where it is none of these letters. */
  async function bounced(tx: Transaction, by: string, id: string): Promise<boolean> {
    const row = await table.get(tx, id)
    if (row === undefined) return false
    await toHand(tx, by, row, CAME_BACK)
    return true
  }

  async function isLetter(tx: Transaction, id: string): Promise<boolean> {
    return (await table.get(tx, id)) !== undefined
  }

  /** Whether letters go there by mail at all: encrypted where a key is known. */
  function takesMail(address: string): boolean {
    return !confidence.isPortalOnly(address)
  }

  /** The letter whose turn it is, written down as handed over; undefined for one that waits or went meanwhile. */
  function handedOut(id: string): Promise<Found | undefined> {
    return store.transact(async (tx) => {
      const row = await table.get(tx, id)
      if (row?.clear.state !== 'queued' || row.clear.channel !== 'mail') return undefined
      if (isPutOff(row.clear, clock.now())) return undefined
      if ((await stop.read(tx)) !== null) return undefined
      const { attempts, possiblyDoubled, isOut } = row.clear
      return changed(tx, row, {
        attempts: attempts + 1,
        isOut: true,
        possiblyDoubled: possiblyDoubled || isOut,
      })
    })
  }

  /** Why it did not go. */
  async function deliver(by: string, row: Found): Promise<string | undefined> {
    const { address, subject, body } = row.sealed
    const { language, queuedAt, isUrgent } = row.clear
    const { from, organisation, returnPath } = mail
    const to = address ?? ''
    if (!takesMail(to)) {
      return notSent(
        by,
        row.id,
        new DeliveryError('refused', faultText(NO_MAIL), { kept: NO_MAIL }),
      )
    }
    const {
      messageId,
      mail: message,
      outside,
    } = plainMail(
      { id: row.id, from, organisation, to, language, at: queuedAt, isUrgent },
      { subject, body },
    )
    const sure = () => store.sure()
    await sure()
    try {
      const readable = await message.build()
      const key = confidence.keyFor(to)
      const raw =
        key === undefined ? readable : await enclosedFor(key, { id: row.id, readable, outside })
      const letter = {
        envelopeId: row.id,
        messageId,
        channel: 'mail',
        from: returnPath === undefined ? from : returnAddress(returnPath, row.id),
        to,
        raw: await sign(raw),
      } as const
      await transport.send(letter, sure)
    } catch (error) {
      return notSent(by, row.id, error)
    }
    await store.transact(async (tx) => told(tx, by, await table.need(tx, row.id)))
    return undefined
  }

  /** For its reader alone. Throws a refusal where the key is good no more: it then leaves in no other way. */
  async function enclosedFor(
    key: RecipientKey,
    mailed: {
      readonly id: string
      readonly readable: Uint8Array
      readonly outside: ReturnType<typeof plainMail>['outside']
    },
  ): Promise<Buffer> {
    const { id, readable, outside } = mailed
    try {
      return await enclose(readable, outside, { key, nowMs: clock.now() }, id)
    } catch (cause) {
      throw new DeliveryError('refused', faultText(KEY_OVER), { kept: KEY_OVER, cause })
    }
  }

  async function notSent(by: string, id: string, error: unknown): Promise<string> {
    const failure =
      error instanceof DeliveryError
        ? error
        : new DeliveryError('unanswered', 'the transport failed', { cause: error })
    const { fault } = failure
    const why = deliveryFault(failure)
    return store.transact(async (tx) => {
      const row = await table.need(tx, id)
      if (fault === 'refused') {
        await toHand(tx, by, row, why)
        return 'refused: a person is to tell it'
      }
      const waits = { firstMs: settings.retryMinutes * MINUTE_MS, longestMs: RETRY_LONGEST_MS }
      const nowMs = clock.now()
      const waiting = putOff(nowMs + backoffMs(row.clear.attempts, waits, random), nowMs)
      changed(tx, row, { ...waiting, isOut: fault === 'unanswered' }, why)
      return fault
    })
  }

  async function toHand(tx: Transaction, by: string, row: Found, why: NoticeFault): Promise<void> {
    const open = { state: 'queued', channel: 'by-hand', toldAt: null, isOut: false } as const
    await acts.byHand(tx, by, changed(tx, row, open, why))
  }

  function told(tx: Transaction, by: string, row: Found): Found {
    acts.told(tx, by, row)
    return changed(tx, row, { state: 'told', toldAt: isoTime(clock.now()), isOut: false })
  }

  function changed(
    tx: Transaction,
    row: Found,
    clear: Partial<SingleLetterClear>,
    fault?: NoticeFault | null,
  ): Found {
    const next = {
      ...row,
      clear: { ...row.clear, ...clear },
      sealed: { ...row.sealed, ...keptFault(fault) },
    }
    table.change(tx, row, next)
    return next
  }
}
