import { isUtf8 } from 'node:buffer'
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { splitLines } from '../../core/index.ts'
import type { ErrorCode } from '../../errors.ts'
import type { CandidateFile } from './candidates.ts'
import type { FilePosition } from './places.ts'

/** Why a line cannot even be sent. */
export interface LineFault {
  readonly code: ErrorCode
  readonly detail: string
}

/** One line of a source. */
export interface TrackedLine {
  readonly name: string
  readonly line: number
  readonly text: string
  readonly fault: LineFault | undefined
  /** Tells that its answer is there; to be called in the order of the lines. */
  answered(isRefused: boolean): void
}

const CHUNK_BYTES = 64 * 1024
/** What is compared to tell a file from one that was written anew. */
const TAIL_BYTES = 4_096
/** Stands in for a line that cannot be sent: it is answered in its turn, with a refusal. */
const UNSENDABLE = 'null'

interface Spot {
  readonly position: number
  readonly line: number
}

const START: Spot = { position: 0, line: 0 }

/** An open file, how far it was read and how far it was answered. */
export class TrackedFile {
  readonly id: string
  #path: string
  readonly #handle: FileHandle
  #read: Spot = START
  #answered: Spot = START
  /** What stood before `#read` when it was read. */
  #tail: Buffer = Buffer.alloc(0)
  /** Size and time of change when it was last read to its end. */
  #seen = ''
  /** Counts how often it was begun anew: answers to what was there before say nothing of it. */
  #generation = 0

  private constructor({ id, path }: CandidateFile, handle: FileHandle) {
    this.id = id
    this.#path = path
    this.#handle = handle
  }

  /** Opens it at `place`, unless something else stands before it; undefined where the file is gone. */
  static async open(
    candidate: CandidateFile,
    place: FilePosition | undefined,
  ): Promise<TrackedFile | undefined> {
    const handle = await open(candidate.path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    })
    if (handle === undefined) return undefined
    const file = new TrackedFile(candidate, handle)
    if (place === undefined || place.position > candidate.size) return file
    const tail = await file.#before(place.position)
    if (checkOf(tail) === place.check) file.#startAt(place, tail)
    return file
  }

  /** True where this file begins with all that was read of `other`: copied, before a truncation. */
  async isCopyOf(other: TrackedFile, size: number): Promise<boolean> {
    const { position } = other.#read
    if (position === 0 || size < position) return false
    return (await this.#before(position)).equals(other.#tail)
  }

  /** Goes on where `other` is, of which it is a copy. */
  continueFrom(other: TrackedFile): void {
    this.#startAt(other.#read, other.#tail)
  }

  /** The lines that came since; the last one, where it has no newline yet, only if `isLast`. */
  async *lines(
    lineBytesMax: number,
    isLast: boolean,
    now: CandidateFile | undefined,
  ): AsyncGenerator<TrackedLine> {
    if (now !== undefined) {
      const seen = `${now.size} ${now.modifiedMs}`
      if (seen === this.#seen && !isLast) return
      this.#seen = seen
      this.#path = now.path
    }
    const { size } = await this.#handle.stat()
    if (size < this.#read.position || !(await this.#isUnchanged())) this.#startAnew()
    const from = this.#read
    const generation = this.#generation
    for await (const { line, bytes, end } of splitLines(
      this.#chunks(from.position, size),
      lineBytesMax,
    )) {
      if (end === undefined && !isLast) break
      const spot = {
        position: end === undefined ? size : from.position + end,
        line: from.line + line,
      }
      this.#read = spot
      const fault = faultOf(bytes, lineBytesMax)
      const text = fault === undefined ? Buffer.from(bytes ?? []).toString('utf8') : UNSENDABLE
      const answered = (isRefused: boolean): void => {
        // Half a line is refused: what completes it may still come.
        const isCut = end === undefined && isRefused
        if (!isCut && generation === this.#generation) this.#answered = spot
      }
      yield { name: this.#path, line: spot.line, text, fault, answered }
    }
    this.#tail = await this.#before(this.#read.position)
  }

  /** Undefined where the file was cut meanwhile: then nothing is known of it. */
  async place(): Promise<FilePosition | undefined> {
    const { position, line } = this.#answered
    const tail = await this.#before(position)
    const isThere = tail.length === Math.min(position, TAIL_BYTES)
    return isThere ? { position, line, check: checkOf(tail) } : undefined
  }

  get isAnswered(): boolean {
    return this.#answered.position === this.#read.position
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  #startAt(spot: Spot, tail: Buffer): void {
    this.#read = spot
    this.#answered = spot
    this.#tail = tail
  }

  #startAnew(): void {
    this.#generation += 1
    this.#startAt(START, Buffer.alloc(0))
  }

  async #isUnchanged(): Promise<boolean> {
    return (await this.#before(this.#read.position)).equals(this.#tail)
  }

  async #before(position: number): Promise<Buffer> {
    const length = Math.min(position, TAIL_BYTES)
    const { buffer, bytesRead } = await this.#handle.read({
      buffer: Buffer.alloc(length),
      position: position - length,
    })
    return buffer.subarray(0, bytesRead)
  }

  async *#chunks(from: number, size: number): AsyncGenerator<Uint8Array> {
    for (let position = from; position < size; ) {
      const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, size - position))
      const { bytesRead } = await this.#handle.read({ buffer, position })
      if (bytesRead === 0) return
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }
}

/** Lines of a stream that cannot be read again. */
export async function* streamLines(
  name: string,
  stream: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
): AsyncGenerator<TrackedLine> {
  for await (const { line, bytes } of splitLines(stream, lineBytesMax)) {
    const fault = faultOf(bytes, lineBytesMax)
    const text = fault === undefined ? Buffer.from(bytes ?? []).toString('utf8') : UNSENDABLE
    yield { name, line, text, fault, answered: () => undefined }
  }
}

function faultOf(bytes: Uint8Array | undefined, lineBytesMax: number): LineFault | undefined {
  if (bytes === undefined) {
    return { code: 'TOO_LARGE', detail: `over server.lineBytesMax, ${lineBytesMax} bytes` }
  }
  return isUtf8(bytes) ? undefined : { code: 'INVALID_INPUT', detail: 'not UTF-8' }
}

function checkOf(tail: Uint8Array): number {
  return crc32(tail) & 0xffff
}
