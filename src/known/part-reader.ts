import { HindraError } from '../errors.ts'
import type { SealedPart } from './sealed-file.ts'

/** Reads parts that stand in a fixed order, those of one name after those of another. */
export class PartReader {
  readonly #parts: AsyncIterator<SealedPart, undefined>
  #next: Promise<IteratorResult<SealedPart, undefined>> | undefined

  constructor(parts: AsyncIterator<SealedPart, undefined>) {
    this.#parts = parts
  }

  /** The parts of this name that come next, which may be none. */
  async *all(name: string): AsyncGenerator<Uint8Array> {
    for (;;) {
      const bytes = await this.#take(name)
      if (bytes === undefined) return
      yield bytes
    }
  }

  /** Throws INDEX_CORRUPT where another part comes next. */
  async need(name: string): Promise<Uint8Array> {
    const bytes = await this.#take(name)
    if (bytes === undefined) throw disordered()
    return bytes
  }

  /** Throws INDEX_CORRUPT where parts are left. */
  async end(): Promise<void> {
    if ((await this.#peek()).done !== true) throw disordered()
  }

  async #take(name: string): Promise<Uint8Array | undefined> {
    const next = await this.#peek()
    if (next.done === true || next.value.name !== name) return undefined
    this.#next = undefined
    return next.value.bytes
  }

  #peek(): Promise<IteratorResult<SealedPart, undefined>> {
    this.#next ??= this.#parts.next()
    return this.#next
  }
}

function disordered(): HindraError {
  return new HindraError('INDEX_CORRUPT', 'the parts of the saved index are out of order')
}
