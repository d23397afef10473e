import { unlessDamaged } from './damage.ts'
import type { Key, ReadTransaction, Versionstamp } from './port.ts'

/** More than these are read anew for every question, and none is kept. What is kept of a case takes 0.7 KB. */
const FACTS_MAX = 100_000

/** Where it is read: records of one kind, or what is noted beside their ids. */
interface Source<Row> {
  readonly prefix: () => Key
  /** Each once. Its id ends its key. */
  readonly rows: (tx: ReadTransaction) => AsyncIterable<Row>
  readonly get: (tx: ReadTransaction, id: string) => Promise<Row | undefined>
}

/** What is known of records of one kind, as of a version. */
interface Known<Fact> {
  readonly version: Versionstamp
  /** By id, in order of id. */
  readonly facts: ReadonlyMap<string, Fact>
}

/**
 * What questions need of every record of one kind, kept in memory from one question to the next: only what was written
 * since is opened again. Each question is answered as of its own transaction, own writes among it.
 */
export class KeptFacts<Row extends { readonly id: string }, Fact> {
  readonly #source: Source<Row>
  readonly #factOf: (row: Row) => Fact | undefined
  #known: Known<Fact> | undefined

  /** @param factOf What is kept of a record, as little as the questions need; undefined where nothing is asked of it */
  constructor(source: Source<Row>, factOf: (row: Row) => Fact | undefined) {
    this.#source = source
    this.#factOf = factOf
  }

  /** Tells each, in order of id where `rows` has them so; without what is damaged. */
  async each(tx: ReadTransaction, tell: (fact: Fact) => void): Promise<void> {
    const known = this.#known
    const prefix = this.#source.prefix()
    const written = known && tx.writtenSince(prefix, known.version)
    if (known === undefined || written === undefined) return this.#anew(tx, tell)
    const now = written.length === 0 ? known.facts : await this.#updated(tx, known, written)
    this.#keep(tx, now)
    for (const fact of now.values()) tell(fact)
  }

  async #anew(tx: ReadTransaction, tell: (fact: Fact) => void): Promise<void> {
    const facts = new Map<string, Fact>()
    for await (const row of this.#source.rows(tx)) {
      const fact = this.#factOf(row)
      if (fact === undefined) continue
      if (facts.size <= FACTS_MAX) facts.set(row.id, fact)
      tell(fact)
    }
    this.#keep(tx, facts)
  }

  async #updated(
    tx: ReadTransaction,
    { facts }: Known<Fact>,
    written: readonly Key[],
  ): Promise<ReadonlyMap<string, Fact>> {
    const changed = new Map(facts)
    await tx.prefetch(written)
    let hasNew = false
    for (const key of written) {
      const id = String(key.at(-1))
      const row = await unlessDamaged(this.#source.get(tx, id))
      const fact = row && this.#factOf(row)
      if (fact === undefined) changed.delete(id)
      else changed.set(id, fact)
      hasNew ||= !facts.has(id)
    }
    return hasNew ? new Map([...changed].sort(([a], [b]) => (a < b ? -1 : 1))) : changed
  }

  /** What was read with own writes, or of before what is known, is of no use to others. */
  #keep(tx: ReadTransaction, facts: ReadonlyMap<string, Fact>): void {
    const version = tx.version()
    if (version === undefined || version < (this.#known?.version ?? version)) return
    this.#known = facts.size > FACTS_MAX ? undefined : { version, facts }
  }
}
