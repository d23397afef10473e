import type { RecordArena } from './record-arena.ts'

/** A table of shards grows one shard at a time: no insertion ever moves more than one of them. */
const SHARDS = 256
const SHARD_BITS = 8
const SLOTS_START = 8
/** 2^32 over the golden ratio (Knuth, The Art of Computer Programming, 6.4). */
const MIX = 0x9e3779b1

/**
 * Finds rows by one field of their records: open addressing with linear probing over row numbers
 * alone, 4 bytes a slot, for the key is in the record. Several rows may have the same key. A row's
 * field must not change while the row is in the table.
 */
export class ByteTable {
  readonly #records: RecordArena
  readonly #offset: number
  readonly #bytes: number
  /** Row + 1; 0 is an empty slot. */
  readonly #shards = Array.from({ length: SHARDS }, () => new Uint32Array(SLOTS_START))
  readonly #used = new Uint32Array(SHARDS)

  /** @param field Where the key lies in the record, at least 4 bytes. */
  constructor(records: RecordArena, field: { readonly offset: number; readonly bytes: number }) {
    this.#records = records
    this.#offset = field.offset
    this.#bytes = field.bytes
  }

  get rows(): number {
    return this.#used.reduce((all, used) => all + used, 0)
  }

  /** Makes room for so many rows in all, so that adding them moves none. */
  reserve(rows: number): void {
    let slots = SLOTS_START
    // Keys fall into shards at random: an eighth more than the mean is nearly always enough.
    while (3 * slots < 4 * 1.125 * (rows / SHARDS)) slots *= 2
    for (const [number, shard] of this.#shards.entries()) {
      if (shard.length < slots) this.#shards[number] = this.#grown(shard, slots)
    }
  }

  add(row: number): void {
    const hash = this.#hashOf(row)
    const number = hash >>> (32 - SHARD_BITS)
    const used = (this.#used[number] ?? 0) + 1
    this.#used[number] = used
    let shard = this.#shard(hash)
    if (4 * used > 3 * shard.length) {
      shard = this.#grown(shard, 2 * shard.length)
      this.#shards[number] = shard
    }
    place(shard, hash, row + 1)
  }

  /** The row must be in the table. */
  remove(row: number): void {
    const hash = this.#hashOf(row)
    const shard = this.#shard(hash)
    const mask = shard.length - 1
    let hole = hash & mask
    while (shard[hole] !== row + 1) {
      if (shard[hole] === 0) return
      hole = (hole + 1) & mask
    }
    this.#used[hash >>> (32 - SHARD_BITS)] = (this.#used[hash >>> (32 - SHARD_BITS)] ?? 0) - 1
    // What was pushed past the hole moves back into it, so that no search ends too early.
    for (let next = (hole + 1) & mask; shard[next] !== 0; next = (next + 1) & mask) {
      const held = shard[next] ?? 0
      const home = this.#hashOf(held - 1) & mask
      if (((next - home) & mask) < ((next - hole) & mask)) continue
      shard[hole] = held
      hole = next
    }
    shard[hole] = 0
  }

  /** The rows with this key, in no order. */
  find(key: Buffer): number[] {
    return [...this.#withKey(key, 0)]
  }

  /** Whether a row in the table has the key of this one, which need not be in it. */
  hasKeyOf(row: number): boolean {
    const start = this.#records.offsetOf(row) + this.#offset
    return this.#withKey(this.#records.pageOf(row), start).next().done !== true
  }

  *#withKey(bytes: Buffer, from: number): Generator<number, undefined> {
    const word = bytes.readUInt32LE(from + this.#bytes - 4)
    const hash = mix(word)
    const shard = this.#shard(hash)
    const mask = shard.length - 1
    for (let slot = hash & mask; shard[slot] !== 0; slot = (slot + 1) & mask) {
      const row = (shard[slot] ?? 0) - 1
      const page = this.#records.pageOf(row)
      const start = this.#records.offsetOf(row) + this.#offset
      const end = start + this.#bytes
      // The last word differs where the key does, but for one of 2^32: the whole is compared once.
      if (page.readUInt32LE(end - 4) !== word) continue
      if (page.compare(bytes, from, from + this.#bytes, start, end) === 0) yield row
    }
  }

  #grown(shard: Uint32Array, slots: number): Uint32Array<ArrayBuffer> {
    const larger = new Uint32Array(slots)
    for (const held of shard) if (held !== 0) place(larger, this.#hashOf(held - 1), held)
    return larger
  }

  #shard(hash: number): Uint32Array<ArrayBuffer> {
    return this.#shards[hash >>> (32 - SHARD_BITS)] ?? new Uint32Array(SLOTS_START)
  }

  /** A hash of the last bytes of the key: those of an id are random, the first ones are a time. */
  #hashOf(row: number): number {
    const end = this.#records.offsetOf(row) + this.#offset + this.#bytes
    return mix(this.#records.pageOf(row).readUInt32LE(end - 4))
  }
}

function mix(word: number): number {
  return Math.imul(word, MIX) >>> 0
}

function place(shard: Uint32Array, hash: number, held: number): void {
  const mask = shard.length - 1
  let slot = hash & mask
  while (shard[slot] !== 0) slot = (slot + 1) & mask
  shard[slot] = held
}
