import { HindraError } from '../../errors.ts'
import type { ListedHash, Opinion } from '../../register/index.ts'
import type { SourceCall } from './source-call.ts'

/** One opinion as it leaves. */
export interface Vote {
  /** What the exchange calls the entry. */
  readonly key: string
  readonly hashes: readonly ListedHash[]
  readonly opinion: Opinion
  readonly exchangeReason: string | null
}

/** How an exchange takes opinions. */
export interface Voting {
  /** Whether the same opinion, sent twice, is one. */
  readonly isRepeatable: boolean
  /** What more is needed of the credentials. */
  readonly credentials: readonly string[]
  /**
   * The sender of one run. What is sent resolves when all of it was taken; throws what `Call` throws, and
   * `RefusedVote`. `onSent` is called when something that counts has left.
   */
  sender(
    call: SourceCall,
    credentials: Readonly<Record<string, string>>,
  ): (vote: Vote, onSent: () => void) => Promise<void>
}

/** A vote that cannot be sent as it is, and another try changes nothing. */
export class RefusedVote extends HindraError {
  constructor(message: string) {
    super('FEEDBACK_REFUSED', message)
  }
}

/** Reads an answer that says no more than that it is good. */
export async function drained(body: AsyncIterable<Uint8Array>): Promise<void> {
  const pieces = body[Symbol.asyncIterator]()
  while ((await pieces.next()).done !== true);
}
