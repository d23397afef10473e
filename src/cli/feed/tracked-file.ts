import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import { splitLines } from '../../core/index.ts'
import type { CandidateFile } from './candidates.ts'
import { bytesBetween, checkBefore, openIfThere, tailBefore, tailToGoOnFrom } from './file-bytes.ts'
import type { LineFault } from './line-fault.ts'
import type { FilePosition } from './places.ts'
import type { RecordUpload } from './record-line.ts'

/** One line of a source, or what a record of a crawl became. */
export interface TrackedLine {
  readonly name: string
  readonly line: number
  /** The name of a file in a tar. */
  readonly entry?: string
  /** Absent where something else is sent, or nothing can be. */
  readonly text?: string
  /** Media of the line, where they are not in its text. */
  readonly media?: Uint8Array
  /** Media of a crawl that are too large for a line. */
  readonly upload?: RecordUpload
  /** Whether the media are a part, of which perhaps nothing can be decoded. */
  readonly isPart?: true
  readonly fault?: LineFault
  /** Whether the next run comes by it again. */
  readonly isReadAgain?: boolean
  /**
   * Tells that its answer is there; to be called in the order of the lines.
   *
   * @param settle Called when all before it is answered, too: of a file of records, which may have uploads among its lines
   */
  answered(isRefused: boolean, settle?: () => void): void
}

const CHUNK_BYTES = 64 * 1024

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
  readonly #lineBytesMax: number
  #read: Spot = START
  #answered: Spot = START
  /** What stood before `#read` when it was read. */
  #tail: Buffer = Buffer.alloc(0)
  /** Size and time of change when it was last read to its end. */
  #seen = ''
  /** Counts how often it was begun anew: answers to what was there before say nothing of it. */
  #generation = 0

  private constructor({ id, path }: CandidateFile, handle: FileHandle, lineBytesMax: number) {
    this.id = id
    this.#path = path
    this.#handle = handle
    this.#lineBytesMax = lineBytesMax
  }

  /** Opens it at `place`, unless something else stands before it; undefined where the file is gone. */
  static async open(
    candidate: CandidateFile,
    place: FilePosition | undefined,
    lineBytesMax: number,
  ): Promise<TrackedFile | undefined> {
    const handle = await openIfThere(candidate.path)
    if (handle === undefined) return undefined
    const file = new TrackedFile(candidate, handle, lineBytesMax)
    if (place === undefined) return file
    const tail = await tailToGoOnFrom(handle, candidate.size, place)
    if (tail !== undefined) file.#startAt(place, tail)
    return file
  }

  /** True where this file begins with all that was read of `other`: copied, before a truncation. */
  async isCopyOf(other: TrackedFile, size: number): Promise<boolean> {
    const { position } = other.#read
    if (position === 0 || size < position) return false
    return (await tailBefore(this.#handle, position)).equals(other.#tail)
  }

  /** Goes on where `other` is, of which it is a copy. */
  continueFrom(other: TrackedFile): void {
    this.#startAt(other.#read, other.#tail)
  }

  /** The lines that came since; the last one, where it has no newline yet, only if `isLast`. */
  async *lines(isLast: boolean, now: CandidateFile | undefined): AsyncGenerator<TrackedLine> {
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
      bytesBetween(this.#handle, from.position, size, CHUNK_BYTES),
      this.#lineBytesMax,
    )) {
      if (end === undefined && !isLast) break
      const spot = {
        position: end === undefined ? size : from.position + end,
        line: from.line + line,
      }
      this.#read = spot
      const answered = (isRefused: boolean): void => {
        // Half a line is refused: what completes it may still come.
        const isCut = end === undefined && isRefused
        if (!isCut && generation === this.#generation) this.#answered = spot
      }
      yield { name: this.#path, line: spot.line, ...contentOf(bytes, this.#lineBytesMax), answered }
    }
    this.#tail = await tailBefore(this.#handle, this.#read.position)
  }

  /** Undefined where the file was cut meanwhile: then nothing is known of it. */
  async place(): Promise<FilePosition | undefined> {
    const { position, line } = this.#answered
    const check = await checkBefore(this.#handle, position)
    return check === undefined ? undefined : { position, line, check }
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
    return (await tailBefore(this.#handle, this.#read.position)).equals(this.#tail)
  }
}

/** Lines of a stream that cannot be read again. */
export async function* feedLines(
  name: string,
  stream: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
): AsyncGenerator<TrackedLine> {
  for await (const { line, bytes } of splitLines(stream, lineBytesMax)) {
    yield { name, line, ...contentOf(bytes, lineBytesMax), answered: () => undefined }
  }
}

function contentOf(
  bytes: Uint8Array | undefined,
  lineBytesMax: number,
): Pick<TrackedLine, 'text' | 'fault'> {
  if (bytes === undefined) {
    const detail = `over server.lineBytesMax, ${lineBytesMax} bytes`
    return { fault: { code: 'TOO_LARGE', detail } }
  }
  if (!isUtf8(bytes)) return { fault: { code: 'INVALID_INPUT', detail: 'not UTF-8' } }
  return { text: Buffer.from(bytes).toString('utf8') }
}
