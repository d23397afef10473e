import type { Principal } from '../access/index.ts'
import { defined } from '../core/index.ts'
import { type ErrorCode, type HindraError, type RefusalSentence, toHindraError } from '../errors.ts'
import { BROWSER_HASHER } from '../fingerprint/index.ts'
import type { Item, ListedHash } from '../register/index.ts'
import type { ItemProposal } from './proposal.ts'

/** The hashes that a browser made of one file. */
interface HashedPicture {
  readonly hashes: readonly ListedHash[]
  /** Only where whoever proposes it wants it kept. */
  readonly fileName?: string
}

/** Several pictures of which one thing is said. */
export interface HashedProposal
  extends Omit<ItemProposal, 'media' | 'fileName' | 'hashes' | 'kind' | 'key'> {
  readonly files: readonly HashedPicture[]
}

/** What became of each picture, by its place among those that were sent. */
export interface HashedAnswer {
  readonly proposed: readonly (Pick<Item, 'id' | 'status' | 'quality'> & {
    readonly place: number
    readonly findings: Item['entries'][number]['findings']
  })[]
  readonly refused: readonly {
    readonly place: number
    readonly code: ErrorCode
    readonly message: string
    /** The message in no language; null where it is its code alone. */
    readonly said: RefusalSentence | null
  }[]
}

/**
 * Proposes them one by one, each as it would be alone: what the register refuses of one picture keeps none of the others
 * back. Throws what is no fault of a picture: what is wrong with all of them.
 */
export async function proposeEach(
  propose: (by: Principal, proposal: ItemProposal) => Promise<Item>,
  by: Principal,
  { files, ...said }: HashedProposal,
): Promise<HashedAnswer> {
  const proposed: HashedAnswer['proposed'][number][] = []
  const refused: HashedAnswer['refused'][number][] = []
  for (const [place, { hashes, fileName }] of files.entries()) {
    try {
      const item = await propose(by, {
        hashes,
        hasher: BROWSER_HASHER,
        ...defined({ fileName }),
        ...said,
      })
      const { id, status, quality, entries } = item
      proposed.push({ place, id, status, quality, findings: entries.at(-1)?.findings ?? [] })
    } catch (error) {
      if (!isOfPicture(error)) throw error
      const { code, message, said: told = null } = error
      refused.push({ place, code, message, said: told })
    }
  }
  return { proposed, refused }
}

/** What is said of all of them is refused once, with its field. */
function isOfPicture(error: unknown): error is HindraError {
  const { code } = toHindraError(error)
  return code === 'CONFLICT' || code === 'HASH_INVALID'
}
