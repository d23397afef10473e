import { firstAtLeast } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Key, StoreLimits, Versionstamp } from './port.ts'
import { encodeKey, type KeyBytes } from './tuple.ts'
import { combineWrites, sizeOfWrite, type Write } from './write.ts'

/** What a versionstamp and a count add to a key. */
const STAMP_BYTES = encodeKey(['0'.repeat(20), 0]).length

/** What one transaction means to write, and whether that is within the limits. */
export class WriteBuffer {
  readonly #limits: StoreLimits
  readonly #writes = new Map<KeyBytes, Write>()
  readonly #stamped: { prefix: Key; value: Buffer }[] = []
  #sorted: KeyBytes[] | undefined
  #bytes = 0

  constructor(limits: StoreLimits) {
    this.#limits = limits
  }

  get empty(): boolean {
    return this.#writes.size === 0 && this.#stamped.length === 0
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: KeyBytes): Write | undefined {
    return this.#writes.get(key)
  }

  /** Throws TX_TOO_LARGE, and then holds what it held before. */
  write(key: KeyBytes, write: Write): void {
    const before = this.#writes.get(key)
    const after = before === undefined ? write : combineWrites(before, write)
    const freed = before === undefined ? 0 : key.length + sizeOfWrite(before)
    this.#grow(key.length, sizeOfWrite(after), freed)
    if (before === undefined) this.#sorted = undefined
    this.#writes.set(key, after)
  }

  writeStamped(prefix: Key, value: Buffer): void {
    this.#grow(encodeKey(prefix).length + STAMP_BYTES, value.length, 0)
    this.#stamped.push({ prefix, value })
  }

  /** Gives the versionstamped values their keys, once the stamp is known. */
  stamp(versionstamp: Versionstamp): void {
    for (const [position, { prefix, value }] of this.#stamped.entries()) {
      this.#writes.set(encodeKey([...prefix, versionstamp, position]), value)
    }
    this.#stamped.length = 0
    this.#sorted = undefined
  }

  /** In order of key. */
  keys(): readonly KeyBytes[] {
    this.#sorted ??= [...this.#writes.keys()].sort()
    return this.#sorted
  }

  /** The writes to low <= key < high as they are now, in order of key. */
  within(low: KeyBytes, high: KeyBytes): [KeyBytes, Write][] {
    const keys = this.keys()
    const found: [KeyBytes, Write][] = []
    for (let at = firstAtLeast(keys, low); at < keys.length; at++) {
      const key = keys[at]
      if (key === undefined || key >= high) break
      const write = this.#writes.get(key)
      if (write !== undefined) found.push([key, write])
    }
    return found
  }

  entries(): Iterable<[KeyBytes, Write]> {
    return this.#writes
  }

  #grow(keyBytes: number, valueBytes: number, freed: number): void {
    const { keyBytesMax, valueBytesMax, transactionBytesMax } = this.#limits
    const total = this.#bytes + keyBytes + valueBytes - freed
    if (keyBytes > keyBytesMax) throw tooLarge('key', keyBytes, keyBytesMax)
    if (valueBytes > valueBytesMax) throw tooLarge('value', valueBytes, valueBytesMax)
    if (total > transactionBytesMax) throw tooLarge('transaction', total, transactionBytesMax)
    this.#bytes = total
  }
}

function tooLarge(what: string, bytes: number, max: number): HindraError {
  return new HindraError('TX_TOO_LARGE', `a ${what} of ${bytes} bytes; the store takes ${max}`)
}
