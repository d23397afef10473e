import { HindraError } from '../errors.ts'
import { ByteTable } from './byte-table.ts'
import { type KnownHashSet, qualityOf } from './hash-set.ts'
import { RecordPages } from './record-pages.ts'
import type { IndexedItem } from './types.ts'

export const DIGEST_METHODS = ['sha256', 'sha1', 'md5'] as const
export type DigestMethod = (typeof DIGEST_METHODS)[number]

/** Layout of a record. */
const ID = { offset: 0, bytes: 16 }
const DIGESTS = {
  sha256: { offset: 16, bytes: 32 },
  sha1: { offset: 48, bytes: 20 },
  md5: { offset: 68, bytes: 16 },
} as const satisfies Record<DigestMethod, { offset: number; bytes: number }>
const FIRST_LABEL = 84
const LABELS = 88
const QUALITY = 92
/** 1 while the item is known. */
const PRESENT = 93
const REVISION = 94
const RECORD_BYTES = 98

const ZEROS = Buffer.alloc(32)

/** Labels are given to a set of hashes as one range. */
export interface LabelRange {
  readonly first: number
  readonly count: number
}

/**
 * The hashes of known items by row, one row a set of hashes: id of the item, digests, quality,
 * labels. 98 bytes a row and about 28 in the tables that find it by id and by digest. Several items
 * can have a digest: collisions of MD5 and SHA-1 are made on purpose. Of a removed row only the range
 * of its labels stays.
 */
export class KnownItems {
  readonly records = new RecordPages(RECORD_BYTES)
  readonly #byId = new ByteTable(this.records, ID)
  readonly #byDigest = {
    sha256: new ByteTable(this.records, DIGESTS.sha256),
    sha1: new ByteTable(this.records, DIGESTS.sha1),
    md5: new ByteTable(this.records, DIGESTS.md5),
  } as const
  #count = 0

  get count(): number {
    return this.#count
  }

  has(itemId: string): boolean {
    return this.rowsOf(itemId).length > 0
  }

  /** Of an item with several rows more than once. */
  *ids(): Iterable<string> {
    for (let row = 0; row < this.records.rows; row += 1)
      if (this.#isPresent(row)) yield this.idAt(row)
  }

  rowsOf(itemId: string): readonly number[] {
    return this.#byId.find(idBytes(itemId))
  }

  /** Which hashes of the item these are; undefined where it is not known. */
  revisionOf(itemId: string): number | undefined {
    const [row] = this.rowsOf(itemId)
    if (row === undefined) return undefined
    return this.records.pageOf(row).readUInt32LE(this.records.offsetOf(row) + REVISION)
  }

  /** Its row. */
  add(
    { id, revision }: Pick<IndexedItem, 'id' | 'revision'>,
    hashes: KnownHashSet,
    { first, count }: LabelRange,
  ): number {
    const row = this.records.append()
    const page = this.records.pageOf(row)
    const at = this.records.offsetOf(row)
    page.set(idBytes(id), at + ID.offset)
    for (const method of DIGEST_METHODS)
      page.write(hashes[method] ?? '', at + DIGESTS[method].offset, 'hex')
    page.writeUInt32LE(first, at + FIRST_LABEL)
    page.writeUInt32LE(count, at + LABELS)
    page.writeUInt8(qualityOf(hashes), at + QUALITY)
    page.writeUInt8(1, at + PRESENT)
    page.writeUInt32LE(revision, at + REVISION)
    this.#enter(row)
    return row
  }

  /** The labels that it had. The row must be present. */
  remove(row: number): LabelRange {
    const id = this.idAt(row)
    this.#byId.remove(row)
    for (const method of this.#digestsAt(row)) this.#byDigest[method].remove(row)
    if (!this.has(id)) this.#count -= 1
    const page = this.records.pageOf(row)
    const at = this.records.offsetOf(row)
    page.fill(0, at, at + FIRST_LABEL)
    page.fill(0, at + QUALITY, at + RECORD_BYTES)
    return this.#labelsAt(row)
  }

  withDigest(method: DigestMethod, hex: string): readonly number[] {
    const key = Buffer.from(hex, 'hex')
    return key.length === DIGESTS[method].bytes ? this.#byDigest[method].find(key) : []
  }

  idAt(row: number): string {
    const at = this.records.offsetOf(row)
    const hex = this.records.pageOf(row).toString('hex', at, at + ID.bytes)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  qualityAt(row: number): number {
    return this.records.pageOf(row).readUInt8(this.records.offsetOf(row) + QUALITY)
  }

  /** Loads a saved page; the labels of the items that were removed are in `removed` afterwards. */
  load(saved: Uint8Array, removed: LabelRange[]): void {
    const from = this.records.rows
    this.records.load(saved)
    for (let row = from; row < this.records.rows; row += 1) {
      if (this.#isPresent(row)) this.#enter(row)
      else removed.push(this.#labelsAt(row))
    }
  }

  #enter(row: number): void {
    if (!this.has(this.idAt(row))) this.#count += 1
    this.#byId.add(row)
    for (const method of this.#digestsAt(row)) this.#byDigest[method].add(row)
  }

  /** Those it has: of an item that came from a list, often one. */
  #digestsAt(row: number): readonly DigestMethod[] {
    const page = this.records.pageOf(row)
    return DIGEST_METHODS.filter((method) => {
      const { offset, bytes } = DIGESTS[method]
      const start = this.records.offsetOf(row) + offset
      return page.compare(ZEROS, 0, bytes, start, start + bytes) !== 0
    })
  }

  #isPresent(row: number): boolean {
    return this.records.pageOf(row).readUInt8(this.records.offsetOf(row) + PRESENT) === 1
  }

  #labelsAt(row: number): LabelRange {
    const page = this.records.pageOf(row)
    const at = this.records.offsetOf(row)
    return { first: page.readUInt32LE(at + FIRST_LABEL), count: page.readUInt32LE(at + LABELS) }
  }
}

/** Of a UUID. */
function idBytes(id: string): Buffer {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  if (bytes.length !== ID.bytes) throw new HindraError('INTERNAL', 'the id of an item is a UUID')
  return bytes
}
