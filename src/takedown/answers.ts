import type { Audit } from '../audit/index.ts'
import { HindraError } from '../errors.ts'
import type { Transaction } from '../store/index.ts'
import type { NoticeRow, Outbox } from './outbox.ts'

/** A person answers what a recipient asked; the letter quotes the notice that it was asked about. */
export function createAnswers(audit: Audit, { outbox }: { readonly outbox: Outbox }) {
  /** Throws INVALID_INPUT, CONFLICT where the recipient was never told. */
  return async function answer(
    tx: Transaction,
    by: string,
    row: NoticeRow,
    text: string,
  ): Promise<NoticeRow> {
    const words = text.trim()
    if (words === '') {
      throw new HindraError('INVALID_INPUT', { says: 'answer-empty' }, { field: 'text' })
    }
    const { caseId, round, sentAt, step } = row.clear
    if (sentAt === null || row.clear.state === 'bounced') {
      throw new HindraError('CONFLICT', { says: 'notice-untold' })
    }
    const remindsOf = step === 'answer' ? (row.clear.remindsOf ?? row.id) : row.id
    const wanted = { caseId, round, step: 'answer', to: row.sealed.to, remindsOf, answer: words }
    const added = await outbox.add(tx, by, { ...wanted, step: 'answer' })
    if (added === undefined) throw new Error('an answer is never one too many')
    audit.append(tx, { by, action: 'notice.answer', subject: row.id, detail: { answer: added.id } })
    return added
  }
}
