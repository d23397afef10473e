import { HindraError } from '../errors.ts'
import { type SoughtDigest, TRACK_BYTES } from '../fingerprint/index.ts'
import { ASKED_DIGESTS, digestBytes, type DigestType, FIXED_DIGESTS } from '../hashes/index.ts'
import { ByteTable } from './byte-table.ts'
import { DigestRows } from './digest-rows.ts'
import { type IndexedItem, type KnownHashSet, qualityOf } from '../register/index.ts'
import { RecordArena } from './record-arena.ts'

/** Layout of a record: the id, the digests that every fingerprint has, and the rest. Saved sets have it. */
const ID = { offset: 0, bytes: 16 }
const DIGESTS = FIXED_DIGESTS.map((type, position) => {
  const before = FIXED_DIGESTS.slice(0, position).map(digestBytes)
  return { type, offset: before.reduce(sum, ID.bytes), bytes: digestBytes(type) }
})
const FIRST_LABEL = DIGESTS.map(({ bytes }) => bytes).reduce(sum, ID.bytes)
const LABELS = FIRST_LABEL + 4
const QUALITY = LABELS + 4
/** 1 while the item is known. */
const PRESENT = QUALITY + 1
const REVISION = PRESENT + 1
const RECORD_BYTES = REVISION + 4

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
  readonly records = new RecordArena(RECORD_BYTES)
  readonly #byId = new ByteTable(this.records, ID)
  readonly #byDigest = new Map<SoughtDigest, ByteTable>(
    DIGESTS.map((field) => [field.type, new ByteTable(this.records, field)]),
  )
  /** Digests that few items have: those of the other kinds, and that of the coded pictures, which films have. */
  readonly rare = new Map<SoughtDigest, DigestRows>([
    ...ASKED_DIGESTS.map((type) => [type, new DigestRows(digestBytes(type))] as const),
    ['track', new DigestRows(TRACK_BYTES)],
  ])
  /** How many rows have a digest of a kind and no SHA-256. */
  readonly #alone = new Map<DigestType, number>()
  #count = 0

  get count(): number {
    return this.#count
  }

  /**
   * The digests by which a file may be found that its SHA-256 does not find: those that few items have, while one has it,
   * and those of an item of which a list tells no SHA-256.
   */
  get soughtDigests(): readonly SoughtDigest[] {
    const few = [...this.rare].flatMap(([type, { count }]) => (count > 0 ? [type] : []))
    return [...few, ...FIXED_DIGESTS.filter((type) => (this.#alone.get(type) ?? 0) > 0)]
  }

  has(itemId: string): boolean {
    return this.rowsOf(itemId).length > 0
  }

  /** The ids of all items, more than once for an item with several rows. */
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

  /** Adds an item; gives its row. */
  add(
    { id, revision }: Pick<IndexedItem, 'id' | 'revision'>,
    hashes: KnownHashSet,
    { first, count }: LabelRange,
  ): number {
    const row = this.records.append()
    const page = this.records.pageOf(row)
    const at = this.records.offsetOf(row)
    page.set(idBytes(id), at + ID.offset)
    for (const { type, offset } of DIGESTS) page.write(hashes[type] ?? '', at + offset, 'hex')
    page.writeUInt32LE(first, at + FIRST_LABEL)
    page.writeUInt32LE(count, at + LABELS)
    page.writeUInt8(qualityOf(hashes), at + QUALITY)
    page.writeUInt8(1, at + PRESENT)
    page.writeUInt32LE(revision, at + REVISION)
    this.#enter(row)
    for (const [type, digests] of this.rare) {
      const hex = hashes[type] ?? undefined
      if (hex !== undefined) digests.add(row, hex)
    }
    return row
  }

  /** The labels that it had. The row must be present. */
  remove(row: number): LabelRange {
    const id = this.idAt(row)
    this.#byId.remove(row)
    const held = this.#digestsAt(row)
    for (const type of held) this.#byDigest.get(type)?.remove(row)
    this.#countAlone(held, -1)
    for (const digests of this.rare.values()) digests.remove(row)
    if (!this.has(id)) this.#count -= 1
    const page = this.records.pageOf(row)
    const at = this.records.offsetOf(row)
    page.fill(0, at, at + FIRST_LABEL)
    page.fill(0, at + QUALITY, at + RECORD_BYTES)
    return this.#labelsAt(row)
  }

  withDigest(type: SoughtDigest, hex: string): readonly number[] {
    const rare = this.rare.get(type)
    if (rare !== undefined) return rare.find(hex)
    const key = Buffer.from(hex, 'hex')
    const isWhole = DIGESTS.some((field) => field.type === type && field.bytes === key.length)
    return isWhole ? (this.#byDigest.get(type)?.find(key) ?? []) : []
  }

  idAt(row: number): string {
    const at = this.records.offsetOf(row)
    const hex = this.records.pageOf(row).toString('hex', at, at + ID.bytes)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  qualityAt(row: number): number {
    return this.records.pageOf(row).readUInt8(this.records.offsetOf(row) + QUALITY)
  }

  /** How many items have each digest that most have. */
  get digestCounts(): Readonly<Partial<Record<string, number>>> {
    return Object.fromEntries([...this.#byDigest].map(([type, { rows }]) => [type, rows]))
  }

  /** Makes room for so many rows in all, of which so many have each digest. */
  reserve(rows: number, counts: KnownItems['digestCounts']): void {
    this.#byId.reserve(rows)
    for (const [type, table] of this.#byDigest) table.reserve(counts[type] ?? 0)
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
    if (!this.#byId.hasKeyOf(row)) this.#count += 1
    this.#byId.add(row)
    const held = this.#digestsAt(row)
    for (const type of held) this.#byDigest.get(type)?.add(row)
    this.#countAlone(held, 1)
  }

  #countAlone(held: readonly DigestType[], by: 1 | -1): void {
    if (held.includes('sha256')) return
    for (const type of held) this.#alone.set(type, (this.#alone.get(type) ?? 0) + by)
  }

  /** The digests that an item has: often one, where it came from a list. */
  #digestsAt(row: number): readonly DigestType[] {
    const page = this.records.pageOf(row)
    const start = this.records.offsetOf(row)
    const held: DigestType[] = []
    for (const { type, offset, bytes } of DIGESTS) {
      if (isWritten(page, start + offset, bytes)) held.push(type)
    }
    return held
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

/** Whether any of these bytes is not zero, of which there are a multiple of four. */
function isWritten(page: Buffer, from: number, bytes: number): boolean {
  for (let at = from; at < from + bytes; at += 4) if (page.readUInt32LE(at) !== 0) return true
  return false
}

function sum(one: number, other: number): number {
  return one + other
}

/** The bytes of a UUID. */
function idBytes(id: string): Buffer {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  if (bytes.length !== ID.bytes) throw new HindraError('INTERNAL', 'the id of an item is a UUID')
  return bytes
}
