import type { Sealer } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { isDamage, readable, REMOVED, REPLACED } from './damage.ts'
import { asBuffer } from './layout.ts'
import type { KeySpace } from './key-space.ts'
import type { Key, ReadTransaction, Store, Transaction } from './port.ts'
import { inPages, type PageOptions, take } from './ranges.ts'
import { RECORD_FORMAT, RECORD_HEADER_BYTES, sealedPartAt } from './sealed-value.ts'

/** One record: what lists and statistics need in the clear, the rest sealed. */
export interface Row<Clear, Sealed> {
  readonly id: string
  readonly clear: Clear
  readonly sealed: Sealed
}

/** A record whose sealed part was not opened: enough for lists, and cheap. */
export interface ClearRow<Clear> {
  readonly id: string
  readonly clear: Clear
}

/**
 * What records of one kind are read by, whoever writes them. One that is damaged is noted (`Store.damaged`):
 * who asks for it is refused, and who reads many reads the others, so that no list falls with one record.
 */
export abstract class Records<Clear, Sealed> {
  readonly name: string
  readonly #space: KeySpace
  readonly #sealer: Sealer

  constructor(space: KeySpace, sealer: Sealer) {
    this.name = space().join('/')
    this.#space = space
    this.#sealer = sealer
  }

  /** Below which key all of them are. */
  prefix(): Key {
    return this.#space()
  }

  async get(tx: ReadTransaction, id: string): Promise<Row<Clear, Sealed> | undefined> {
    const value = await tx.get(this.#space(id))
    return this.#read(tx, id, value, () => value && this.#open(id, value))
  }

  /** As `get`, without opening the sealed part: a hint, for nothing says that the clear part is whole. */
  async getClear(tx: ReadTransaction, id: string): Promise<Clear | undefined> {
    const value = await tx.get(this.#space(id))
    return this.#read(tx, id, value, () => value && this.#openClear(id, value))
  }

  /** As `get`; throws NOT_FOUND. */
  async need(tx: ReadTransaction, id: string): Promise<Row<Clear, Sealed>> {
    const row = await this.get(tx, id)
    if (row === undefined) throw new HindraError('NOT_FOUND', `no ${this.name} has the id ${id}`)
    return row
  }

  /** In order of id, which is the order of creation; without what is damaged. */
  rows(tx: ReadTransaction, options?: PageOptions): AsyncIterable<Row<Clear, Sealed>> {
    return this.#whole(tx, options, (id, value) => this.#open(id, value))
  }

  /** As `rows`, without opening the sealed parts. */
  clearRows(tx: ReadTransaction, options?: PageOptions): AsyncIterable<ClearRow<Clear>> {
    return this.#whole(tx, options, (id, value) => ({ id, clear: this.#openClear(id, value) }))
  }

  /** How many there are, without reading what they say; at most `max` are counted. What is damaged is among them. */
  count(tx: ReadTransaction, max?: number): Promise<number> {
    return tx.count({ prefix: this.#space() }, max)
  }

  /** The rows of one page. */
  page(tx: ReadTransaction, options?: PageOptions): Promise<Row<Clear, Sealed>[]> {
    return take(this.rows(tx, options))
  }

  /** All rows, page after page: see `inPages`. */
  pages(store: Pick<Store, 'transact'>, limit: number): AsyncIterable<Row<Clear, Sealed>[]> {
    return inPages<Row<Clear, Sealed>[], string>(store, async (tx, after) => {
      const found = await this.page(tx, { after, limit })
      return { found, last: found.length < limit ? undefined : found.at(-1)?.id }
    })
  }

  /** Ids of the first ones, as long as they are meant: what was created before a time, say. */
  async idsWhile(
    tx: ReadTransaction,
    limit: number,
    isMeant: (row: ClearRow<Clear>) => boolean,
  ): Promise<string[]> {
    const ids: string[] = []
    if (limit <= 0) return ids
    for await (const row of this.clearRows(tx)) {
      if (!isMeant(row)) break
      ids.push(row.id)
      if (ids.length >= limit) break
    }
    return ids
  }

  protected write(tx: Transaction, { id, clear, sealed }: Row<Clear, Sealed>): void {
    const clearJson = JSON.stringify(clear)
    const clearBytes = Buffer.from(clearJson)
    const header = Buffer.alloc(RECORD_HEADER_BYTES)
    header.writeUInt8(RECORD_FORMAT, 0)
    header.writeUInt32BE(clearBytes.length, 1)
    const plain = Buffer.from(JSON.stringify(sealed))
    const sealedBytes = this.#sealer.seal(plain, bindingOf(this.name, id, clearJson))
    tx.put(this.#space(id), Buffer.concat([header, clearBytes, sealedBytes]))
  }

  protected drop(tx: Transaction, id: string): void {
    tx.delete(this.#space(id))
  }

  async *#whole<Found>(
    tx: ReadTransaction,
    { after, limit = Infinity, reverse = false }: PageOptions = {},
    open: (id: string, value: Uint8Array) => Found,
  ): AsyncIterable<Found> {
    const start = after === undefined ? {} : { after: this.#space(after) }
    let left = limit
    if (left <= 0) return
    for await (const { key, value } of tx.range({ prefix: this.#space() }, { reverse, ...start })) {
      const id = String(key[1])
      const found = readable(() => this.#read(tx, id, value, () => open(id, value)))
      if (found === undefined) continue
      yield found
      left -= 1
      if (left <= 0) return
    }
  }

  /** Opens what was read, unless another copy was written last, and notes what cannot be read. */
  #read<Found>(
    tx: ReadTransaction,
    id: string,
    value: Uint8Array | undefined,
    open: () => Found,
  ): Found {
    const key = this.#space(id)
    if (tx.isReplayed(key, value)) {
      const how = value === undefined ? REMOVED : REPLACED
      tx.damaged(key, how)
      throw new HindraError('STORE_CORRUPT', `the ${this.name} with the id ${id} ${how}`)
    }
    try {
      return open()
    } catch (error) {
      if (isDamage(error)) tx.damaged(key)
      throw error
    }
  }

  #open(id: string, value: Uint8Array): Row<Clear, Sealed> {
    const { clearJson, sealedBytes } = this.#split(id, value)
    const plain = this.#unseal(id, sealedBytes, clearJson)
    const sealed = JSON.parse(Buffer.from(plain).toString('utf8')) as Sealed
    return { id, clear: this.#parseClear(id, clearJson), sealed }
  }

  #openClear(id: string, value: Uint8Array): Clear {
    return this.#parseClear(id, this.#split(id, value).clearJson)
  }

  #split(id: string, value: Uint8Array): { clearJson: string; sealedBytes: Uint8Array } {
    const bytes = asBuffer(value)
    const end = sealedPartAt(bytes)
    if (end === undefined) throw this.#unreadable(id)
    return {
      clearJson: bytes.toString('utf8', RECORD_HEADER_BYTES, end),
      sealedBytes: bytes.subarray(end),
    }
  }

  #unseal(id: string, sealedBytes: Uint8Array, clearJson: string): Uint8Array {
    try {
      return this.#sealer.open(sealedBytes, bindingOf(this.name, id, clearJson))
    } catch (error) {
      if (error instanceof HindraError && error.code === 'KEY_WRONG') throw error
      throw this.#unreadable(id, error)
    }
  }

  #parseClear(id: string, json: string): Clear {
    try {
      return JSON.parse(json) as Clear
    } catch (cause) {
      throw this.#unreadable(id, cause)
    }
  }

  #unreadable(id: string, cause?: unknown): HindraError {
    const message = `the ${this.name} with the id ${id} cannot be read`
    return new HindraError('STORE_CORRUPT', message, { cause })
  }
}

/**
 * Records of one kind under [name, id]: format (1), length of the clear part (4), clear part
 * (JSON), sealed part (JSON, sealed and bound to its place and to the clear part). URLs, hashes,
 * free text and contacts belong in the sealed part; `Clear` and `Sealed` must survive JSON.
 * Reading throws STORE_CORRUPT where either part was changed or moved, KEY_WRONG where another
 * key sealed it; `clearRows` checks no more than that the clear part can be read. What is found
 * by something other than its id is a `table`.
 */
export class Collection<Clear, Sealed> extends Records<Clear, Sealed> {
  put(tx: Transaction, id: string, clear: Clear, sealed: Sealed): void {
    this.write(tx, { id, clear, sealed })
  }

  delete(tx: Transaction, id: string): void {
    this.drop(tx, id)
  }
}

/** What the sealed part of a record is bound to: its place and its clear part. */
export function bindingOf(name: string, id: string, clearJson: string): string {
  return `${name}/${id}\n${clearJson}`
}
