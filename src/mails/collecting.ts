import { type ErrorCode, type HindraError, toHindraError } from '../errors.ts'
import type { Incoming } from './incoming.ts'
import type { MailReader } from './mail-reader.ts'
import type { Delivered, Mailbox, MailboxName, MailState } from './mailbox.ts'

const MAILS_A_RUN = 1_000
/** What keeps every mail from being read, so that this one is given again. */
const PASSING_FAULTS: readonly ErrorCode[] = ['WORKER_NOT_STARTED', 'OVERLOADED']

/**
 * Reads one mail; undefined where a person must read it. Throws what keeps every mail from being read. Of a head alone
 * nobody is told that it cannot be read: its mail is too large, or was told of.
 */
export type ReadMail = (
  raw: Uint8Array,
  how?: { readonly charsMax?: number; readonly isHead?: true },
) => Promise<Incoming | undefined>

/**
 * Gives every mail that has come to `take`, each once, also across a crash, and marks it as that answers. What went
 * wrong is answered in words: a mailbox that cannot be read holds no other up.
 */
export async function collectMails(
  mailboxes: readonly Mailbox[],
  section: MailboxName,
  reader: Pick<MailReader, 'read'>,
  take: (mail: Delivered, read: ReadMail) => Promise<MailState>,
): Promise<readonly string[]> {
  const problems: string[] = []
  const unreadable: HindraError[] = []
  const read: ReadMail = async (raw, { charsMax, isHead = false } = {}) => {
    try {
      return await reader.read(raw, charsMax)
    } catch (cause) {
      const error = toHindraError(cause)
      if (PASSING_FAULTS.includes(error.code)) throw error
      if (!isHead) unreadable.push(error)
      return undefined
    }
  }
  for (const mailbox of mailboxes) {
    try {
      for await (const delivered of mailbox.waiting(MAILS_A_RUN)) {
        await delivered.done(await take(delivered, read))
      }
    } catch (error) {
      problems.push(told(section, toHindraError(error)))
    }
  }
  const [first] = unreadable
  if (first !== undefined) {
    const left = `left to a person in the mailbox: ${unreadable.length}`
    problems.push(`${told(section, first)} (${left})`)
  }
  return problems
}

function told(section: MailboxName, { code, message }: HindraError): string {
  return `${section}: ${code}: ${message}`
}
