import type { Audit } from '../../audit/index.ts'
import { type Case, shownAt } from '../../cases/index.ts'
import type { Config } from '../../config.ts'
import { defangedText } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { isConfirmed, type Router } from '../../route/index.ts'
import { type Context, keySpace, type Row, table, type Transaction } from '../../store/index.ts'
import type { Errands } from '../errands/errands.ts'
import { picturesAmong, referenceOf } from '../letters/facts.ts'
import { matterOf } from '../letters/kinds.ts'
import { singleFacts } from '../letters/single-facts.ts'
import type { LetterWriter } from '../letters/writer.ts'
import type { Language, Nature } from '../notice.ts'
import type { NoticeRow } from '../outbox.ts'
import {
  createSingleLetters,
  type LetterCarriers,
  type SingleLetterClear,
  type SingleLetterSealed,
  unsentWay,
  wayOf,
} from '../single-letters.ts'
import type { Objection, ObjectionLetter, ObjectionDecision } from './objection-types.ts'

type LetterClear = SingleLetterClear & Pick<Objection, 'caseId'>
type LetterRow = Row<LetterClear, SingleLetterSealed>

/** By the ids of the objections that they answer. */
const letterTable = table<LetterClear, SingleLetterSealed>(keySpace('objection-letter')).with({
  by: {
    /** What a machine has to hand over. */
    due: {
      keys: keySpace('objection-letter-due'),
      at: ({ clear }) => clear.state === 'queued' && clear.channel === 'mail' && [],
    },
  },
})

/** What letters call somebody whose name they leave out. */
const UNNAMED: Readonly<Record<Language, string>> = {
  sv: 'den som har invänt',
  en: 'whoever has objected',
}
/** As long as an MD5 or longer, in hex. */
const LIKE_A_HASH = /[0-9a-f]{32}/i

export interface LetterParts extends LetterCarriers {
  readonly letters: LetterWriter
  readonly router: Pick<Router, 'home' | 'digitalServicesAct'>
  readonly settings: Config['takedown']
  readonly house: Config['house']
}

/** What an answer is about. */
export interface AnswerParts {
  readonly objection: Objection
  readonly ruling: ObjectionDecision
  readonly entry: Case
  /** What it is against. */
  readonly notice: NoticeRow | undefined
  readonly nature: Nature
  /** Whether anybody had been told of the case. */
  readonly wasTold: boolean
}

/**
 * The answers to objections: of the house in its own name, without URL, hash, media or the name of a person. One is
 * written in the transaction that decides.
 */
export function createObjectionLetters(
  context: Pick<Context, 'store' | 'sealer' | 'clock' | 'random'>,
  audit: Audit,
  parts: LetterParts & {
    /** Tells that a person is to tell the answer. */
    readonly byHand: (tx: Transaction, by: string, objectionId: string) => Promise<void>
    readonly errands: Pick<Errands, 'close'>
  },
) {
  const { letters, router, settings, mail, house, byHand, errands } = parts
  const { clock } = context
  const table = letterTable(context.sealer)
  const carried = createSingleLetters<LetterRow>(context, table, parts, {
    named: ({ id }) => `answer to objection ${id}`,
    async byHand(tx, by, { id }) {
      audit.append(tx, { by, action: 'objection-letter.by-hand', subject: id })
      await byHand(tx, by, id)
    },
    told(tx, by, { id, clear: { channel } }) {
      errands.close(tx, 'answer', id)
      audit.append(tx, { by, action: 'objection-letter.told', subject: id, detail: { channel } })
    },
  })

  return {
    /** Puts down the answer. Throws INVALID_INPUT where the reason holds what looks like a hash. */
    async queue(tx: Transaction, by: string, answered: AnswerParts): Promise<void> {
      const { id, caseId, contact, language } = answered.objection
      const isMailed = contact !== null && carried.takesMail(contact)
      const { subject, body } = letters.write(factsOf(answered, isMailed))
      const way = unsentWay({ language, isMailed, isUrgent: false }, clock.now())
      const sealed = { subject, body, address: contact, lastError: null }
      table.add(tx, { id, clear: { caseId, ...way }, sealed })
      const detail = { channel: way.channel }
      audit.append(tx, { by, action: 'objection-letter.queue', subject: id, detail })
      if (!isMailed) await byHand(tx, by, id)
    },

    async of(tx: Transaction, objectionId: string): Promise<ObjectionLetter | null> {
      const row = await table.get(tx, objectionId)
      if (row === undefined) return null
      const { lastError, fault = null, subject, body } = row.sealed
      const reference = referenceOf(objectionId)
      return { reference, ...wayOf(row.clear), lastError, fault, subject, body }
    },

    /** A person has told it. Throws CONFLICT where none waits for that. */
    async markTold(tx: Transaction, by: string, objectionId: string): Promise<void> {
      const row = await table.get(tx, objectionId)
      if (row?.clear.state !== 'queued' || row.clear.channel !== 'by-hand') {
        throw new HindraError('CONFLICT', { says: 'objection-answer-none' })
      }
      carried.told(tx, by, row)
    },

    dispatch: carried.dispatch,
    bounced: carried.bounced,
    isLetter: carried.isLetter,

    async erase(tx: Transaction, objectionId: string): Promise<void> {
      const row = await table.get(tx, objectionId)
      if (row !== undefined) table.remove(tx, row)
      errands.close(tx, 'answer', objectionId)
    },
  }

  function factsOf(answered: AnswerParts, isMailed: boolean) {
    const { objection, ruling, entry, notice, nature, wasTold } = answered
    const { language, objector, receivedAt } = objection
    const { digitalServicesAct: act, home } = router
    const now = { nowMs: clock.now(), timeZone: settings.timeZone, home: home.country }
    const isSent = notice !== undefined && notice.clear.sentAt !== null
    return {
      ...singleFacts({ ...now, notifier: mail, house }, language),
      role: 'objector',
      matter: matterOf(nature, entry.circumstances),
      step: ruling.decision,
      rung: 'answer',
      reference: referenceOf(objection.id),
      pictures: picturesAmong([shownAt(entry)]),
      recipient: objector === 'host' && notice ? oneLine(notice.sealed.to.name) : UNNAMED[language],
      byForm: !isMailed,
      digitalServicesAct: nature === 'illegal' && isConfirmed(act) ? act[language] : null,
      objection: {
        receivedAt,
        by: objector,
        noticeReference: isSent ? referenceOf(notice.id) : null,
        noticeSentAt: isSent ? notice.clear.sentAt : null,
        reasons: reasonsIn(ruling.reason),
        wasTold,
      },
    } as const
  }
}

/** The reason in paragraphs, without a URL that can be clicked. Throws INVALID_INPUT. */
function reasonsIn(reason: string): readonly string[] {
  if (LIKE_A_HASH.test(reason)) {
    throw new HindraError('INVALID_INPUT', { says: 'objection-hash' }, { field: 'reason' })
  }
  return defangedText(reason)
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
}

/** Names come from look-ups: no line of their own, nothing that cannot be printed. */
function oneLine(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, ' ').trim()
}
