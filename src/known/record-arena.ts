import { HindraError } from '../errors.ts'

/** Small enough that copying or sealing a page takes no noticeable time. */
const PAGE_RECORDS = 4_096

/**
 * Records of a fixed number of bytes, addressed by row, outside the JavaScript heap: a million rows
 * are a few hundred buffers, not a million objects. Growing adds a page and copies nothing. Rows
 * are only ever added; what was there is cleared in place.
 */
export class RecordArena {
  readonly bytesEach: number
  readonly #pages: Buffer[] = []
  #rows = 0

  constructor(bytesEach: number) {
    this.bytesEach = bytesEach
  }

  get rows(): number {
    return this.#rows
  }

  /** A new row of zeros. */
  append(): number {
    const row = this.#rows
    if (row === this.#pages.length * PAGE_RECORDS) {
      this.#pages.push(Buffer.alloc(PAGE_RECORDS * this.bytesEach))
    }
    this.#rows += 1
    return row
  }

  /** The page that holds the row; where in it says `offsetOf`. Throws INTERNAL. */
  pageOf(row: number): Buffer {
    const page = this.#pages[Math.floor(row / PAGE_RECORDS)]
    if (page === undefined || row >= this.#rows) {
      throw new HindraError('INTERNAL', 'a row of the known set does not exist')
    }
    return page
  }

  offsetOf(row: number): number {
    return (row % PAGE_RECORDS) * this.bytesEach
  }

  /** The first `rows` rows, page by page, each as it is when it is asked for; not copied. */
  *pages(rows: number): Iterable<Buffer> {
    for (let row = 0; row < rows; row += PAGE_RECORDS) {
      const count = Math.min(rows - row, PAGE_RECORDS)
      yield this.pageOf(row).subarray(0, count * this.bytesEach)
    }
  }

  /** Appends rows as `pages` gave them; only the last page may be a part of one. */
  load(saved: Uint8Array): void {
    const count = saved.length / this.bytesEach
    const isWhole = Number.isInteger(count) && count > 0 && count <= PAGE_RECORDS
    if (!isWhole || this.#rows % PAGE_RECORDS !== 0) {
      throw new HindraError('INDEX_CORRUPT', 'a saved page of records has a length of no meaning')
    }
    const page = Buffer.alloc(PAGE_RECORDS * this.bytesEach)
    page.set(saved)
    this.#pages.push(page)
    this.#rows += count
  }
}
