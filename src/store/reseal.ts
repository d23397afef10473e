import { defined, type Sealer } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { bindingOf } from './collection.ts'
import { asBuffer } from './layout.ts'
import type { Key, Store } from './port.ts'
import { LOG_FORMAT, RECORD_HEADER_BYTES, sealedBy, sealedPartAt } from './sealed-value.ts'

const PAGE_KEYS = 2_000
const BATCH_RECORDS = 100

/** What one walk through the store did. */
export interface Resealed {
  /** Records that were sealed by another key and are not any more. */
  readonly resealed: number
  /** Records that cannot be read; they stay as they are. */
  readonly unreadable: number
}

/**
 * Seals anew every record that another key than the sealer's present one has sealed, a hundred in a
 * transaction, while the store is in use. What is committed meanwhile is sealed by the present key.
 */
export async function resealAll(
  store: Store,
  sealer: Sealer,
  progress: (done: number) => void,
  signal?: AbortSignal,
): Promise<Resealed> {
  let resealed = 0
  let unreadable = 0
  let after: Key | undefined
  while (signal?.aborted !== true) {
    const page = await oldOnes(after)
    for (let from = 0; from < page.old.length; from += BATCH_RECORDS) {
      const batch = page.old.slice(from, from + BATCH_RECORDS)
      const done = await store.transact((tx) => resealBatch(tx, batch))
      resealed += done.resealed
      unreadable += done.unreadable
      progress(resealed)
    }
    if (page.last === undefined) break
    after = page.last
  }
  return { resealed, unreadable }

  function oldOnes(from: Key | undefined): Promise<{ old: Key[]; last: Key | undefined }> {
    const options = { limit: PAGE_KEYS, ...defined({ after: from }) }
    return store.transact(async (tx) => {
      const old: Key[] = []
      let last: Key | undefined
      for await (const { key, value } of tx.range({ prefix: [] }, options)) {
        last = key
        if (isOld(value)) old.push(key)
      }
      return { old, last }
    })
  }

  function isOld(value: Uint8Array): boolean {
    const by = sealedBy(asBuffer(value))
    return by !== undefined && by !== sealer.keyId && sealer.knows(by)
  }

  async function resealBatch(
    tx: Parameters<Parameters<Store['transact']>[0]>[0],
    keys: readonly Key[],
  ): Promise<Resealed> {
    const done = { resealed: 0, unreadable: 0 }
    for (const key of keys) {
      const value = await tx.get(key)
      if (value === undefined || !isOld(value)) continue
      try {
        tx.put(key, resealedValue(key, Buffer.from(value), sealer))
        done.resealed += 1
      } catch (error) {
        if (!(error instanceof HindraError && error.code === 'STORE_CORRUPT')) throw error
        done.unreadable += 1
      }
    }
    return done
  }
}

/** The same record, sealed by the present key. Throws STORE_CORRUPT. */
function resealedValue(key: Key, value: Buffer, sealer: Sealer): Uint8Array {
  const { start, aad, plain } = unsealed(key, value, sealer)
  return Buffer.concat([value.subarray(0, start), sealer.seal(plain, aad)])
}

/** What is sealed in a value, whatever it is: a record of a collection, or an entry of a log. Throws STORE_CORRUPT. */
export function unsealed(key: Key, value: Buffer, sealer: Sealer) {
  const start = value[0] === LOG_FORMAT ? 1 : sealedPartAt(value)
  if (start === undefined) throw new HindraError('STORE_CORRUPT', 'this holds nothing sealed')
  const [name = '', id = ''] = key.map(String)
  const aad =
    value[0] === LOG_FORMAT
      ? name
      : bindingOf(name, id, value.toString('utf8', RECORD_HEADER_BYTES, start))
  return { start, aad, plain: sealer.open(value.subarray(start), aad) }
}
