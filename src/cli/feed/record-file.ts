import type { FileHandle } from 'node:fs/promises'
import { defined } from '../../core/index.ts'
import type { CandidateFile } from './candidates.ts'
import { ByteReader } from './crawl/byte-reader.ts'
import { RECORD_FAULTS, type RecordFault, UnreadableRecord } from './crawl/record-fault.ts'
import { bytesBetween, checkBefore, openIfThere, tailBefore, tailToGoOnFrom } from './file-bytes.ts'
import type { FilePosition } from './places.ts'
import type { RecordLine, RecordPlace } from './record-line.ts'
import type { TrackedLine } from './tracked-file.ts'

const CHUNK_BYTES = 512 * 1024

/** A place in a file of records. */
export interface RecordSpot extends RecordPlace {
  /** Records before it. */
  readonly line: number
}

/** A file of records while it is read. */
export interface OpenRecords {
  readonly path: string
  readonly size: number
  readonly handle: FileHandle
  reader(from: number, to: number): ByteReader
}

/** The records of a file from a place on. Throws UnreadableRecord for a file that is none of its kind. */
export type ReadRecords = (file: OpenRecords, from: RecordSpot) => AsyncIterable<RecordLine>

const START: RecordSpot = { position: 0, inside: 0, line: 0 }

/** An open file of records, how far it was read and how far it was answered. */
export class RecordFile {
  readonly id: string
  #path: string
  readonly #handle: FileHandle
  readonly #readRecords: ReadRecords
  #read: RecordSpot = START
  #answered: RecordSpot = START
  /** What was read and not settled, in its order: uploads are answered before lines that were read earlier. */
  #waiting: { readonly spot: RecordSpot; settle?: () => void }[] = []
  /** What stood before `#read` when it was read. */
  #tail: Buffer = Buffer.alloc(0)
  /** Size and time of change when it was last read to its end. */
  #seen = ''

  private constructor({ id, path }: CandidateFile, handle: FileHandle, readRecords: ReadRecords) {
    this.id = id
    this.#path = path
    this.#handle = handle
    this.#readRecords = readRecords
  }

  /** Opens it at `place`, unless something else stands before it; undefined where the file is gone. */
  static async open(
    candidate: CandidateFile,
    place: FilePosition | undefined,
    readRecords: ReadRecords,
  ): Promise<RecordFile | undefined> {
    const handle = await openIfThere(candidate.path)
    if (handle === undefined) return undefined
    const file = new RecordFile(candidate, handle, readRecords)
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
      const isYetToCome = line.mayGrow === true || line.fault?.reason === 'truncated'
      if (isLast || !isYetToCome) yield* this.#tracked(line)
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

  async *#records(size: number): AsyncGenerator<RecordLine> {
    const file: OpenRecords = {
      path: this.#path,
      size,
      handle: this.#handle,
      reader: (from, to) => new ByteReader(bytesBetween(this.#handle, from, to, CHUNK_BYTES), from),
    }
    try {
      yield* this.#readRecords(file, this.#read)
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error
      yield this.#unreadable(error.fault)
    }
  }

  #unreadable(reason: RecordFault): RecordLine {
    const fault = { ...RECORD_FAULTS[reason], reason }
    return { next: this.#read, record: this.#read.line, fault, isLast: true }
  }

  *#tracked({ next, record, isLast, isMoreOfIt, ...rest }: RecordLine) {
    const { entry, text, media, upload, isPart, fault } = rest
    // What stops here is read again from here: what completes or mends it may still come.
    const spot = isLast || isMoreOfIt ? this.#read : { ...next, line: record }
    const waiting = this.#waiting
    this.#read = spot
    if (text === undefined && upload === undefined && fault === undefined) {
      if (waiting.length === 0) this.#answered = spot
      return
    }
    const held: (typeof waiting)[number] = { spot }
    waiting.push(held)
    const answered: TrackedLine['answered'] = (_isRefused, settle = () => undefined) => {
      held.settle = settle
      if (waiting !== this.#waiting) return
      for (let [first] = waiting; first?.settle !== undefined; [first] = waiting) {
        first.settle()
        this.#answered = first.spot
        waiting.shift()
      }
      // Behind the last line there may be records of which nothing is sent.
      if (waiting.length === 0) this.#answered = this.#read
    }
    const line: TrackedLine = {
      name: this.#path,
      line: record,
      ...defined({ entry, text, media, upload, isPart, fault }),
      isReadAgain: isLast,
      answered,
    }
    yield line
  }

  #startAt(spot: RecordSpot, tail: Buffer): void {
    this.#read = spot
    this.#answered = spot
    this.#waiting = []
    this.#tail = tail
  }
}
