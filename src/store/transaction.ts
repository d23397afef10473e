import { HindraError } from '../errors.ts'
import { asBuffer, dataKey, encodedOf } from './layout.ts'
import type {
  Key,
  Pair,
  Range,
  RangeOptions,
  StoreLimits,
  Transaction,
  Versionstamp,
} from './port.ts'
import { ReadSet, type ReadSpan } from './reads.ts'
import { boundsBelow, decodeKey, encodeKey, type KeyBytes, successor } from './tuple.ts'
import type { Damage } from './damage.ts'
import type { VersionLog } from './versions/version-log.ts'
import type { StoreView } from './views.ts'
import { applyWrite, type Write } from './write.ts'
import { WriteBuffer } from './write-buffer.ts'

interface ReadingOptions {
  readonly reverse?: boolean
  /** False where keys are enough: what each holds is then said to be nothing. */
  readonly values?: boolean
}

const NOTHING = Buffer.alloc(0)

type MergedPair = readonly [KeyBytes, Buffer | undefined]

/** One run of one transaction: reads from a view and from its own writes, and notes both. */
export class StoreTransaction implements Transaction {
  readonly reads = new ReadSet()
  readonly writes: WriteBuffer
  readonly #view: StoreView
  readonly #damage: Damage
  readonly #versions: VersionLog | undefined
  /** What was read ahead: of the view, so it never changes. */
  readonly #ahead = new Map<KeyBytes, Buffer | undefined>()
  #ended: 'over' | HindraError | undefined

  constructor(
    view: StoreView,
    limits: StoreLimits,
    damage: Damage,
    versions: VersionLog | undefined,
  ) {
    this.#versions = versions
    this.#view = view
    this.#damage = damage
    this.writes = new WriteBuffer(limits)
  }

  async get(key: Key): Promise<Uint8Array | undefined> {
    this.#assertRunning()
    const encoded = encodeKey(key)
    const own = this.writes.get(encoded)
    if (own === null) return undefined
    if (own instanceof Buffer) return Buffer.from(own)
    this.reads.keys.add(encoded)
    const stored = await this.#stored(encoded)
    return own === undefined ? stored : applyWrite(stored, own)
  }

  async prefetch(keys: readonly Key[]): Promise<void> {
    this.#assertRunning()
    const wanted = [...new Set(keys.map(encodeKey))].filter((key) => !this.#ahead.has(key))
    if (wanted.length === 0) return
    const values = await this.#view.rows.getMany(wanted.map(dataKey))
    wanted.forEach((key, position) => this.#ahead.set(key, values[position]))
  }

  put(key: Key, value: Uint8Array): void {
    this.#write(key, Buffer.from(value))
  }

  delete(key: Key): void {
    this.#write(key, null)
  }

  add(key: Key, delta: number): void {
    if (!Number.isSafeInteger(delta)) {
      throw new HindraError('INVALID_INPUT', 'a counter takes whole numbers only')
    }
    this.#write(key, BigInt(delta))
  }

  putWithVersionstamp(prefix: Key, value: Uint8Array): void {
    this.#assertRunning()
    this.writes.writeStamped(prefix, Buffer.from(value))
  }

  damaged(key: Key, how?: string): void {
    this.#damage.note(encodeKey(key), how)
  }

  isReplayed(key: Key, value: Uint8Array | undefined): boolean {
    const encoded = encodeKey(key)
    if (this.#versions === undefined || this.writes.get(encoded) !== undefined) return false
    return this.#versions.isReplayed(encoded, value && asBuffer(value), this.#view.state)
  }

  version(): Versionstamp | undefined {
    return this.writes.empty ? this.#view.state.version : undefined
  }

  writtenSince(prefix: Key, version: Versionstamp): readonly Key[] | undefined {
    this.#assertRunning()
    const shown = this.version()
    if (shown === undefined || shown < version) return undefined
    const span = boundsBelow(encodeKey(prefix))
    this.reads.spans.push(span)
    return this.#view.written.within(span, version)?.map(decodeKey)
  }

  /** Sees the own writes that were made before its first step. */
  async *range(range: Range, options: RangeOptions = {}): AsyncIterable<Pair> {
    const { reverse = false, limit = Infinity } = options
    const { low, high } = bounds(range, options)
    if (!(limit > 0) || low >= high) return
    const start = reverse ? high : low
    const span = { low: start, high: start }
    this.reads.spans.push(span)
    let count = 0
    for await (const pairs of this.#merged(low, high, { reverse })) {
      for (const [key, value] of pairs) {
        extend(span, reverse ? { low: key, high } : { low, high: successor(key) })
        if (value === undefined) continue
        yield { key: decodeKey(key), value }
        this.#assertRunning()
        count += 1
        if (count >= limit) return
      }
    }
    extend(span, { low, high })
  }

  async count(range: Range, max = Infinity): Promise<number> {
    const { low, high } = bounds(range, {})
    if (!(max > 0) || low >= high) return 0
    const span = { low, high: low }
    this.reads.spans.push(span)
    let count = 0
    for await (const pairs of this.#merged(low, high, { values: false })) {
      for (const [key, value] of pairs) {
        if (value === undefined) continue
        count += 1
        if (count < max) continue
        extend(span, { low, high: successor(key) })
        return count
      }
      this.#assertRunning()
    }
    extend(span, { low, high })
    return count
  }

  /** Whoever goes on with the transaction after its end is told why it ended: an error is made for them alone. */
  end(why: 'over' | HindraError = 'over'): void {
    this.#ended ??= why
  }

  /** Stored pairs and own writes, side by side in order of key, some at a time; undefined where deleted. */
  async *#merged(
    low: KeyBytes,
    high: KeyBytes,
    { reverse = false, values = true }: ReadingOptions,
  ): AsyncGenerator<readonly MergedPair[]> {
    this.#assertRunning()
    const own = this.writes.within(low, high)
    if (reverse) own.reverse()
    const shown = values ? owned : present
    let next = 0
    const range = { gte: dataKey(low), lt: dataKey(high), reverse, values }
    for await (const stored of this.#view.rows.pages(range)) {
      const pairs: MergedPair[] = []
      for (const [rawKey, value] of stored) {
        const key = encodedOf(rawKey)
        for (let write = own[next]; write !== undefined; write = own[next]) {
          if (reverse ? write[0] <= key : write[0] >= key) break
          next += 1
          pairs.push(shown(write, undefined))
        }
        const same = own[next]
        if (same?.[0] === key) next += 1
        pairs.push(same?.[0] === key ? shown(same, value) : [key, value])
      }
      yield pairs
    }
    yield own.slice(next).map((write) => shown(write, undefined))
  }

  async #stored(key: KeyBytes): Promise<Buffer | undefined> {
    if (!this.#ahead.has(key)) return this.#view.rows.get(dataKey(key))
    const ahead = this.#ahead.get(key)
    return ahead && Buffer.from(ahead)
  }

  #write(key: Key, write: Write): void {
    this.#assertRunning()
    this.writes.write(encodeKey(key), write)
  }

  #assertRunning(): void {
    if (this.#ended === undefined) return
    if (this.#ended !== 'over') throw this.#ended
    throw new HindraError('INTERNAL', 'a transaction was used after its end')
  }
}

function owned([key, write]: [KeyBytes, Write], stored: Buffer | undefined): MergedPair {
  return [key, write instanceof Buffer ? Buffer.from(write) : applyWrite(stored, write)]
}

/** The same where nobody asks what it holds. */
function present([key, write]: [KeyBytes, Write]): MergedPair {
  return [key, write === null ? undefined : NOTHING]
}

function extend(span: ReadSpan, to: ReadSpan): void {
  span.low = to.low
  span.high = to.high
}

function bounds(range: Range, { reverse, after }: RangeOptions): ReadSpan {
  const { low, high } =
    'prefix' in range
      ? boundsBelow(encodeKey(range.prefix))
      : { low: encodeKey(range.from), high: encodeKey(range.to) }
  if (after === undefined) return { low, high }
  const past = encodeKey(after)
  if (reverse) return { low, high: past < high ? past : high }
  return { low: successor(past) > low ? successor(past) : low, high }
}
