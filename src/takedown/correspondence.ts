import type { Transaction } from '../store/index.ts'
import type { Envelopes } from './envelopes.ts'
import type { NoticeRow, Outbox } from './outbox.ts'
import type { LetterView, Notice, Reply } from './notice.ts'

/** One notice with the letter that left and what came back. */
export interface Correspondence {
  readonly notice: Notice
  /** As it left, with defanged URLs; null of what has not left. */
  readonly letter: LetterView | null
  /** How many notices its letter carried: of several cases, where it is more than one. */
  readonly carried: number
  /** Oldest first. */
  readonly replies: readonly Reply[]
}

/** What was said of one case to everybody, and what they answered, in the order of queueing. */
export function createCorrespondence(parts: {
  readonly outbox: Pick<Outbox, 'list'>
  readonly envelopes: Pick<Envelopes, 'need'>
  readonly previews: { ofCase(tx: Transaction, caseId: string): Promise<readonly LetterView[]> }
  readonly show: (tx: Transaction, row: NoticeRow) => Promise<Notice>
  readonly replies: (tx: Transaction, noticeId: string) => Promise<readonly Reply[]>
}) {
  const { outbox, envelopes, previews, show, replies } = parts

  return async (tx: Transaction, caseId: string): Promise<readonly Correspondence[]> => {
    const letters = new Map(
      (await previews.ofCase(tx, caseId)).map((letter) => [letter.notice, letter]),
    )
    const found: Correspondence[] = []
    for (const row of await outbox.list(tx, { caseId, limit: Infinity })) {
      const { sentAt, envelopeId } = row.clear
      const envelope = envelopeId === null ? undefined : await envelopes.need(tx, envelopeId)
      found.push({
        notice: await show(tx, row),
        letter: sentAt === null ? null : (letters.get(row.id) ?? null),
        carried: envelope?.clear.noticeIds.length ?? 1,
        replies: await replies(tx, row.id),
      })
    }
    return found
  }
}
