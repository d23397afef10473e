import type { FileHandle } from 'node:fs/promises'
import { defined } from '../../../core/index.ts'
import type { CandidateFile } from '../candidates.ts'
import {
  bytesBetween,
  checkBefore,
  openIfThere,
  tailBefore,
  tailToGoOnFrom,
} from '../file-bytes.ts'
import type { FilePosition } from '../places.ts'
import type { TrackedLine } from '../tracked-file.ts'
import { ByteReader } from './byte-reader.ts'
import {
  type CrawlLine,
  type CrawlMemory,
  type CrawlOptions,
  crawlLines,
  mediaAt,
} from './crawl-lines.ts'
import { RECORD_FAULTS, type RecordFault, UnreadableRecord } from './record-fault.ts'
import { type WarcRange, waczRanges } from './wacz.ts'
import type { RecordPlace } from './warc-records.ts'

export { createCrawlMemory } from './crawl-lines.ts'

const CHUNK_BYTES = 512 * 1024

interface Spot extends RecordPlace {
  /** Records before it. */
  readonly line: number
}

const START: Spot = { position: 0, inside: 0, line: 0 }

/** An open WARC or WACZ file, how far it was read and how far it was answered. */
export class CrawlFile {
  readonly id: string
  #path: string
  readonly #handle: FileHandle
  readonly #options: CrawlOptions
  readonly #memory: CrawlMemory
  #read: Spot = START
  #answered: Spot = START
  /** What was read and not answered, in its order: uploads are answered before lines that were read earlier. */
  #waiting: { readonly spot: Spot; isAnswered: boolean }[] = []
  /** What stood before `#read` when it was read. */
  #tail: Buffer = Buffer.alloc(0)
  /** Size and time of change when it was last read to its end. */
  #seen = ''

  private constructor(
    { id, path }: CandidateFile,
    handle: FileHandle,
    options: CrawlOptions,
    memory: CrawlMemory,
  ) {
    this.id = id
    this.#path = path
    this.#handle = handle
    this.#options = options
    this.#memory = memory
  }

  /** Opens it at `place`, unless something else stands before it; undefined where the file is gone. */
  static async open(
    candidate: CandidateFile,
    place: FilePosition | undefined,
    options: CrawlOptions,
    memory: CrawlMemory,
  ): Promise<CrawlFile | undefined> {
    const handle = await openIfThere(candidate.path)
    if (handle === undefined) return undefined
    const file = new CrawlFile(candidate, handle, options, memory)
    if (place === undefined) return file
    const tail = await tailToGoOnFrom(handle, candidate.size, place)
    const { position, line, inside = 0 } = place
    if (tail !== undefined) file.#startAt({ position, line, inside }, tail)
    return file
  }

  /** The records that came since. Where the last one is not whole yet, that is a fault only if `isLast`. */
  async *lines(isLast: boolean, now: CandidateFile | undefined): AsyncGenerator<TrackedLine> {
    if (now !== undefined) {
      const seen = `${now.size} ${now.modifiedMs}`
      if (seen === this.#seen && !isLast) return
      this.#seen = seen
      this.#path = now.path
    }
    const { size } = await this.#handle.stat()
    const before = await tailBefore(this.#handle, this.#read.position)
    if (size < this.#read.position || !before.equals(this.#tail))
      this.#startAt(START, Buffer.alloc(0))
    for await (const line of this.#records(size)) {
      const isYetToCome = line.fault?.reason === 'truncated' && !isLast
      if (!isYetToCome) yield* this.#tracked(line)
    }
    this.#tail = await tailBefore(this.#handle, this.#read.position)
  }

  /** Undefined where the file was cut meanwhile: then nothing is known of it. */
  async place(): Promise<FilePosition | undefined> {
    const { position, line, inside } = this.#answered
    const check = await checkBefore(this.#handle, position)
    return check === undefined ? undefined : { position, line, inside, check }
  }

  get isAnswered(): boolean {
    return this.#waiting.length === 0
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  async *#records(size: number): AsyncGenerator<CrawlLine> {
    try {
      for (const range of await this.#ranges(size)) {
        const { position, line: records, inside } = this.#read
        if (range.end <= position) continue
        const isWithin = position >= range.start
        const reader = this.#reader(isWithin ? position : range.start, range.end)
        const before = { records, inside: isWithin ? inside : 0 }
        const reread = (place: RecordPlace) =>
          mediaAt(this.#reader(place.position, range.end), place.inside, this.#options.limits)
        yield* crawlLines(reader, this.#options, this.#memory, before, reread)
      }
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error
      yield this.#unreadable(error.fault)
    }
  }

  #unreadable(reason: RecordFault): CrawlLine {
    const fault = { ...RECORD_FAULTS[reason], reason }
    return { next: this.#read, record: this.#read.line, fault, isLast: true }
  }

  async #ranges(size: number): Promise<readonly WarcRange[]> {
    return /\.wacz$/i.test(this.#path) ? waczRanges(this.#handle, size) : [{ start: 0, end: size }]
  }

  #reader(from: number, to: number): ByteReader {
    return new ByteReader(bytesBetween(this.#handle, from, to, CHUNK_BYTES), from)
  }

  *#tracked({ next, record, text, upload, fault, isLast }: CrawlLine): Generator<TrackedLine> {
    // What stops here is read again from here: what completes or mends it may still come.
    const spot = isLast ? this.#read : { ...next, line: record }
    const waiting = this.#waiting
    this.#read = spot
    if (text === undefined && upload === undefined && fault === undefined) {
      if (waiting.length === 0) this.#answered = spot
      return
    }
    const entry = { spot, isAnswered: false }
    waiting.push(entry)
    const answered = (): void => {
      entry.isAnswered = true
      if (waiting !== this.#waiting) return
      for (let [first] = waiting; first?.isAnswered === true; [first] = waiting) {
        this.#answered = first.spot
        waiting.shift()
      }
      // Behind the last line there may be records of which nothing is sent.
      if (waiting.length === 0) this.#answered = this.#read
    }
    yield { name: this.#path, line: record, ...defined({ text, upload, fault }), answered }
  }

  #startAt(spot: Spot, tail: Buffer): void {
    this.#read = spot
    this.#answered = spot
    this.#waiting = []
    this.#tail = tail
  }
}
