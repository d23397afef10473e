import type { FindToken } from '../core/index.ts'
import { idsThatBegin } from './beginnings.ts'
import type { Records, Row } from './collection.ts'
import { type MigrationStep, stepThrough } from './format.ts'
import type { KeySpace } from './key-space.ts'
import type { ReadTransaction, Transaction } from './port.ts'
import { type IdOptions, idsBelow } from './ranges.ts'
import type { Digester, IndexPlace } from './table.ts'

/** 128 bits of a keyed digest: enough that no two of any number of tokens are one. */
const DIGEST_CHARS = 32
const BATCH = 200

/** Where records are found by tokens: to be the `by.found` of their table. */
export function foundBy<Found>(keys: KeySpace, tokensOf: (row: Found) => readonly FindToken[]) {
  return {
    keys,
    atEach: (row: Found, sealer: Digester): readonly IndexPlace[] =>
      [...new Set(tokensOf(row))].map((token) => placeOf(sealer, token)),
  }
}

/** Finds the records of one kind by tokens; the keys hold digests alone. */
export class TokenIndex<Clear, Sealed> {
  readonly #records: Pick<Records<Clear, Sealed>, 'name' | 'rows'>
  readonly #found: ReturnType<typeof foundBy<Row<Clear, Sealed>>>
  readonly #sealer: Digester

  constructor(
    records: Pick<Records<Clear, Sealed>, 'name' | 'rows'>,
    found: ReturnType<typeof foundBy<Row<Clear, Sealed>>>,
    sealer: Digester,
  ) {
    this.#records = records
    this.#found = found
    this.#sealer = sealer
  }

  /** Ids in their order, which is that of time; newest first where that is asked. */
  ids(tx: ReadTransaction, token: FindToken, options?: IdOptions): AsyncIterable<string> {
    return idsBelow(tx, this.#found.keys(...placeOf(this.#sealer, token)), options)
  }

  /** Those that have each of these tokens, in the order in which they are given. */
  async whichHaveAll(
    tx: ReadTransaction,
    tokens: readonly FindToken[],
    ids: readonly string[],
  ): Promise<readonly string[]> {
    let left = ids
    for (const token of tokens) {
      const place = placeOf(this.#sealer, token)
      const keys = left.map((id) => this.#found.keys(...place, id))
      await tx.prefetch(keys)
      const values = await Promise.all(keys.map((key) => tx.get(key)))
      left = left.filter((_id, position) => values[position] !== undefined)
    }
    return left
  }

  /** The newest ids that begin with a text. */
  idsThatBegin(tx: ReadTransaction, beginning: string, limit: number): Promise<readonly string[]> {
    return idsThatBegin(tx, this.#records.name, beginning, { limit, reverse: true })
  }

  /** Writes what finds records of before it was kept; `prepared` may bring one to its present form first. */
  step(
    prepared: (tx: Transaction, row: Row<Clear, Sealed>) => Promise<Row<Clear, Sealed>> = (
      _tx,
      row,
    ) => Promise.resolve(row),
  ): MigrationStep {
    return stepThrough(this.#records, {
      name: `finding each ${this.#records.name}`,
      limit: BATCH,
      work: async (tx, row) => {
        const now = await prepared(tx, row)
        for (const place of this.#found.atEach(now, this.#sealer)) {
          tx.put(this.#found.keys(...place, row.id), NOTHING)
        }
      },
    })
  }
}

const NOTHING = new Uint8Array()

function placeOf(sealer: Digester, token: FindToken): IndexPlace {
  return [sealer.digest('found', token).slice(0, DIGEST_CHARS)]
}
