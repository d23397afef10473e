import type { FindToken } from '../core/index.ts'
import { fewest, type IdOptions, inBatches, type ReadTransaction } from '../store/index.ts'
import type { TakenWord, WordKind } from './words.ts'

/** How many rows of an index one question looks at in each kind of record, whatever it finds. */
const LOOKED_MAX = 10_000

/** What finds the records of one kind. */
export interface Finder {
  ids(tx: ReadTransaction, token: FindToken, options?: IdOptions): AsyncIterable<string>
  whichHaveAll(
    tx: ReadTransaction,
    tokens: readonly FindToken[],
    ids: readonly string[],
  ): Promise<readonly string[]>
  idsThatBegin(tx: ReadTransaction, beginning: string, limit: number): Promise<readonly string[]>
}

interface Hit {
  readonly id: string
  readonly as: readonly WordKind[]
}

export interface Hits {
  /** Newest first. */
  readonly hits: readonly Hit[]
  /** `LOOKED_MAX` rows were looked at, and there are more. */
  readonly isCutOff: boolean
}

/**
 * The newest records of one kind that each word finds, in one of its meanings. Of several words the rarest leads, and
 * of each meaning its rarest token; what they find is looked up by the others, many at a time. So what one finds alone
 * a million times costs no more than `LOOKED_MAX`.
 */
export async function searchKind(
  tx: ReadTransaction,
  finder: Finder,
  words: readonly (readonly TakenWord[])[],
  { before, limit }: { readonly before: string | undefined; readonly limit: number },
): Promise<Hits> {
  const ordered: (readonly TakenWord[])[] = []
  for (const word of words) ordered.push(await rarestFirst(tx, finder, word))
  const lead = await fewest(
    ordered.map((word) => () => each(word, (meaning) => candidates(tx, finder, meaning))),
    LOOKED_MAX,
  )
  const others = ordered.filter((_word, place) => place !== lead)
  const found = new Map<string, WordKind[]>()
  let isCutOff = false
  for (const meaning of ordered[lead] ?? []) {
    const rest = [[{ ...meaning, tokens: meaning.tokens.slice(1) }], ...others]
    let [looked, taken] = [0, 0]
    for await (const ids of inBatches(candidates(tx, finder, meaning, before))) {
      const within = ids.slice(0, LOOKED_MAX - looked)
      for (const id of await thatMeetEach(tx, finder, rest, within)) {
        found.set(id, [...(found.get(id) ?? []), meaning.as])
        taken += 1
      }
      looked += ids.length
      isCutOff ||= looked > LOOKED_MAX && taken < limit
      if (looked > LOOKED_MAX || taken >= limit) break
    }
  }
  const ids = [...found.keys()].sort().reverse().slice(0, limit)
  return { hits: ids.map((id) => ({ id, as: found.get(id) ?? [] })), isCutOff }
}

/** The same meanings; of each, the token that the fewest have comes first. */
async function rarestFirst(
  tx: ReadTransaction,
  finder: Finder,
  word: readonly TakenWord[],
): Promise<readonly TakenWord[]> {
  const ordered: TakenWord[] = []
  for (const { tokens, ...meaning } of word) {
    const first = await fewest(
      tokens.map((token) => () => finder.ids(tx, token)),
      LOOKED_MAX,
    )
    const others = tokens.filter((_token, place) => place !== first)
    ordered.push({ ...meaning, tokens: [...tokens.slice(first, first + 1), ...others] })
  }
  return ordered
}

/** Newest first. */
async function* candidates(
  tx: ReadTransaction,
  finder: Finder,
  { tokens: [token], id }: TakenWord,
  before?: string,
): AsyncIterable<string> {
  if (token !== undefined) yield* finder.ids(tx, token, { before, reverse: true })
  if (id === undefined) return
  for (const one of await finder.idsThatBegin(tx, id, LOOKED_MAX + 1)) {
    if (before === undefined || one < before) yield one
  }
}

/** Those that each word finds in one of its meanings. */
async function thatMeetEach(
  tx: ReadTransaction,
  finder: Finder,
  words: readonly (readonly TakenWord[])[],
  ids: readonly string[],
): Promise<readonly string[]> {
  let left = ids
  for (const word of words) {
    const met = new Set<string>()
    for (const { tokens, id: beginning = '' } of word) {
      const begin = left.filter((id) => id.startsWith(beginning))
      for (const id of await finder.whichHaveAll(tx, tokens, begin)) met.add(id)
    }
    left = left.filter((id) => met.has(id))
  }
  return left
}

async function* each<One>(
  several: readonly One[],
  found: (one: One) => AsyncIterable<string>,
): AsyncIterable<string> {
  for (const one of several) yield* found(one)
}
