import { type FindToken, mailTokens, ourToken, ticketsIn, ticketToken } from '../../core/index.ts'
import { type Digester, foundBy, keySpace, type Row, table, TokenIndex } from '../../store/index.ts'
import type { Objection } from './objection-types.ts'

export interface ObjectionClear
  extends Pick<
    Objection,
    | 'caseId'
    | 'noticeId'
    | 'replyId'
    | 'objector'
    | 'way'
    | 'state'
    | 'receivedAt'
    | 'recordedAt'
    | 'recordedBy'
    | 'decideBy'
    | 'language'
    | 'decidedAt'
    | 'decidedBy'
  > {
  /** When an alert tells of it next; null once it is decided. */
  readonly alertAt: string | null
  /** How often one told of its time. */
  readonly alerts: number
}

export type ObjectionSealed = Pick<Objection, 'words' | 'contact' | 'reason'>
export type ObjectionRow = Row<ObjectionClear, ObjectionSealed>

/** What statistics count of an objection. */
export type ObjectionFacts = Pick<
  Objection,
  'id' | 'caseId' | 'objector' | 'state' | 'receivedAt' | 'decideBy' | 'decidedAt'
>

/**
 * What somebody who rings may know of it: the reference that its answer bears, where the answer goes, and the numbers by
 * which whoever objects calls the matter. The first line of a mail is its subject.
 */
const found = foundBy<ObjectionRow>(
  keySpace('objection-found'),
  ({ id, clear: { replyId }, sealed: { words, contact } }): FindToken[] => {
    const [subject = ''] = replyId === null ? [] : words.split('\n', 1)
    return [
      ourToken(id),
      ...mailTokens(contact ?? ''),
      ...ticketsIn(subject, words).map(ticketToken),
    ]
  },
)

export const objectionTable = table<ObjectionClear, ObjectionSealed>(keySpace('objection')).with({
  by: {
    found,
    case: { keys: keySpace('objection-of'), at: ({ clear }) => [clear.caseId] },
    state: { keys: keySpace('objection-state'), at: ({ clear }) => [clear.state] },
    /** Open ones by when an alert tells of them next. */
    alert: {
      keys: keySpace('objection-alert'),
      at: ({ clear: { alertAt } }) => alertAt !== null && [alertAt],
    },
    /** One reply is one objection, whoever else marks it. */
    reply: {
      unique: true,
      keys: keySpace('objection-reply'),
      at: ({ clear: { replyId } }) => replyId !== null && [replyId],
    },
  },
})

export type ObjectionTokens = TokenIndex<ObjectionClear, ObjectionSealed>

export function objectionTokens(
  objections: Pick<ReturnType<typeof objectionTable>, 'name' | 'rows'>,
  sealer: Digester,
): ObjectionTokens {
  return new TokenIndex(objections, found, sealer)
}
