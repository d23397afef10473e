import type { Sealer } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { RangeOptions, Transaction } from './port.ts'

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

const FORMAT = 1
const HEADER_BYTES = 5

/**
 * Records of one kind under [name, id]: format (1), length of the clear part (4), clear part
 * (JSON), sealed part (JSON, sealed and bound to its place). URLs, hashes, free text and contacts
 * belong in the sealed part; `Clear` and `Sealed` must survive JSON.
 */
export class Collection<Clear, Sealed> {
  readonly name: string
  readonly #sealer: Sealer

  constructor(name: string, sealer: Sealer) {
    this.name = name
    this.#sealer = sealer
  }

  put(tx: Transaction, id: string, clear: Clear, sealed: Sealed): void {
    const clearBytes = Buffer.from(JSON.stringify(clear))
    const header = Buffer.alloc(HEADER_BYTES)
    header.writeUInt8(FORMAT, 0)
    header.writeUInt32BE(clearBytes.length, 1)
    const sealedBytes = this.#sealer.seal(Buffer.from(JSON.stringify(sealed)), this.#place(id))
    tx.put([this.name, id], Buffer.concat([header, clearBytes, sealedBytes]))
  }

  async get(tx: Transaction, id: string): Promise<Row<Clear, Sealed> | undefined> {
    const value = await tx.get([this.name, id])
    return value === undefined ? undefined : this.#open(id, value)
  }

  /** As `get`; throws NOT_FOUND. */
  async need(tx: Transaction, id: string): Promise<Row<Clear, Sealed>> {
    const row = await this.get(tx, id)
    if (row === undefined) throw new HindraError('NOT_FOUND', `no ${this.name} has the id ${id}`)
    return row
  }

  delete(tx: Transaction, id: string): void {
    tx.delete([this.name, id])
  }

  /** In order of id, which is the order of creation. */
  async *rows(tx: Transaction, options: RangeOptions = {}): AsyncIterable<Row<Clear, Sealed>> {
    for await (const { key, value } of tx.range({ prefix: [this.name] }, options)) {
      yield this.#open(String(key[1]), value)
    }
  }

  /** As `rows`, without opening the sealed parts. */
  async *clearRows(tx: Transaction, options: RangeOptions = {}): AsyncIterable<ClearRow<Clear>> {
    for await (const { key, value } of tx.range({ prefix: [this.name] }, options)) {
      yield { id: String(key[1]), clear: this.#clear(value).clear }
    }
  }

  #open(id: string, value: Uint8Array): Row<Clear, Sealed> {
    const { clear, end } = this.#clear(value)
    const plain = this.#sealer.open(value.subarray(end), this.#place(id))
    return { id, clear, sealed: JSON.parse(Buffer.from(plain).toString('utf8')) as Sealed }
  }

  #clear(value: Uint8Array): { clear: Clear; end: number } {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    const end = bytes.length < HEADER_BYTES ? Infinity : HEADER_BYTES + bytes.readUInt32BE(1)
    if (bytes[0] !== FORMAT || end > bytes.length) {
      throw new HindraError('STORE_CORRUPT', `a record of ${this.name} cannot be read`)
    }
    return { clear: JSON.parse(bytes.toString('utf8', HEADER_BYTES, end)) as Clear, end }
  }

  #place(id: string): string {
    return `${this.name}/${id}`
  }
}
