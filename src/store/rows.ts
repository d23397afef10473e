/** A key and what it holds, as the database below has them; an empty value where nobody asked for it. */
export type StoredRow = readonly [key: Buffer, value: Buffer]

export interface RowRange {
  readonly gte: Buffer
  readonly lt: Buffer
  readonly reverse?: boolean
  readonly limit?: number
  /** False where keys are enough: what each holds is then said to be nothing. */
  readonly values?: boolean
}

/** The database below, bytes to bytes in order of key: as of one moment, or as it is now. */
export interface Rows {
  get(key: Buffer): Promise<Buffer | undefined>
  getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | undefined)[]>
  /** What is in a range, some at a time: few at first, for whoever wants few, and more as it goes on. */
  pages(range: RowRange): AsyncIterable<readonly StoredRow[]>
}

/** As of one moment, until it is closed. */
export interface RowsAtOnce extends Rows {
  close(): Promise<void>
}

/** What a batch does to one key; undefined deletes. */
export interface RowWrite {
  readonly key: Buffer
  readonly value: Buffer | undefined
  /** It is a counter: one row that many batches write. */
  readonly isCounter?: boolean
}

/** Rows in one step: at first, and at most. */
const FIRST_PAGE = 8
const PAGE_MAX = 1_000
/** What one step may hold, in bytes; it ends with the row that is past it. */
export const PAGE_BYTES_MAX = 256 * 1_024

/** How many rows each page of a range may have, one after the other. */
export function* pageSizes(limit = Infinity): Generator<number> {
  let left = limit
  for (let size = FIRST_PAGE; left > 0; size = Math.min(size * 4, PAGE_MAX)) {
    const next = Math.min(size, left)
    yield next
    left -= next
  }
}

/** One after the other. */
export async function* rowsOf(
  pages: AsyncIterable<readonly StoredRow[]>,
): AsyncGenerator<StoredRow> {
  for await (const page of pages) yield* page
}

/** All of them at once. */
export async function allRows(pages: AsyncIterable<readonly StoredRow[]>): Promise<StoredRow[]> {
  const all: StoredRow[] = []
  for await (const page of pages) all.push(...page)
  return all
}

/** The first key of a range, or the last one where it is reversed. */
export async function firstKey(rows: Rows, range: RowRange): Promise<Buffer | undefined> {
  const [first] = await allRows(rows.pages({ ...range, limit: 1, values: false }))
  return first?.[0]
}

/** The least key that sorts behind this one. */
export function behind(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)])
}
