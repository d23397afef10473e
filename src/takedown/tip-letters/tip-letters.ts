import type { Audit } from '../../audit/index.ts'
import type { Config } from '../../config.ts'
import { HindraError } from '../../errors.ts'
import type { Tip } from '../../intake/index.ts'
import type { Router } from '../../route/index.ts'
import {
  type Context,
  keySpace,
  type Row,
  table,
  take,
  type Transaction,
} from '../../store/index.ts'
import type { Errands } from '../errands/errands.ts'
import { referenceOf } from '../letters/facts.ts'
import type { LetterWriter } from '../letters/writer.ts'
import { LANGUAGES, type Language } from '../notice.ts'
import {
  createSingleLetters,
  type LetterCarriers,
  type SingleLetterClear,
  type SingleLetterSealed,
  unsentWay,
  wayOf,
} from '../single-letters.ts'
import type { TipLetter } from './tip-letter-types.ts'
import { wordsFacts } from './words-facts.ts'

type LetterClear = Pick<TipLetter, 'tipId' | 'rule'> & SingleLetterClear

interface LetterSealed extends SingleLetterSealed {
  readonly recipient: string
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
 * the words that this person has read.
 */
export function createTipLetters(
  context: Context,
  audit: Audit,
  parts: LetterCarriers & {
    readonly letters: LetterWriter
    readonly router: Pick<Router, 'policeFor' | 'home' | 'municipality'>
    readonly errands: Pick<Errands, 'open' | 'close'>
    readonly settings: Config['takedown']
    readonly house: Config['house']
  },
) {
  const { sealer, clock, newId } = context
  const { letters, router, errands, settings, mail } = parts
  const table = letterTable(sealer)
  const carried = createSingleLetters<LetterRow>(context, table, parts, {
    named: ({ clear }) => `letter about tip ${clear.tipId}`,
    async byHand(tx, by, row) {
      audit.append(tx, { by, action: 'tip-letter.by-hand', subject: row.clear.tipId })
      await waits(tx, by, row)
    },
    told(tx, by, { clear: { tipId, channel } }) {
      errands.close(tx, 'tip', tipId)
      audit.append(tx, { by, action: 'tip-letter.told', subject: tipId, detail: { channel } })
    },
  })

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
        return viewOf(carried.told(tx, by, row))
      }
      throw new HindraError('CONFLICT', { says: 'tip-letter-none' })
    },

    dispatch: carried.dispatch,
    bounced: carried.bounced,
    isLetter: carried.isLetter,

    /** Removes them for good, whatever has become of them. */
    async erase(tx: Transaction, tipId: string): Promise<void> {
      for (const row of await take(table.by.tip.rows(tx, [tipId]))) table.remove(tx, row)
      errands.close(tx, 'tip', tipId)
    },
  }

  /** A person is to tell it. */
  async function waits(tx: Transaction, by: string, { clear }: LetterRow): Promise<void> {
    const { tipId: about, isUrgent } = clear
    await errands.open(tx, by, { kind: 'tip', about, isUrgent }, { kind: 'by-hand', tipId: about })
  }

  async function written(tx: Transaction, tip: Tip): Promise<LetterRow> {
    if (tip.url !== undefined) {
      const how = { says: 'tip-has-url' } as const
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
    const isMailed = found.address !== undefined && carried.takesMail(found.address)
    return {
      id: newId(),
      clear: {
        tipId: tip.id,
        rule: found.rule,
        ...unsentWay({ language, isMailed, isUrgent: tip.inDangerNow }, clock.now()),
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
}

function viewOf({ id, clear, sealed }: LetterRow): TipLetter {
  const { tipId, rule } = clear
  const { recipient, lastError, subject, body } = sealed
  const reference = referenceOf(tipId)
  return { id, tipId, reference, recipient, rule, ...wayOf(clear), lastError, subject, body }
}

function known(language: string): Language {
  return LANGUAGES.find((one) => one === language) ?? 'en'
}
