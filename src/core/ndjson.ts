import { HeldLine } from './held-line.ts'

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

  /** Bytes that are held of the line whose end is yet to come. */
  get heldBytes(): number {
    return this.#held.heldBytes
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
