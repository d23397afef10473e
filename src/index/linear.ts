import {
  HASH_WORDS,
  HASH256_BYTES,
  type Hash256,
  type HashWords,
  hashWords,
  nibbleBits,
  totalBits,
} from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { checkHash, checkLabel, checkLimit, checkQuery, indexClosed } from './checks.ts'
import { NearestHits } from './hits.ts'
import type { HashIndex, HashQuery, Hit, Label, PackedEntries } from './port.ts'

/** 256 KiB of hashes: growing allocates one more chunk and copies nothing. */
const CHUNK_HASHES = 8192
/** What a JavaScript Map can hold. */
const HASHES_MAX = 2 ** 24

interface Chunk {
  readonly words: Uint32Array
  readonly labels: Uint32Array
}

/**
 * Compares the query with every hash: exact, and so the truth that other indexes are measured
 * against. Holds up to 2^24 hashes, 36 bytes each and a Map entry. Throws INDEX_INVALID.
 */
export function createLinearIndex(): HashIndex {
  return new LinearIndex()
}

class LinearIndex implements HashIndex {
  readonly name = 'linear'
  readonly exact = true
  readonly #chunks: Chunk[] = []
  readonly #slots = new Map<Label, number>()
  #closed = false

  get size(): number {
    return this.#slots.size
  }

  add(label: Label, hash: Hash256): void {
    this.#checkOpen()
    checkLabel(label)
    checkHash(hash)
    const known = this.#slots.get(label)
    const slot = known ?? this.size
    if (slot >= HASHES_MAX) {
      throw new HindraError('INDEX_INVALID', `the linear index holds at most ${HASHES_MAX} hashes`)
    }
    if (slot === this.#chunks.length * CHUNK_HASHES) this.#chunks.push(newChunk())
    const [chunk, place] = this.#at(slot)
    chunk.words.set(hashWords(hash), place * HASH_WORDS)
    chunk.labels[place] = label
    if (known === undefined) this.#slots.set(label, slot)
  }

  remove(label: Label): boolean {
    this.#checkOpen()
    checkLabel(label)
    const slot = this.#slots.get(label)
    if (slot === undefined) return false
    const last = this.size - 1
    const [from, fromPlace] = this.#at(last)
    const [to, toPlace] = this.#at(slot)
    const moved = from.labels[fromPlace] ?? 0
    to.words.set(
      from.words.subarray(fromPlace * HASH_WORDS, (fromPlace + 1) * HASH_WORDS),
      toPlace * HASH_WORDS,
    )
    to.labels[toPlace] = moved
    this.#slots.set(moved, slot)
    this.#slots.delete(label)
    // One empty chunk may stay, so that adding and removing at its border allocates nothing.
    if (this.#chunks.length * CHUNK_HASHES >= last + 2 * CHUNK_HASHES) this.#chunks.pop()
    return true
  }

  search(query: HashQuery, limit?: number): readonly Hit[] {
    this.#checkOpen()
    checkQuery(query)
    checkLimit(limit)
    const nearest = new NearestHits(query.radius, limit)
    const words = hashWords(query.hash)
    let rest = this.size
    for (const chunk of this.#chunks) {
      scan(chunk, Math.min(rest, CHUNK_HASHES), words, nearest)
      rest -= CHUNK_HASHES
    }
    return nearest.sorted()
  }

  entries(): PackedEntries {
    this.#checkOpen()
    const labels = new Uint32Array(this.size)
    const hashes = new Uint8Array(this.size * HASH256_BYTES)
    this.#chunks.forEach((chunk, position) => {
      const start = position * CHUNK_HASHES
      const count = Math.max(0, Math.min(this.size - start, CHUNK_HASHES))
      labels.set(chunk.labels.subarray(0, count), start)
      const bytes = new Uint8Array(chunk.words.buffer, 0, count * HASH256_BYTES)
      hashes.set(bytes, start * HASH256_BYTES)
    })
    return { labels, hashes }
  }

  close(): void {
    this.#closed = true
    this.#chunks.length = 0
    this.#slots.clear()
  }

  #at(slot: number): readonly [Chunk, number] {
    const chunk = this.#chunks[Math.floor(slot / CHUNK_HASHES)]
    if (chunk === undefined) throw new HindraError('INTERNAL', 'a slot of the index has no chunk')
    return [chunk, slot % CHUNK_HASHES]
  }

  #checkOpen(): void {
    if (this.#closed) throw indexClosed()
  }
}

function newChunk(): Chunk {
  return {
    words: new Uint32Array(CHUNK_HASHES * HASH_WORDS),
    labels: new Uint32Array(CHUNK_HASHES),
  }
}

/** Three words rule out nearly every stranger at the radii in use; five more settle the rest. */
function scan(chunk: Chunk, count: number, query: HashWords, nearest: NearestHits): void {
  const { words, labels } = chunk
  const [q0 = 0, q1 = 0, q2 = 0, q3 = 0, q4 = 0, q5 = 0, q6 = 0, q7 = 0] = query
  let radius = nearest.radius
  for (let place = 0, at = 0; place < count; place += 1, at += HASH_WORDS) {
    let distance = totalBits(
      nibbleBits((words[at] ?? 0) ^ q0) +
        nibbleBits((words[at + 1] ?? 0) ^ q1) +
        nibbleBits((words[at + 2] ?? 0) ^ q2),
    )
    if (distance > radius) continue
    distance += totalBits(
      nibbleBits((words[at + 3] ?? 0) ^ q3) +
        nibbleBits((words[at + 4] ?? 0) ^ q4) +
        nibbleBits((words[at + 5] ?? 0) ^ q5),
    )
    if (distance > radius) continue
    distance += totalBits(
      nibbleBits((words[at + 6] ?? 0) ^ q6) + nibbleBits((words[at + 7] ?? 0) ^ q7),
    )
    if (distance > radius) continue
    nearest.push(labels[place] ?? 0, distance)
    radius = nearest.radius
  }
}
