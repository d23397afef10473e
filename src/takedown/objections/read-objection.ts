import type { Case, Cases } from '../../cases/index.ts'
import { HindraError } from '../../errors.ts'
import type { Transaction } from '../../store/index.ts'
import type { Reply } from '../notice.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
import { type NewObjection, OBJECTION_WORDS_MAX, type Objection } from './objection-types.ts'

/** What tells of deliveries, and is nobody's word. */
const NOT_READ = ['bounce', 'delivery-report'] as const

/** An objection as it is written down, with what it is about. */
interface ReadObjection extends Pick<Objection, 'receivedAt' | 'way' | 'words' | 'contact'> {
  readonly entry: Case
  readonly notice: NoticeRow | undefined
  readonly replyId: string | null
  readonly language: Objection['language']
}

/**
 * Completes what is said of an objection by the notice and the reply that it names. Throws NOT_FOUND, INVALID_INPUT.
 *
 * @param now UTC ISO 8601
 */
export async function readObjection(
  tx: Transaction,
  given: NewObjection,
  now: string,
  parts: {
    readonly outbox: Pick<Outbox, 'need'>
    readonly cases: Pick<Cases, 'read'>
    readonly replies: (tx: Transaction, noticeId: string) => Promise<readonly Reply[]>
  },
): Promise<ReadObjection> {
  const { outbox, cases, replies } = parts
  const notice = given.noticeId === undefined ? undefined : await outbox.need(tx, given.noticeId)
  const entry = await cases.read(tx, caseIdOf(given, notice))
  const reply =
    given.replyId === undefined
      ? undefined
      : replyAmong(given.replyId, notice && (await replies(tx, notice.id)))
  const receivedAt = given.receivedAt ?? reply?.at ?? now
  if (receivedAt > now) throw wrong('receivedAt', 'it has not come yet')
  return {
    entry,
    notice,
    replyId: reply?.id ?? null,
    receivedAt,
    way: wayOf(given, reply),
    words: wordsOf(given, reply),
    contact: contactOf(given, reply, notice),
    language: given.language ?? notice?.sealed.to.language ?? 'en',
  }
}

function caseIdOf({ caseId }: NewObjection, notice: NoticeRow | undefined): string {
  const named = notice?.clear.caseId
  if (caseId !== undefined && named !== undefined && caseId !== named) {
    throw wrong('noticeId', 'the notice is of another case')
  }
  const id = caseId ?? named
  if (id === undefined) throw wrong('caseId', 'name the case, or the notice that it is against')
  return id
}

/** @param replies Those to the notice; undefined where none is named */
function replyAmong(replyId: string, replies: readonly Reply[] | undefined): Reply {
  if (replies === undefined) throw wrong('replyId', 'name the notice that it came back to')
  const reply = replies.find(({ id }) => id === replyId)
  if (reply === undefined) {
    const why = { says: 'objection-reply-none' } as const
    throw new HindraError('NOT_FOUND', why, { field: 'replyId' })
  }
  if (NOT_READ.some((kind) => kind === reply.kind)) {
    throw wrong('replyId', "it tells of a delivery, and is nobody's word")
  }
  return reply
}

function wayOf({ way }: NewObjection, reply: Reply | undefined): Objection['way'] {
  const known = way ?? (reply === undefined ? undefined : 'mail')
  if (known !== undefined) return known
  throw wrong('way', 'say how it came')
}

/** Throws INVALID_INPUT where they are none, or too long to be read. */
function wordsOf({ words }: NewObjection, reply: Reply | undefined): string {
  const said = (words ?? [reply?.subject ?? '', reply?.text ?? ''].join('\n\n')).trim()
  if (said === '') throw wrong('words', 'an objection says something')
  if (said.length <= OBJECTION_WORDS_MAX) return said
  throw wrong('words', `at most ${OBJECTION_WORDS_MAX.toLocaleString('en')} characters`)
}

/** Whoever wrote is answered where the mail came from; a host that telephones, where it was told. */
function contactOf(
  { contact, objector }: NewObjection,
  reply: Reply | undefined,
  notice: NoticeRow | undefined,
): string | null {
  if (contact !== undefined) return contact
  if (reply !== undefined) return reply.from === '' ? null : reply.from
  const channel = objector === 'host' ? notice?.sealed.to.channel : undefined
  return channel?.kind === 'mail' ? channel.address : null
}

function wrong(field: string, why: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${why}`, { field })
}
