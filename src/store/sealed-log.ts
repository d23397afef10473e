import type { Sealer } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { KeySpace } from './key-space.ts'
import type { Key, RangeOptions, Transaction } from './port.ts'
import { LOG_FORMAT } from './sealed-value.ts'

/**
 * Sealed entries under one name, in commit order, at [name, versionstamp, n]: format (1), JSON,
 * sealed and bound to the name. To the name alone, as the place of an entry is not known before its
 * commit: whoever must know that none was moved chains them.
 */
export class SealedLog<Entry> {
  readonly keys: KeySpace
  readonly #name: string
  readonly #sealer: Sealer

  constructor(keys: KeySpace, sealer: Sealer) {
    this.keys = keys
    this.#name = keys().join('/')
    this.#sealer = sealer
  }

  append(tx: Transaction, entry: Entry): void {
    tx.putWithVersionstamp(this.keys(), this.#encode(entry))
  }

  /** Puts another entry into the place of one. */
  replace(tx: Transaction, key: Key, entry: Entry): void {
    tx.put(key, this.#encode(entry))
  }

  async get(tx: Transaction, key: Key): Promise<Entry | undefined> {
    const value = await tx.get(key)
    return value === undefined ? undefined : this.decode(value)
  }

  /** Throws STORE_CORRUPT, KEY_WRONG. */
  decode(value: Uint8Array): Entry {
    if (value[0] !== LOG_FORMAT) {
      throw new HindraError('STORE_CORRUPT', `an entry of ${this.#name} has another format`)
    }
    const plain = this.#sealer.open(value.subarray(1), this.#name)
    return JSON.parse(Buffer.from(plain).toString('utf8')) as Entry
  }

  async *entries(
    tx: Transaction,
    options: RangeOptions = {},
  ): AsyncIterable<{ readonly key: Key; readonly entry: Entry }> {
    for await (const { key, value } of tx.range({ prefix: this.keys() }, options)) {
      yield { key, entry: this.decode(value) }
    }
  }

  #encode(entry: Entry): Uint8Array {
    const sealed = this.#sealer.seal(Buffer.from(JSON.stringify(entry)), this.#name)
    return Buffer.concat([Buffer.of(LOG_FORMAT), sealed])
  }
}
