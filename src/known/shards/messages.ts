import { deserialize, serialize } from 'node:v8'
import { createSealer, type Random, type Sealer } from '../../core/index.ts'
import { type ErrorCode, HindraError, toHindraError } from '../../errors.ts'
import type { Versionstamp } from '../../store/index.ts'
import type { KnownPart } from '../known-set.ts'
import { joinedSeen } from './parted-seen.ts'

/** One question to a holder: which, and with what. */
export type ShardCall =
  | { readonly method: 'search'; readonly given: Parameters<KnownPart['search']> }
  | { readonly method: 'searchHashes'; readonly given: Parameters<KnownPart['searchHashes']> }
  | {
      readonly method: 'proposals'
      readonly given: Parameters<KnownPart['proposals']>
      /** See `SeenHalves`; undefined of a server that is not upgraded yet. */
      readonly unsure?: Uint8Array | undefined
    }
  | { readonly method: 'resembling'; readonly given: Parameters<KnownPart['resembling']> }

/** What one asks another of at once. */
export interface ShardQuestions {
  /** What the asker has seen of the store: the answers are to hold it. */
  readonly after: Versionstamp
  /** The answers are bound to it, so that nobody can give those to another question. */
  readonly nonce: string
  readonly calls: readonly ShardCall[]
}

export type Answer = { readonly found: unknown } | { readonly fault: ErrorCode }

/** What the two ends of a session have in common. Opening throws STORE_CORRUPT and KEY_WRONG. */
export interface Session {
  sealQuestions(questions: ShardQuestions): Uint8Array
  openQuestions(sealed: Uint8Array): ShardQuestions
  sealAnswers(answers: readonly Answer[], nonce: string): Uint8Array
  openAnswers(sealed: Uint8Array, nonce: string): readonly Answer[]
}

/**
 * A session of one asker with the others, sealed by a key that follows from its name and from the key of the keyed
 * digests, which every process of the house has for the life of the store: who has not got it can neither ask nor answer,
 * nor read along, and an exchange of the data key changes nothing. Hashes go as bytes and text of V8's own format, which
 * only what was opened is ever read by.
 *
 * @param name Random and of the asker: no two keys seal more than it asks
 */
export function sessionOf(name: string, sealer: Sealer, random: Random): Session {
  const key = Buffer.from(sealer.digest('shards', name), 'hex')
  const keyed = createSealer(key, random)
  return {
    sealQuestions: (questions) => keyed.seal(serialize(questions), 'questions'),
    // What this house has sealed as questions are questions, and below answers.
    openQuestions: (sealed) => deserialize(keyed.open(sealed, 'questions')) as ShardQuestions,
    sealAnswers: (answers, nonce) => keyed.seal(serialize(answers), `answers ${nonce}`),
    openAnswers: (sealed, nonce) =>
      deserialize(keyed.open(sealed, `answers ${nonce}`)) as readonly Answer[],
  }
}

export async function answerTo(part: KnownPart, call: ShardCall): Promise<Answer> {
  try {
    return { found: await foundBy(part, call) }
  } catch (error) {
    return { fault: toHindraError(error).code }
  }
}

function foundBy(part: KnownPart, call: ShardCall): Promise<unknown> {
  switch (call.method) {
    case 'search':
      return part.search(...call.given)
    case 'searchHashes':
      return part.searchHashes(...call.given)
    case 'proposals': {
      const [seen, limit] = call.given
      return part.proposals(joinedSeen({ seen, unsure: call.unsure }), limit)
    }
    case 'resembling':
      return part.resembling(...call.given)
    default:
      // A newer version may ask what this one does not know.
      return Promise.reject(new HindraError('SHARD_MISSING', 'the question is of another version'))
  }
}
