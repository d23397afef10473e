import { createHash } from 'node:crypto'
import type { JWK } from 'jose'
import { createSealer, DATA_KEY_BYTES, isoTime } from '../core/index.ts'
import { type Context, type DataKeys, ringJson, type StoredPair } from '../store/index.ts'
import { escrowId, sealFor } from './escrow.ts'
import {
  type BackupHeader,
  bindingOf,
  lengthOf,
  MAGIC,
  PART_BYTES,
  packPairs,
  TRAILER,
} from './format.ts'

/**
 * All of the store as of one moment, sealed, as a stream: magic, header, sealed parts (the record
 * keys, the pairs, the count), and a last line by which a copy is known to be whole without any key.
 * The store goes on meanwhile.
 */
export async function* writeBackup(
  { store, clock, random, newId }: Context,
  keys: DataKeys,
  recipients: readonly JWK[],
): AsyncGenerator<Uint8Array> {
  const fileKey = random.bytes(DATA_KEY_BYTES)
  const sealer = createSealer(fileKey, random)
  const header: BackupHeader = {
    id: newId(),
    at: isoTime(clock.now()),
    dataKey: keys.wrap(fileKey),
    escrow: await Promise.all(
      recipients.map(async (key) => ({
        id: await escrowId(key),
        jwe: await sealFor(key, fileKey),
      })),
    ),
  }
  const hash = createHash('sha256')
  let number = 0

  yield hashed(Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`))
  let pairs: StoredPair[] = []
  let bytes = 0
  let count = 0
  for await (const pair of store.dump()) {
    // Read once the moment is fixed: whatever sealed a record of it is among them.
    if (count === 0) yield part(Buffer.from(JSON.stringify(ringJson(keys.sealer.keys))))
    pairs.push(pair)
    count += 1
    bytes += pair.key.length + pair.value.length
    if (bytes < PART_BYTES) continue
    yield part(packPairs(pairs))
    pairs = []
    bytes = 0
  }
  if (pairs.length > 0) yield part(packPairs(pairs))
  yield part(Buffer.from(JSON.stringify({ end: true, pairs: count })))
  // A part of no length ends them.
  yield hashed(lengthOf(Buffer.alloc(0)))
  yield Buffer.from(`${TRAILER}${hash.digest('hex')}\n`)

  function part(plain: Uint8Array): Uint8Array {
    const sealed = sealer.seal(plain, bindingOf(header.id, number))
    number += 1
    return hashed(Buffer.concat([lengthOf(sealed), sealed]))
  }

  function hashed(chunk: Uint8Array): Uint8Array {
    hash.update(chunk)
    return chunk
  }
}
