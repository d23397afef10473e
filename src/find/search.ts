import type { FindToken } from '../core/index.ts'
import { countUpTo, type IdOptions, type ReadTransaction } from '../store/index.ts'
import type { TakenWord, WordKind } from './words.ts'

/** How many rows of an index one question looks at in each kind of record, whatever it finds. */
const LOOKED_MAX = 10_000
/** How far rows are counted to see which word is the rarest. */
const PEEKED_MAX = 200

/** What finds the records of one kind. */
export interface Finder {
  ids(tx: ReadTransaction, token: FindToken, options?: IdOptions): AsyncIterable<string>
  hasAll(tx: ReadTransaction, tokens: readonly FindToken[], id: string): Promise<boolean>
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
 * what it finds is looked up by the others; so what one finds alone a million times costs no more than `LOOKED_MAX`.
 */
export async function searchKind(
  tx: ReadTransaction,
  finder: Finder,
  words: readonly (readonly TakenWord[])[],
  { before, limit }: { readonly before: string | undefined; readonly limit: number },
): Promise<Hits> {
  const lead = words.length === 1 ? 0 : await rarest(tx, finder, words)
  const others = words.filter((_word, index) => index !== lead)
  const found = new Map<string, WordKind[]>()
  let isCutOff = false
  for (const meaning of words[lead] ?? []) {
    let [looked, taken] = [0, 0]
    for await (const id of candidates(tx, finder, meaning, before)) {
      looked += 1
      if (looked > LOOKED_MAX) {
        isCutOff = true
        break
      }
      if (!(await finder.hasAll(tx, meaning.tokens.slice(1), id))) continue
      if (!(await meetsEach(tx, finder, others, id))) continue
      found.set(id, [...(found.get(id) ?? []), meaning.as])
      taken += 1
      if (taken >= limit) break
    }
  }
  const ids = [...found.keys()].sort().reverse().slice(0, limit)
  return { hits: ids.map((id) => ({ id, as: found.get(id) ?? [] })), isCutOff }
}

/** Newest first. */
async function* candidates(
  tx: ReadTransaction,
  finder: Finder,
  { tokens: [token], id }: TakenWord,
  before: string | undefined,
): AsyncIterable<string> {
  if (token !== undefined) yield* finder.ids(tx, token, { before, reverse: true })
  if (id === undefined) return
  for (const one of await finder.idsThatBegin(tx, id, LOOKED_MAX + 1)) {
    if (before === undefined || one < before) yield one
  }
}

async function meetsEach(
  tx: ReadTransaction,
  finder: Finder,
  words: readonly (readonly TakenWord[])[],
  id: string,
): Promise<boolean> {
  for (const word of words) {
    let isMet = false
    for (const { tokens, id: beginning } of word) {
      isMet ||=
        beginning === undefined ? await finder.hasAll(tx, tokens, id) : id.startsWith(beginning)
      if (isMet) break
    }
    if (!isMet) return false
  }
  return true
}

async function rarest(
  tx: ReadTransaction,
  finder: Finder,
  words: readonly (readonly TakenWord[])[],
): Promise<number> {
  const counts: number[] = []
  for (const word of words) {
    let count = 0
    for (const meaning of word) {
      count += await countUpTo(PEEKED_MAX, candidates(tx, finder, meaning, undefined))
    }
    counts.push(count)
  }
  return counts.indexOf(Math.min(...counts))
}
