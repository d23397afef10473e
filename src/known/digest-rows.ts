import { ByteTable } from './byte-table.ts'
import { RecordArena } from './record-arena.ts'

/** Layout of a record: row of the item, then the digest; zeros where the item was removed. */
const ITEM = 0
const DIGEST = 4

/**
 * Digests of a kind that few lists hold, with the rows of their items, in order of row: what has none costs
 * nothing. About 5 bytes a digest in the table that finds it.
 */
export class DigestRows {
  readonly records: RecordArena
  readonly #bytes: number
  readonly #byDigest: ByteTable
  #count = 0

  /** @param bytes How many a digest has. */
  constructor(bytes: number) {
    this.#bytes = bytes
    this.records = new RecordArena(DIGEST + bytes)
    this.#byDigest = new ByteTable(this.records, { offset: DIGEST, bytes })
  }

  get count(): number {
    return this.#count
  }

  /** @param itemRow Above all that were added before. */
  add(itemRow: number, hex: string): void {
    const record = this.records.append()
    const page = this.records.pageOf(record)
    const at = this.records.offsetOf(record)
    page.writeUInt32LE(itemRow, at + ITEM)
    page.write(hex, at + DIGEST, 'hex')
    this.#enter(record)
  }

  /** What the item has of it; nothing where it has none. */
  remove(itemRow: number): void {
    const record = this.#recordOf(itemRow)
    if (record === undefined || this.#isRemoved(record)) return
    this.#byDigest.remove(record)
    const at = this.records.offsetOf(record)
    this.records.pageOf(record).fill(0, at + DIGEST, at + DIGEST + this.#bytes)
    this.#count -= 1
  }

  /** Rows of the items that have the digest, in no order. */
  find(hex: string): readonly number[] {
    const key = Buffer.from(hex, 'hex')
    if (key.length !== this.#bytes || this.#count === 0) return []
    return this.#byDigest.find(key).map((record) => this.#itemRowOf(record))
  }

  /** Loads a saved page. */
  load(saved: Uint8Array): void {
    const from = this.records.rows
    this.records.load(saved)
    for (let record = from; record < this.records.rows; record += 1) {
      if (!this.#isRemoved(record)) this.#enter(record)
    }
  }

  #enter(record: number): void {
    this.#byDigest.add(record)
    this.#count += 1
  }

  /** The record of a row, by bisection: records are in order of row. */
  #recordOf(itemRow: number): number | undefined {
    let [low, high] = [0, this.records.rows]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#itemRowOf(middle) < itemRow) low = middle + 1
      else high = middle
    }
    return low < this.records.rows && this.#itemRowOf(low) === itemRow ? low : undefined
  }

  #itemRowOf(record: number): number {
    return this.records.pageOf(record).readUInt32LE(this.records.offsetOf(record) + ITEM)
  }

  #isRemoved(record: number): boolean {
    const at = this.records.offsetOf(record) + DIGEST
    return this.records
      .pageOf(record)
      .subarray(at, at + this.#bytes)
      .every((byte) => byte === 0)
  }
}
