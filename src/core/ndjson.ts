/** One line of a feed, numbered from 1; blank lines count and are left out. */
export interface FeedLine {
  readonly line: number
  /** The line without the newline; undefined where it was over the limit and was let pass unread. */
  readonly bytes: Uint8Array | undefined
  /** Bytes of the stream up to and with its newline; undefined where the stream ended without one. */
  readonly end: number | undefined
}

const NEWLINE = 0x0a
const BLANKS = new Set([0x20, 0x09, 0x0d])

/**
 * Splits a stream of bytes at newlines, whatever its chunks are. A line holds at most
 * `lineBytesMax` bytes of memory, beside the chunks in which it begins and ends; the rest of a longer
 * one is dropped as it comes.
 */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
): AsyncGenerator<FeedLine> {
  const splitter = new LineSplitter(lineBytesMax)
  for await (const chunk of source) yield* splitter.push(chunk)
  yield* splitter.end()
}

/** The same for whoever reads the chunks itself. */
export class LineSplitter {
  readonly #held: HeldLine
  #line = 1
  #before = 0

  constructor(lineBytesMax: number) {
    this.#held = new HeldLine(lineBytesMax)
  }

  /** Bytes of the line whose end is yet to come. */
  get heldBytes(): number {
    return this.#held.size
  }

  /** The lines that end in the chunk; of what they hold the chunk is the memory. */
  push(chunk: Uint8Array): FeedLine[] {
    const lines: FeedLine[] = []
    let start = 0
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start)
      if (end === -1) break
      this.#add(lines, chunk.subarray(start, end), this.#before + end + 1)
      start = end + 1
    }
    this.#held.append(chunk.subarray(start))
    this.#before += chunk.length
    return lines
  }

  /** The last line, where the stream ended without a newline. */
  end(): FeedLine[] {
    const lines: FeedLine[] = []
    this.#add(lines, new Uint8Array(), undefined)
    return lines
  }

  #add(lines: FeedLine[], lastPiece: Uint8Array, end: number | undefined): void {
    const bytes = this.#held.finish(lastPiece)
    if (!isBlank(bytes)) lines.push({ line: this.#line, bytes, end })
    this.#line += 1
  }
}

function isBlank(bytes: Uint8Array | undefined): boolean {
  return bytes?.every((byte) => BLANKS.has(byte)) ?? false
}

/** Smaller pieces are gathered: a sender of single bytes costs no more than their sum. */
const PIECE_BYTES = 16 * 1024
const GATHERED_BYTES = 64 * 1024

/**
 * The line so far, in the memory of its chunks where those are large: the lines with media are long,
 * and memory that is taken only to be thrown away makes garbage collection the cost of a feed.
 */
class HeldLine {
  readonly #max: number
  #pieces: Uint8Array[] = []
  #gathered: Uint8Array = new Uint8Array()
  #gatheredBytes = 0
  #size = 0

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#size
  }

  append(piece: Uint8Array): void {
    this.#size += piece.length
    if (this.#size > this.#max) {
      this.#forget()
    } else if (piece.length >= PIECE_BYTES) {
      this.#close()
      this.#pieces.push(piece)
    } else if (piece.length > 0) {
      this.#gather(piece)
    }
  }

  /** The whole line, which is now the caller's; undefined where it was too long. */
  finish(lastPiece: Uint8Array): Uint8Array | undefined {
    if (this.#size === 0 && lastPiece.length <= this.#max) return lastPiece
    this.append(lastPiece)
    this.#close()
    const line = this.#size > this.#max ? undefined : joined(this.#pieces, this.#size)
    this.#forget()
    this.#size = 0
    return line
  }

  #gather(piece: Uint8Array): void {
    const bytes = this.#gatheredBytes + piece.length
    if (bytes > GATHERED_BYTES) {
      this.#close()
      this.#gather(piece)
      return
    }
    if (bytes > this.#gathered.length) {
      const room = Math.min(GATHERED_BYTES, Math.max(bytes, 2 * this.#gathered.length))
      const larger = new Uint8Array(room)
      larger.set(this.#gathered.subarray(0, this.#gatheredBytes))
      this.#gathered = larger
    }
    this.#gathered.set(piece, this.#gatheredBytes)
    this.#gatheredBytes = bytes
  }

  /** What comes now comes after what was gathered. */
  #close(): void {
    if (this.#gatheredBytes === 0) return
    this.#pieces.push(this.#gathered.subarray(0, this.#gatheredBytes))
    this.#gathered = new Uint8Array()
    this.#gatheredBytes = 0
  }

  #forget(): void {
    this.#pieces = []
    this.#gathered = new Uint8Array()
    this.#gatheredBytes = 0
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = pieces
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces, size)
}
