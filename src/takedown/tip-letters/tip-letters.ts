import type { Audit } from '../../audit/index.ts'
import type { Confidence } from '../../confidence/index.ts'
import type { Config } from '../../config.ts'
import { isoTime, MINUTE_MS } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { Tip } from '../../intake/index.ts'
import { returnAddress } from '../../mails/index.ts'
import type { Router } from '../../route/index.ts'
import {
  type Context,
  keySpace,
  type Row,
  table,
  take,
  type Transaction,
} from '../../store/index.ts'
import { DeliveryError } from '../delivery-error.ts'
import type { Errands } from '../errands/errands.ts'
import { referenceOf } from '../letters/facts.ts'
import type { LetterText, LetterWriter } from '../letters/writer.ts'
import { plainMail } from '../mail/plain-mail.ts'
import { LANGUAGES, type Language, type MailTransport } from '../notice.ts'
import type { EmergencyStop } from '../stop.ts'
import type { TipLetter } from './tip-letter-types.ts'
import { wordsFacts } from './words-facts.ts'

const RETRY_LONGEST_MINUTES = 60

type LetterClear = Pick<
  TipLetter,
  | 'tipId'
  | 'state'
  | 'channel'
  | 'rule'
  | 'language'
  | 'queuedAt'
  | 'toldAt'
  | 'attempts'
  | 'possiblyDoubled'
> & {
  /** Not before this time again; null before the first try. */
  readonly retryAt: string | null
  /** Handed over, and no answer written down yet: a crash may have come between. */
  readonly isOut: boolean
  readonly isUrgent: boolean
}

interface LetterSealed extends LetterText {
  readonly recipient: string
  /** Null where it goes by hand. */
  readonly address: string | null
  readonly lastError: string | null
}

type LetterRow = Row<LetterClear, LetterSealed>

const letterTable = table<LetterClear, LetterSealed>(keySpace('tip-letter')).with({
  by: {
    tip: { keys: keySpace('tip-letter-of'), at: ({ clear }) => [clear.tipId] },
    /** What a machine has to hand over. */
    due: {
      keys: keySpace('tip-letter-due'),
      at: ({ clear }) => clear.state === 'queued' && clear.channel === 'mail' && [],
    },
  },
})

export type TipLetters = ReturnType<typeof createTipLetters>

/**
 * What the police are told of tips in words. A letter is written in the transaction in which a person decides it, of
 * the words that this person has read, and leaves with the next round as it was written: the same bytes under the same
 * Message-ID, however often it must be tried. Where no address is set, or the address takes none, a person tells it.
 */
export function createTipLetters(
  context: Context,
  audit: Audit,
  parts: {
    readonly letters: LetterWriter
    readonly router: Pick<Router, 'policeFor' | 'home' | 'municipality'>
    readonly errands: Pick<Errands, 'open' | 'close'>
    readonly stop: EmergencyStop
    readonly settings: Config['takedown']
    readonly house: Config['house']
    readonly mail: Pick<Config['mail'], 'organisation' | 'from' | 'returnPath'>
    readonly transport: Pick<MailTransport, 'send'>
    readonly confidence: Confidence
    readonly sign: (message: Buffer) => Promise<Buffer>
  },
) {
  const { store, sealer, clock, newId } = context
  const { letters, router, errands, stop, settings, mail, transport, confidence, sign } = parts
  const table = letterTable(sealer)

  /** These letters are not encrypted: to whoever is written to in confidence, a person tells it. */
  function takesPlainMail(address: string): boolean {
    return !confidence.isPortalOnly(address) && confidence.keyFor(address) === undefined
  }

  return {
    /**
     * Puts down what the police are told. Throws CONFLICT where the tip has a URL, INVALID_CONFIG where the policy
     * names nobody, LETTER_INCOMPLETE.
     */
    async queue(tx: Transaction, by: string, tip: Tip): Promise<TipLetter> {
      const row = await written(tx, tip)
      table.add(tx, row)
      const { rule, channel } = row.clear
      audit.append(tx, {
        by,
        action: 'tip-letter.queue',
        subject: tip.id,
        detail: { rule, channel },
      })
      if (channel === 'by-hand') await waits(tx, by, row)
      return viewOf(row)
    },

    /** The letter as it would be, were it decided now; nothing is put down. Throws as `queue`. */
    draft: async (tx: Transaction, tip: Tip): Promise<TipLetter> => viewOf(await written(tx, tip)),

    /** The letters of a tip, oldest first. */
    of: async (tx: Transaction, tipId: string): Promise<readonly TipLetter[]> =>
      (await take(table.by.tip.rows(tx, [tipId]))).map(viewOf),

    /** A person has told it. Throws NOT_FOUND, CONFLICT where none waits for that. */
    async markTold(tx: Transaction, by: string, tipId: string): Promise<TipLetter> {
      for (const row of await take(table.by.tip.rows(tx, [tipId]))) {
        if (row.clear.state !== 'queued' || row.clear.channel !== 'by-hand') continue
        return viewOf(told(tx, by, row))
      }
      throw new HindraError('CONFLICT', 'no letter about this tip waits to be told by hand')
    },

    /** Sends what is due, one after the other. Not to be run twice at once. */
    async dispatch(by: string): Promise<{ readonly sent: number; readonly problems: string[] }> {
      const report = { sent: 0, problems: [] as string[] }
      if (settings.stop) return report
      for (const { id } of await store.transact((tx) => take(table.by.due.rows(tx, [])))) {
        const row = await handedOut(id)
        if (row === undefined) continue
        const problem = await deliver(by, row)
        if (problem === undefined) report.sent += 1
        else report.problems.push(`letter about tip ${row.clear.tipId}: ${problem}`)
      }
      return report
    },

    /** It came back: a person tells it now. False where it is none of these letters. */
    async bounced(tx: Transaction, by: string, id: string): Promise<boolean> {
      const row = await table.get(tx, id)
      if (row === undefined) return false
      await toHand(tx, by, row, 'it came back')
      return true
    },

    isLetter: async (tx: Transaction, id: string): Promise<boolean> =>
      (await table.get(tx, id)) !== undefined,

    /** Removes them for good, whatever has become of them. */
    async erase(tx: Transaction, tipId: string): Promise<void> {
      for (const row of await take(table.by.tip.rows(tx, [tipId]))) table.remove(tx, row)
      errands.close(tx, 'tip', tipId)
    },
  }

  async function written(tx: Transaction, tip: Tip): Promise<LetterRow> {
    if (tip.url !== undefined) {
      const how = 'the tip has a URL: `hindra assess --tip ID` judges what is there'
      throw new HindraError('CONFLICT', how)
    }
    const found = router.policeFor(tip)
    if (found === undefined) {
      const why =
        'routes.yaml says of no police that they are told of tips without a URL (withoutUrl)'
      throw new HindraError('INVALID_CONFIG', why)
    }
    const language = known(found.language)
    const earlier = (await take(table.by.tip.rows(tx, [tip.id]))).findLast(
      ({ clear }) => clear.toldAt !== null,
    )
    const { subject, body } = letters.write(
      wordsFacts(
        tip,
        { ...found, language },
        {
          nowMs: clock.now(),
          earlierAt: earlier?.clear.toldAt ?? null,
          notifier: mail,
          house: parts.house,
          timeZone: settings.timeZone,
          router,
        },
      ),
    )
    const isMailed = found.address !== undefined && takesPlainMail(found.address)
    return {
      id: newId(),
      clear: {
        tipId: tip.id,
        state: 'queued',
        channel: isMailed ? 'mail' : 'by-hand',
        rule: found.rule,
        language,
        queuedAt: isoTime(clock.now()),
        toldAt: null,
        attempts: 0,
        possiblyDoubled: false,
        retryAt: null,
        isOut: false,
        isUrgent: tip.inDangerNow,
      },
      sealed: {
        subject,
        body,
        recipient: found.title,
        address: found.address ?? null,
        lastError: null,
      },
    }
  }

  /** The letter whose turn it is, written down as handed over; undefined for one that waits or went meanwhile. */
  function handedOut(id: string): Promise<LetterRow | undefined> {
    return store.transact(async (tx) => {
      const row = await table.get(tx, id)
      const isDue =
        row?.clear.retryAt === null || (row?.clear.retryAt ?? '') <= isoTime(clock.now())
      if (row?.clear.state !== 'queued' || row.clear.channel !== 'mail' || !isDue) return undefined
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
  async function deliver(by: string, row: LetterRow): Promise<string | undefined> {
    const { address, subject, body } = row.sealed
    const { language, queuedAt, isUrgent } = row.clear
    const { from, organisation, returnPath } = mail
    const to = address ?? ''
    if (!takesPlainMail(to)) {
      const why = 'takedown.confidence says since that no plain mail goes there'
      return notSent(by, row.id, new DeliveryError('refused', why))
    }
    const { messageId, mail: message } = plainMail(
      { id: row.id, from, organisation, to, language, at: queuedAt, isUrgent },
      { subject, body },
    )
    try {
      await transport.send({
        envelopeId: row.id,
        messageId,
        channel: 'mail',
        from: returnPath === undefined ? from : returnAddress(returnPath, row.id),
        to,
        raw: await sign(await message.build()),
      })
    } catch (error) {
      return notSent(by, row.id, error)
    }
    await store.transact(async (tx) => told(tx, by, await table.need(tx, row.id)))
    return undefined
  }

  async function notSent(by: string, id: string, error: unknown): Promise<string> {
    const fault = error instanceof DeliveryError ? error.fault : 'unanswered'
    const why =
      error instanceof DeliveryError ? (error.response ?? error.message) : 'the transport failed'
    return store.transact(async (tx) => {
      const row = await table.need(tx, id)
      if (fault === 'refused') {
        await toHand(tx, by, row, why)
        return 'refused: a person is to tell it'
      }
      const minutes = Math.min(
        settings.retryMinutes * 2 ** (row.clear.attempts - 1),
        RETRY_LONGEST_MINUTES,
      )
      const retryAt = isoTime(clock.now() + minutes * MINUTE_MS)
      changed(tx, row, { retryAt, isOut: fault === 'unanswered' }, { lastError: why })
      return fault
    })
  }

  async function toHand(tx: Transaction, by: string, row: LetterRow, why: string): Promise<void> {
    const open = { state: 'queued', channel: 'by-hand', toldAt: null, isOut: false } as const
    changed(tx, row, open, { lastError: why })
    audit.append(tx, { by, action: 'tip-letter.by-hand', subject: row.clear.tipId })
    await waits(tx, by, row)
  }

  async function waits(tx: Transaction, by: string, { clear }: LetterRow): Promise<void> {
    const { tipId: about, isUrgent } = clear
    await errands.open(tx, by, { kind: 'tip', about, isUrgent }, { kind: 'by-hand', tipId: about })
  }

  function told(tx: Transaction, by: string, row: LetterRow): LetterRow {
    const { tipId, channel } = row.clear
    errands.close(tx, 'tip', tipId)
    audit.append(tx, { by, action: 'tip-letter.told', subject: tipId, detail: { channel } })
    return changed(tx, row, { state: 'told', toldAt: isoTime(clock.now()), isOut: false })
  }

  function changed(
    tx: Transaction,
    row: LetterRow,
    clear: Partial<LetterClear>,
    sealed: Partial<LetterSealed> = {},
  ): LetterRow {
    const next = {
      id: row.id,
      clear: { ...row.clear, ...clear },
      sealed: { ...row.sealed, ...sealed },
    }
    table.change(tx, row, next)
    return next
  }
}

function viewOf({ id, clear, sealed }: LetterRow): TipLetter {
  const { tipId, state, channel, rule, language, queuedAt, toldAt, attempts } = clear
  const { recipient, lastError, subject, body } = sealed
  const { possiblyDoubled } = clear
  return {
    id,
    tipId,
    reference: referenceOf(tipId),
    state,
    channel,
    recipient,
    rule,
    language,
    queuedAt,
    toldAt,
    attempts,
    possiblyDoubled,
    lastError,
    subject,
    body,
  }
}

function known(language: string): Language {
  return LANGUAGES.find((one) => one === language) ?? 'en'
}
