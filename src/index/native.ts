import {
  type NativeCore,
  type NativeHammingIndex,
  type NativeHammingWriter,
  nativeCore,
  nativeCoreAbsence,
} from '../../native/binding.ts'
import { HASH256_BYTES, type Hash256 } from '../core/index.ts'
import { type ErrorCode, HindraError } from '../errors.ts'
import {
  checkEntries,
  checkHash,
  checkLabel,
  checkLimit,
  checkQuery,
  indexClosed,
} from './checks.ts'
import { checkLists, checkPacked, ownsMemory, packRadii } from './native-checks.ts'
import type { HashIndex, HashQuery, Hit, Label, PackedHits } from './port.ts'

const ALL_LISTS = 0xffffffff
/** Queries a job of the thread pool: what others wait for at most. */
const QUERIES_A_JOB = 1024
const IDLE_POLL_MS = 5

export interface SearchOptions {
  /** The nearest so many; all by default. */
  readonly limit?: number
  /** 32-bit mask of lists; hashes in none of them are passed over. All by default. */
  readonly lists?: number
}

export interface IndexStats {
  readonly hashes: number
  /** Newest hashes, which are compared one by one. */
  readonly deltaHashes: number
  readonly segments: number
  /** Removed hashes that still take room. */
  readonly tombstones: number
  readonly residentBytes: number
  readonly merging: boolean
}

/**
 * The exact index of the native core, process-global: every thread that holds it, by `handle`, sees
 * the same hashes, and may add, remove and search at the same time. It lives for as long as one of
 * them holds it. Every call throws INDEX_INVALID for what is out of range and after `close`.
 */
export interface NativeIndex extends HashIndex {
  readonly name: 'native'
  /** The handle that `openNativeIndex` takes on another thread of this process. */
  readonly handle: number
  /**
   * Adds n labels with their hashes (32 n bytes), replacing what the labels named before; the next
   * search finds them. `lists` is a 32-bit mask of the lists that hold them, all by default. From
   * 65,536 hashes on they are sorted before the call returns, on all processors.
   */
  addAll(labels: Uint32Array, hashes: Uint8Array, lists?: number): void
  /** How many of them there were. */
  removeAll(labels: Uint32Array): number
  /** n hashes (32 n bytes); one radius for all, or one each, 0 to 64. */
  searchAll(hashes: Uint8Array, radii: number | Uint8Array, options?: SearchOptions): PackedHits
  /** The same on the thread pool, in jobs of 1,024 queries, so that others get their turn. */
  searchAllAsync(
    hashes: Uint8Array,
    radii: number | Uint8Array,
    options?: SearchOptions,
  ): Promise<PackedHits>
  /** How many hashes are within the radius. */
  count(hash: Hash256, radius: number, options?: SearchOptions): number
  /**
   * The index as it was when this was called, with format version, counts and checksums, in pieces of
   * up to 256 KiB; searches and changes go on meanwhile. In the clear: the caller seals them.
   */
  chunks(): AsyncIterable<Uint8Array>
  stats(): IndexStats
  /** Resolves once all merging that is worth it has been done. */
  idle(): Promise<void>
}

/** Throws INDEX_UNAVAILABLE where there is no native core. */
export function createNativeIndex(): NativeIndex {
  const { HammingIndex } = neededCore()
  return new NativeFace(() => new HammingIndex())
}

/** The index that another thread of this process made. Throws INDEX_INVALID, INDEX_UNAVAILABLE. */
export function openNativeIndex(handle: number): NativeIndex {
  const { HammingIndex } = neededCore()
  if (!Number.isInteger(handle) || handle < 1 || handle > ALL_LISTS) {
    throw new HindraError('INDEX_INVALID', 'a handle is a positive integer')
  }
  return new NativeFace(() => new HammingIndex(handle))
}

/**
 * Reads what `chunks` gave, cut anywhere. The index answers at once, at the speed of memory, and at
 * its own speed when it has sorted itself in the background. Throws INDEX_CORRUPT,
 * INDEX_UNAVAILABLE.
 */
export async function restoreNativeIndex(chunks: AsyncIterable<Uint8Array>): Promise<NativeIndex> {
  const { HammingIndex, HammingReader } = neededCore()
  const reader = new HammingReader()
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array) || !ownsMemory(chunk)) {
      throw new HindraError('INDEX_CORRUPT', 'the saved index is not made of bytes')
    }
    translated(() => {
      reader.feed(chunk)
    })
  }
  const index = new NativeFace(() => new HammingIndex())
  try {
    index.fill((native) => {
      reader.finish(native)
    })
  } catch (error) {
    index.close()
    throw error
  }
  return index
}

function neededCore(): NativeCore {
  const core = nativeCore()
  if (core !== undefined) return core
  throw new HindraError('INDEX_UNAVAILABLE', `no native core: ${nativeCoreAbsence() ?? ''}`)
}

class NativeFace implements NativeIndex {
  readonly name = 'native'
  readonly exact = true
  readonly handle: number
  readonly #native: NativeHammingIndex
  readonly #exchange: NativeHammingIndex['exchange']
  #closed = false

  constructor(open: () => NativeHammingIndex) {
    this.#native = translated(open)
    this.#exchange = this.#native.exchange
    this.handle = this.#native.handle
  }

  get size(): number {
    return this.#closed ? 0 : this.#native.size
  }

  add(label: Label, hash: Hash256): void {
    this.#checkOpen()
    checkLabel(label)
    checkHash(hash)
    this.#exchange.hash.set(hash)
    translated(() => {
      this.#native.addOne(label, ALL_LISTS)
    })
  }

  addAll(labels: Uint32Array, hashes: Uint8Array, lists = ALL_LISTS): void {
    this.#checkOpen()
    checkPacked(labels, Uint32Array, 'labels')
    checkPacked(hashes, Uint8Array, 'hashes')
    checkLists(lists)
    checkEntries({ labels, hashes })
    translated(() => {
      this.#native.add(labels, hashes, lists)
    })
  }

  remove(label: Label): boolean {
    checkLabel(label)
    return this.removeAll(Uint32Array.of(label)) === 1
  }

  removeAll(labels: Uint32Array): number {
    this.#checkOpen()
    checkPacked(labels, Uint32Array, 'labels')
    return translated(() => this.#native.remove(labels))
  }

  search(query: HashQuery, limit?: number): readonly Hit[] {
    this.#checkOpen()
    checkQuery(query)
    checkLimit(limit)
    this.#exchange.hash.set(query.hash)
    const count = translated(() => this.#native.search(query.radius, limitOf(limit), ALL_LISTS))
    const fits = count <= this.#exchange.labels.length
    const { labels, distances } = fits ? this.#exchange : this.#native.hits()
    const hits: Hit[] = []
    for (let i = 0; i < count; i += 1) {
      hits.push({ label: labels[i] ?? 0, distance: distances[i] ?? 0 })
    }
    return hits
  }

  count(hash: Hash256, radius: number, options: SearchOptions = {}): number {
    this.#checkOpen()
    checkQuery({ hash, radius })
    const [limit, lists] = checkedOptions(options)
    this.#exchange.hash.set(hash)
    return translated(() => this.#native.count(radius, limit, lists))
  }

  searchAll(
    hashes: Uint8Array,
    radii: number | Uint8Array,
    options: SearchOptions = {},
  ): PackedHits {
    this.#checkOpen()
    const each = packRadii(hashes, radii)
    const checked = checkedOptions(options)
    return translated(() => this.#native.searchAll(hashes, each, ...checked))
  }

  async searchAllAsync(
    hashes: Uint8Array,
    radii: number | Uint8Array,
    options: SearchOptions = {},
  ): Promise<PackedHits> {
    this.#checkOpen()
    // Copies: what is checked here must not change, or be given away, before the last job.
    const each = packRadii(hashes, radii).slice()
    const all = hashes.slice()
    const checked = checkedOptions(options)
    const parts: PackedHits[] = []
    for (let from = 0; from < each.length || from === 0; from += QUERIES_A_JOB) {
      this.#checkOpen()
      const to = from + QUERIES_A_JOB
      const part = all.subarray(from * HASH256_BYTES, to * HASH256_BYTES)
      const job = this.#native.searchAllAsync(part, each.subarray(from, to), ...checked)
      parts.push(
        await job.catch((cause: unknown) => {
          throw typed(cause)
        }),
      )
    }
    return joined(parts)
  }

  chunks(): AsyncIterable<Uint8Array> {
    this.#checkOpen()
    const { HammingWriter } = neededCore()
    return pieces(translated(() => new HammingWriter(this.#native)))
  }

  stats(): IndexStats {
    this.#checkOpen()
    return this.#native.stats()
  }

  async idle(): Promise<void> {
    this.#checkOpen()
    while (!this.#closed && !this.#native.settle()) {
      await new Promise((resolve) => setTimeout(resolve, IDLE_POLL_MS))
    }
  }

  close(): void {
    this.#closed = true
    this.#native.close()
  }

  /** Fills it for `restoreNativeIndex`. */
  fill(work: (native: NativeHammingIndex) => void): void {
    translated(() => {
      work(this.#native)
    })
  }

  #checkOpen(): void {
    if (this.#closed) throw indexClosed()
  }
}

function checkedOptions({ limit, lists }: SearchOptions): [limit: number, lists: number] {
  checkLimit(limit)
  checkLists(lists ?? ALL_LISTS)
  return [limitOf(limit), lists ?? ALL_LISTS]
}

/** A limit in 32 bits; 0 for none. */
function limitOf(limit = 0): number {
  return Math.min(limit, 0xffffffff)
}

/** One piece a turn: other work of this thread goes on between them. */
async function* pieces(writer: NativeHammingWriter): AsyncGenerator<Uint8Array> {
  for (let piece = writer.next(); piece !== undefined; piece = writer.next()) {
    yield piece
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function joined(parts: readonly PackedHits[]): PackedHits {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const hits = parts.reduce((sum, part) => sum + part.labels.length, 0)
  const queries = parts.reduce((sum, part) => sum + part.counts.length, 0)
  const all: PackedHits = {
    counts: new Uint32Array(queries),
    labels: new Uint32Array(hits),
    distances: new Uint16Array(hits),
  }
  let query = 0
  let hit = 0
  for (const part of parts) {
    all.counts.set(part.counts, query)
    all.labels.set(part.labels, hit)
    all.distances.set(part.distances, hit)
    query += part.counts.length
    hit += part.labels.length
  }
  return all
}

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw typed(cause)
  }
}

/** Errors of the native side carry a code of our table, or are faults. */
function typed(cause: unknown): HindraError {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const known: ErrorCode = code === 'INDEX_INVALID' || code === 'INDEX_CORRUPT' ? code : 'INTERNAL'
  const message = cause instanceof Error ? cause.message : 'the native index failed'
  return new HindraError(known, message, { cause })
}
