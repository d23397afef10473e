import { HASH256_BYTES } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { PackedEntries } from './port.ts'

const CHUNK_ENTRIES = 4_096
const LABEL_BYTES = 4
const ENTRY_BYTES = LABEL_BYTES + HASH256_BYTES

/** How a portable index is saved: chunks of up to 4096 labels followed by their hashes. */
export function inChunks(asked: Promise<PackedEntries>): AsyncIterable<Uint8Array> {
  // Whoever reads the chunks learns why there are none; until then nobody has to listen.
  asked.catch(() => undefined)
  return chunksOf(asked)
}

async function* chunksOf(asked: Promise<PackedEntries>): AsyncIterable<Uint8Array> {
  const { labels, hashes } = await asked
  for (let start = 0; start < labels.length; start += CHUNK_ENTRIES) {
    const some = labels.subarray(start, start + CHUNK_ENTRIES)
    const chunk = Buffer.alloc(some.length * ENTRY_BYTES)
    some.forEach((label, i) => chunk.writeUInt32LE(label, i * LABEL_BYTES))
    const from = start * HASH256_BYTES
    chunk.set(hashes.subarray(from, from + some.length * HASH256_BYTES), some.length * LABEL_BYTES)
    yield chunk
  }
}

/** Throws INDEX_CORRUPT for what `inChunks` has not made. */
export function entriesOf(chunk: Uint8Array): PackedEntries {
  const count = chunk.length / ENTRY_BYTES
  if (!Number.isInteger(count) || count === 0 || count > CHUNK_ENTRIES) {
    throw new HindraError('INDEX_CORRUPT', 'a saved part of the index has a length of no meaning')
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  return {
    labels: Uint32Array.from({ length: count }, (_, i) => view.getUint32(i * LABEL_BYTES, true)),
    hashes: Uint8Array.from(chunk.subarray(count * LABEL_BYTES)),
  }
}
