/** One line of a feed, numbered from 1; blank lines count and are left out. */
export interface FeedLine {
  readonly line: number
  /** Without the newline; undefined where the line was over the limit and was let pass unread. */
  readonly bytes: Uint8Array | undefined
  /** Bytes of the stream up to and with its newline; undefined where the stream ended without one. */
  readonly end: number | undefined
}

const NEWLINE = 0x0a
const BLANKS = new Set([0x20, 0x09, 0x0d])

/**
 * Splits a stream of bytes at newlines, whatever its chunks are. A line holds at most
 * `lineBytesMax` bytes of memory; the rest of a longer one is dropped as it comes.
 */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
): AsyncGenerator<FeedLine> {
  let line = 1
  let before = 0
  const held = new HeldLine(lineBytesMax)
  for await (const chunk of source) {
    let start = 0
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start)
      if (end === -1) break
      const bytes = held.finish(chunk.subarray(start, end))
      if (!isBlank(bytes)) yield { line, bytes, end: before + end + 1 }
      line += 1
      start = end + 1
    }
    held.append(chunk.subarray(start))
    before += chunk.length
  }
  const bytes = held.finish(new Uint8Array())
  if (!isBlank(bytes)) yield { line, bytes, end: undefined }
}

function isBlank(bytes: Uint8Array | undefined): boolean {
  return bytes?.every((byte) => BLANKS.has(byte)) ?? false
}

/** The line so far. Grows by doubling: a sender of single bytes costs no more than their sum. */
class HeldLine {
  readonly #max: number
  #buffer: Uint8Array = new Uint8Array()
  #size = 0

  constructor(max: number) {
    this.#max = max
  }

  append(piece: Uint8Array): void {
    const size = this.#size + piece.length
    if (size > this.#max) {
      this.#buffer = new Uint8Array()
    } else if (size > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(this.#max, Math.max(size, 2 * this.#buffer.length)))
      larger.set(this.#buffer.subarray(0, this.#size))
      this.#buffer = larger
    }
    if (size <= this.#max) this.#buffer.set(piece, this.#size)
    this.#size = size
  }

  /** The whole line, which is now the caller's; undefined where it was too long. */
  finish(lastPiece: Uint8Array): Uint8Array | undefined {
    if (this.#size === 0 && lastPiece.length <= this.#max) return lastPiece
    this.append(lastPiece)
    const line = this.#size > this.#max ? undefined : this.#buffer.subarray(0, this.#size)
    this.#buffer = new Uint8Array()
    this.#size = 0
    return line
  }
}
