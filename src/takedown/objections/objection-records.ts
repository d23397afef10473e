import { keySpace, type Row, table } from '../../store/index.ts'
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

export const objectionTable = table<ObjectionClear, ObjectionSealed>(keySpace('objection')).with({
  by: {
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
