import type { Delta } from '../delta.ts'
import type { ListWriter, WriteOptions } from './list-writer.ts'

/** One format in which lists are exchanged. */
export interface Format {
  /** Whether it has classes of its own, which a person maps to ours in both directions. */
  readonly hasOwnClasses: boolean
  /**
   * The lines of a list, one by one, whatever its size. What is wrong with a line is a refusal; throws
   * INVALID_INPUT where the file as a whole is not of the format.
   *
   * @param bytes UTF-8; each chunk holds whole characters
   */
  read(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Delta>
  write(options: WriteOptions): ListWriter
  /** Opinions about entries, for exchanges that are not spoken to; absent where it has no words for them. */
  readonly feedback?: ListWriter
}
