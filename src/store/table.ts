import { despiteFaults, own, type Sealer, type Unless } from '../core/index.ts'
import { isOfAll } from '../errors.ts'
import { Records, type Row } from './collection.ts'
import { unlessDamaged } from './damage.ts'
import type { KeySpace } from './key-space.ts'
import type { Key, ReadTransaction, Store, Transaction } from './port.ts'
import { type Due, dueBelow, type IdOptions, type Page, pairsBelow, take } from './ranges.ts'
import { readCounter } from './write.ts'

/** What stands between a key's name and the id of the record; nothing where the name says all. */
export type IndexPlace = readonly (string | number)[]

/** What digests that which must not be read on the disk. */
export type Digester = Pick<Sealer, 'digest'>

/** Where a record is found, or counted: at one place, at none (false), or at each of several. */
type Placing<Found> = { readonly keys: KeySpace } & (
  | { readonly at: (row: Found, sealer: Digester) => IndexPlace | false }
  | { readonly atEach: (row: Found, sealer: Digester) => readonly IndexPlace[] }
)

/** What finds records by a place. */
type Indexing<Found> = Placing<Found> & {
  /** What readers of the index need of a record, so that they open none. */
  readonly note?: (row: Found) => string
  /** Each place has one record, the one that was written there last; else any number, in order of id. */
  readonly unique?: true
}

type Named<Declared> = Readonly<Record<string, Declared>>

/** What a table keeps in step with its records. */
export interface TableShape<Found> {
  readonly by?: Named<Indexing<Found>>
  /** How many records each place has, so that to know it reads none. */
  readonly counts?: Named<Placing<Found>>
}

type Readers<Declared, Reader> = { readonly [Name in keyof NonNullable<Declared>]: Reader }

/** What readers are made of. */
type Located = Pick<Indexing<never>, 'keys' | 'unique'>

/** Declares the records below a name, and with it all that finds and counts them. */
export function table<Clear, Sealed>(space: KeySpace) {
  return {
    with:
      <const Shape extends TableShape<Row<Clear, Sealed>>>(shape: Shape) =>
      (sealer: Sealer): Table<Clear, Sealed, Shape> =>
        new Table(space, shape, sealer),
  }
}

/** Records with what finds and counts them, which the same transaction changes. */
export class Table<Clear, Sealed, Shape extends TableShape<Row<Clear, Sealed>>> extends Records<
  Clear,
  Sealed
> {
  readonly by: Readers<Shape['by'], Index<Clear, Sealed>>
  readonly counts: Readers<Shape['counts'], Count>
  readonly #shape: TableShape<Row<Clear, Sealed>>
  readonly #digests: Digester

  /** See `table`. */
  constructor(space: KeySpace, shape: Shape, sealer: Sealer) {
    super(space, sealer)
    this.#shape = shape
    this.#digests = sealer
    this.by = readers<Shape['by'], Index<Clear, Sealed>>(
      shape.by,
      ({ keys, unique = false }) => new Index(this, keys, unique),
    )
    this.counts = readers<Shape['counts'], Count>(shape.counts, ({ keys }) => new Count(keys))
  }

  add(tx: Transaction, row: Row<Clear, Sealed>): void {
    this.write(tx, row)
    this.#move(tx, undefined, row)
  }

  /** @param before The record as it was written last */
  change(tx: Transaction, before: Row<Clear, Sealed>, after: Row<Clear, Sealed>): void {
    this.write(tx, after)
    this.#move(tx, before, after)
  }

  /** @param row The record as it was written last */
  remove(tx: Transaction, row: Row<Clear, Sealed>): void {
    this.drop(tx, row.id)
    this.#move(tx, row, undefined)
  }

  /** Writes where an index finds a record that an older version did not write there. */
  place(tx: Transaction, name: keyof NonNullable<Shape['by']>, row: Row<Clear, Sealed>): void {
    const index = own(this.#shape.by ?? {}, String(name))
    if (index === undefined) return
    for (const { key, text } of this.#placed(index, row, this.#digests))
      tx.put(key, Buffer.from(text))
  }

  /** Writes what differs, and nothing more. */
  #move(
    tx: Transaction,
    before: Row<Clear, Sealed> | undefined,
    after: Row<Clear, Sealed> | undefined,
  ): void {
    const sealer = remembering(this.#digests)
    const finding = (row: Row<Clear, Sealed>) => this.#finding(row, sealer)
    const found = difference(before && finding(before), after && finding(after))
    for (const { key } of found.gone) tx.delete(key)
    for (const { key, text } of found.come) tx.put(key, Buffer.from(text))
    const counting = (row: Row<Clear, Sealed>) => this.#counting(row, sealer)
    const counted = difference(before && counting(before), after && counting(after))
    for (const { key } of counted.gone) tx.add(key, -1)
    for (const { key } of counted.come) tx.add(key, 1)
  }

  #finding(row: Row<Clear, Sealed>, sealer: Digester): readonly Written[] {
    const { by = {} } = this.#shape
    return Object.values(by).flatMap((index) => this.#placed(index, row, sealer))
  }

  #placed(
    index: Indexing<Row<Clear, Sealed>>,
    row: Row<Clear, Sealed>,
    sealer: Digester,
  ): readonly Written[] {
    const keys = keysOf(index, row, sealer)
    if (index.unique) return keys.map((key) => ({ key, text: row.id }))
    const text = index.note?.(row) ?? ''
    return keys.map((key) => ({ key: [...key, row.id], text }))
  }

  #counting(row: Row<Clear, Sealed>, sealer: Digester): readonly Written[] {
    const { counts = {} } = this.#shape
    return Object.values(counts).flatMap((placing) =>
      keysOf(placing, row, sealer).map((key) => ({ key, text: '' })),
    )
  }
}

/** Finds the records at a place, in order of id, or the one that a place has. */
export class Index<Clear, Sealed> {
  readonly #records: Records<Clear, Sealed>
  readonly #keys: KeySpace
  readonly #isUnique: boolean

  constructor(records: Records<Clear, Sealed>, keys: KeySpace, isUnique: boolean) {
    this.#records = records
    this.#keys = keys
    this.#isUnique = isUnique
  }

  async *ids(tx: ReadTransaction, place: IndexPlace, options?: IdOptions): AsyncIterable<string> {
    for await (const { id } of this.below(tx, place, options)) yield id
  }

  /**
   * The records below a place, or below the first parts of one. `end` is where each key ends: the id again, or, where
   * each place has one record, the last part of its place. A page goes on behind an end.
   */
  async *below(
    tx: ReadTransaction,
    place: IndexPlace,
    options?: IdOptions,
  ): AsyncIterable<{ readonly end: string; readonly id: string }> {
    for await (const { id: end, value } of pairsBelow(tx, this.#keys(...place), options)) {
      yield { end, id: this.#isUnique ? Buffer.from(value).toString() : end }
    }
  }

  /** How many there are below a place; at most `max` are counted. */
  count(tx: ReadTransaction, place: IndexPlace, max?: number): Promise<number> {
    return tx.count({ prefix: this.#keys(...place) }, max)
  }

  /** Ids with what was noted beside them; nothing where an older version wrote it. */
  async *notes(tx: ReadTransaction, place: IndexPlace) {
    for await (const { id, value } of pairsBelow(tx, this.#keys(...place))) {
      yield { id, note: Buffer.from(value).toString() }
    }
  }

  /** Undefined where it does not stand there. */
  async note(tx: ReadTransaction, place: IndexPlace, id: string): Promise<string | undefined> {
    const note = await tx.get(this.#keys(...place, id))
    return note && Buffer.from(note).toString()
  }

  /** Below which key all of a place are. */
  prefix(...place: IndexPlace): Key {
    return this.#keys(...place)
  }

  /** Without what is damaged. */
  async *rows(
    tx: ReadTransaction,
    place: IndexPlace,
    { limit = Infinity, ...options }: IdOptions = {},
  ): AsyncIterable<Row<Clear, Sealed>> {
    let left = limit
    if (left <= 0) return
    for await (const id of this.ids(tx, place, options)) {
      const row = await unlessDamaged(this.#records.need(tx, id))
      if (row === undefined) continue
      yield row
      left -= 1
      if (left <= 0) return
    }
  }

  async has(tx: ReadTransaction, place: IndexPlace): Promise<boolean> {
    return (await this.#first(tx, place)) !== undefined
  }

  /** The record at a place; of several the oldest. */
  async find(tx: ReadTransaction, place: IndexPlace): Promise<Row<Clear, Sealed> | undefined> {
    const id = await this.#first(tx, place)
    return id === undefined ? undefined : this.#records.need(tx, id)
  }

  async #first(tx: ReadTransaction, place: IndexPlace): Promise<string | undefined> {
    if (!this.#isUnique) return (await take(this.ids(tx, place, { limit: 1 })))[0]
    const id = await tx.get(this.#keys(...place))
    return id === undefined ? undefined : Buffer.from(id).toString()
  }

  /** Where places are times: what is due by a time, the longest due first. */
  due(
    tx: ReadTransaction,
    until: string,
    options: { readonly after?: Key | undefined; readonly limit?: number } = {},
  ): Promise<readonly Due[]> {
    return dueBelow(tx, this.#keys(), until, options)
  }

  /**
   * Hands over all that is due by a time, page after page, a transaction each; resolves to how many
   * `work` counted. What stays due is handed over once, what is damaged not at all. A page over which `work` breaks is
   * handed over again, each record in a transaction of its own, so that only those over which it breaks are left. Throws
   * what broke first, once all were handed over.
   */
  workOff(
    store: Pick<Store, 'transact'>,
    until: string,
    limit: number,
    work: (tx: Transaction, id: string) => Promise<boolean>,
  ): Promise<number> {
    return despiteFaults(async (unless) => {
      let [count, after]: [number, Key | undefined] = [0, undefined]
      do {
        const page = await this.#workPage(store, { until, after, limit }, work, unless)
        count += page.found
        after = page.last
      } while (after !== undefined)
      return count
    })
  }

  async #workPage(
    store: Pick<Store, 'transact'>,
    { until, ...options }: { until: string; after: Key | undefined; limit: number },
    work: (tx: Transaction, id: string) => Promise<boolean>,
    unless: Unless,
  ): Promise<Page<number, Key>> {
    const isDone = async (tx: Transaction, id: string) => {
      const isWhole = (await unlessDamaged(this.#records.need(tx, id))) !== undefined
      return isWhole && (await work(tx, id))
    }
    let due: readonly Due[] = []
    let found = 0
    try {
      found = await store.transact(async (tx) => {
        due = await this.due(tx, until, options)
        let count = 0
        for (const { id } of due) if (await isDone(tx, id)) count += 1
        return count
      })
    } catch (error) {
      if (isOfAll(error) || due.length === 0) throw error
      for (const { key, id } of due) {
        const done = await unless(() =>
          store.transact(async (tx) => (await tx.get(key)) !== undefined && isDone(tx, id)),
        )
        if (done === true) found += 1
      }
    }
    return { found, last: due.length < options.limit ? undefined : due.at(-1)?.key }
  }
}

/** How many records a place has. */
export class Count {
  readonly #keys: KeySpace

  constructor(keys: KeySpace) {
    this.#keys = keys
  }

  async at(tx: ReadTransaction, place: IndexPlace): Promise<number> {
    return readCounter(await tx.get(this.#keys(...place)))
  }
}

interface Written {
  readonly key: Key
  readonly text: string
}

function difference(before: readonly Written[] = [], after: readonly Written[] = []) {
  const [old, now] = [named(before), named(after)]
  return {
    gone: before.filter(({ key }) => !now.has(nameOf(key))),
    come: after.filter(({ key, text }) => old.get(nameOf(key)) !== text),
  }
}

function named(all: readonly Written[]): ReadonlyMap<string, string> {
  return new Map(all.map(({ key, text }) => [nameOf(key), text]))
}

function nameOf(key: Key): string {
  return key.join('\0')
}

function keysOf<Found>(placing: Placing<Found>, row: Found, sealer: Digester): readonly Key[] {
  if ('atEach' in placing) {
    return placing.atEach(row, sealer).map((place) => placing.keys(...place))
  }
  const place = placing.at(row, sealer)
  return place === false ? [] : [placing.keys(...place)]
}

/** What a change leaves as it is, is digested once. */
function remembering(sealer: Digester): Digester {
  const known = new Map<string, string>()
  return {
    digest(domain, value) {
      const name = `${domain}\n${value}`
      const digest = known.get(name) ?? sealer.digest(domain, value)
      known.set(name, digest)
      return digest
    },
  }
}

/** A reader of each, by its name. */
function readers<Declared, Reader>(
  declared: Named<Located> = {},
  reader: (located: Located) => Reader,
): Readers<Declared, Reader> {
  const named = Object.entries(declared).map(([name, located]) => [name, reader(located)])
  // The names are those of what was declared.
  return Object.fromEntries(named) as Readers<Declared, Reader>
}
