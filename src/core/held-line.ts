/** Smaller pieces are gathered: a sender of single bytes costs no more than their sum. */
const PIECE_BYTES = 16 * 1024
const GATHERED_BYTES = 64 * 1024

/**
 * A line so far, in the memory of its chunks where those are large: the lines with media are long,
 * and memory that is taken only to be thrown away makes garbage collection the cost of a feed.
 */
export class HeldLine {
  readonly #max: number
  #pieces: Uint8Array[] = []
  #gathered: Uint8Array = new Uint8Array()
  #gatheredBytes = 0
  #size = 0

  constructor(max: number) {
    this.#max = max
  }

  /** Bytes that are held: none of a line that is over the limit. */
  get heldBytes(): number {
    return this.#size > this.#max ? 0 : this.#size
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

  /** The small pieces that were gathered become one piece, so that what comes next stands behind it. */
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
