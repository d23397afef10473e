/** Bytes of a source, read as they are asked for: no more is held than somebody asked for and one chunk. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  #held: Buffer = Buffer.alloc(0)
  #position: number
  #isEnded = false
  #failure: { readonly error: unknown } | undefined

  constructor(source: AsyncIterable<Uint8Array>, position = 0) {
    this.#source = source[Symbol.asyncIterator]()
    this.#position = position
  }

  /** Of the next byte. */
  get position(): number {
    return this.#position
  }

  /** All that is held: at least `bytes`, fewer only where the source ends. Throws what the source throws, each time. */
  async fill(bytes: number): Promise<Buffer> {
    if (this.#held.length >= bytes || this.#isEnded) return this.#held
    const chunks: Uint8Array[] = [this.#held]
    let length = this.#held.length
    while (length < bytes) {
      const chunk = await this.#next()
      if (chunk === undefined) break
      chunks.push(chunk)
      length += chunk.length
    }
    this.#held = joined(chunks, length)
    return this.#held
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.#failure !== undefined) throw this.#failure.error
    try {
      const next = await this.#source.next()
      if (next.done !== true) return next.value
      this.#isEnded = true
      return undefined
    } catch (error) {
      this.#failure = { error }
      throw error
    }
  }

  /** Passes by bytes that are held. */
  pass(bytes: number): void {
    this.#held = this.#held.subarray(bytes)
    this.#position += bytes
  }

  /** The next bytes as they come, `bytes` of them or all to the end; fewer where the source ends. */
  async *take(bytes = Infinity): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      const piece = (await this.fill(1)).subarray(0, left)
      if (piece.length === 0) return
      this.pass(piece.length)
      left -= piece.length
      yield piece
    }
  }

  /** Whether there was so much to pass by. */
  async passTo(position: number): Promise<boolean> {
    while (this.#position < position) {
      const held = await this.fill(1)
      if (held.length === 0) return false
      this.pass(Math.min(held.length, position - this.#position))
    }
    return true
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Buffer {
  const [only, another] = chunks.filter((chunk) => chunk.length > 0)
  if (only === undefined || another !== undefined) return Buffer.concat(chunks, length)
  return Buffer.from(only.buffer, only.byteOffset, only.length)
}
