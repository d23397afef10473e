import { HOUR_MS, isoTime, MINUTE_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Sighting } from '../intake/index.ts'
import { Collection, type Context, keySpace, type Transaction } from '../store/index.ts'
import type { VerdictAnswer } from './match.ts'

/** One observation of one submitter: where its answer is kept, and for how long. */
export interface AnswerPlace {
  readonly answerId: string
  /** The keyed digest of what was observed. */
  readonly content: string
  readonly keptMs: number
}

/**
 * Answers to hits, sealed and for a time, so that a crawler that lost one and sends its line again
 * is told the same, and counted once. What matched nothing leaves nothing here.
 */
export interface KeptAnswers {
  /**
   * By the submitter's own key, else by URL, hashes and time. What has neither key nor time cannot
   * be told from a new look, so it is taken for a repetition for a short while only.
   *
   * @param isTold Whether the submitter is told what came of it: who is not is told of no conflict either, and
   *   what comes back with the key of another observation is one of its own
   * @param seen SHA-256 of what Hindra saw: other media at the same URL is another observation
   */
  observation(
    submitterId: string,
    sighting: Sighting,
    isTold: boolean,
    seen?: readonly string[],
  ): AnswerPlace
  /** Throws CONFLICT where the key was used for another observation. */
  find(tx: Transaction, observation: AnswerPlace): Promise<VerdictAnswer | undefined>
  /** Keeps an answer unless nothing was found. */
  keep(tx: Transaction, observation: AnswerPlace, answer: VerdictAnswer): void
  /** What was awaited; it is not kept any longer where nothing was found. */
  settle(tx: Transaction, answerId: string, answer: VerdictAnswer): Promise<void>
  /** Removes what has expired. */
  trim(): Promise<void>
}

interface AnswerClear {
  readonly expiresAt: string
}
interface AnswerSealed {
  readonly content: string
  readonly answer: VerdictAnswer
}

const EXPIRY = keySpace('answer-expiry')
const TRIMMED_AT_ONCE = 500
const NOTHING = new Uint8Array()

export function createKeptAnswers(
  { store, sealer, clock }: Context,
  settings: { readonly answersKeptHours: number; readonly repeatMinutes: number },
): KeptAnswers {
  const answers = new Collection<AnswerClear, AnswerSealed>(keySpace('answer'), sealer)

  async function live(tx: Transaction, answerId: string) {
    const row = await answers.get(tx, answerId)
    return row !== undefined && row.clear.expiresAt > isoTime(clock.now()) ? row : undefined
  }

  return {
    observation(submitterId, sighting, isTold, seen = []) {
      const { url, hashes = [], media, fetchedAt, idempotencyKey } = sighting
      const brought = media === undefined ? [] : seen
      const told = [url, fetchedAt ?? '', ...hashes.map(({ value }) => value), ...brought]
      const content = sealer.digest('answer-content', JSON.stringify(told))
      const keyed = ['', idempotencyKey, ...(isTold ? [] : [content])]
      const name = idempotencyKey === undefined ? [content, ...seen] : keyed
      const isNamed = idempotencyKey !== undefined || fetchedAt !== undefined
      const { answersKeptHours, repeatMinutes } = settings
      return {
        answerId: sealer.digest('answer', [submitterId, ...name].join(' ')),
        content,
        keptMs: isNamed ? answersKeptHours * HOUR_MS : repeatMinutes * MINUTE_MS,
      }
    },

    async find(tx, { answerId, content }) {
      const row = await live(tx, answerId)
      if (row === undefined) return undefined
      if (row.sealed.content === content) return row.sealed.answer
      throw new HindraError('CONFLICT', 'the key was used for another observation', {
        field: 'idempotencyKey',
      })
    },

    keep(tx, { answerId, content, keptMs }, answer) {
      if (isOfNothing(answer) || keptMs === 0) return
      const expiresAt = isoTime(clock.now() + keptMs)
      answers.put(tx, answerId, { expiresAt }, { content, answer })
      tx.put(EXPIRY(expiresAt, answerId), NOTHING)
    },

    async settle(tx, answerId, answer) {
      const row = await live(tx, answerId)
      if (row === undefined) return
      if (isOfNothing(answer)) {
        answers.delete(tx, answerId)
        tx.delete(EXPIRY(row.clear.expiresAt, answerId))
      } else answers.put(tx, answerId, row.clear, { ...row.sealed, answer })
    },

    async trim() {
      for (let left = TRIMMED_AT_ONCE; left === TRIMMED_AT_ONCE; ) {
        left = await store.transact(async (tx) => {
          let removed = 0
          const range = { from: EXPIRY(), to: EXPIRY(isoTime(clock.now())) }
          for await (const { key } of tx.range(range, { limit: TRIMMED_AT_ONCE })) {
            const answerId = String(key[2])
            const row = await answers.get(tx, answerId)
            // Kept anew since: then this is but where the former answer was to be found.
            if (row?.clear.expiresAt === key[1]) answers.delete(tx, answerId)
            tx.delete(key)
            removed += 1
          }
          return removed
        })
      }
    },
  }
}

function isOfNothing({ verdict }: VerdictAnswer): boolean {
  return verdict === 'none' || verdict === 'unjudged'
}
