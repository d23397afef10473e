import { HindraError } from '../errors.ts'
import type { Context } from './context.ts'
import { keySpace } from './key-space.ts'
import { type Store, type Transaction, VERSIONSTAMP_ZERO } from './port.ts'
import type { PageOptions } from './ranges.ts'

/**
 * Of the records. 1 had no mark; cases of 2 did not know their last look and former hosts; lists of 3
 * (all up to 162ef42) did not count what their entries can be found by.
 */
const FORMAT = 4
/** The oldest that `migrate` brings to the present one. */
const MIGRATED_FROM = 3
const PLACE = keySpace('system', 'format')()
/** Where a migration has come to. */
const UNDER_WAY = keySpace('system', 'migration')()

/** A part of a migration: goes through some records in order and adds what they lack. */
export interface MigrationStep {
  /** Its name in progress reports, read by a person. */
  readonly name: string
  /** What is behind `after`, a batch of it; undefined as `after` of the answer at the end. */
  readonly batch: (
    tx: Transaction,
    after: string | undefined,
  ) => Promise<{ readonly records: number; readonly after: string | undefined }>
}

/**
 * A step that does something to all records of one kind, in order of id.
 *
 * @param work Joins the transaction of its batch; `end` joins that of the last one
 */
export function stepThrough<Row extends { readonly id: string }>(
  records: { rows(tx: Transaction, options: PageOptions): AsyncIterable<Row> },
  {
    name,
    limit,
    work,
    end,
  }: {
    readonly name: string
    /** Records in one batch. */
    readonly limit: number
    readonly work: (tx: Transaction, record: Row) => Promise<void> | void
    readonly end?: (tx: Transaction) => void
  },
): MigrationStep {
  return {
    name,
    async batch(tx, after) {
      let count = 0
      let last: string | undefined
      for await (const record of records.rows(tx, { after, limit })) {
        count += 1
        last = record.id
        await work(tx, record)
      }
      if (count === limit) return { records: count, after: last }
      end?.(tx)
      return { records: count, after: undefined }
    },
  }
}

/** How far a migration has come, in the store itself: a killed one goes on. */
interface UnderWay {
  readonly step: number
  readonly after: string | null
  /** Taken before it began. */
  readonly backup: string
}

export interface FormatNow {
  readonly format: number
  readonly present: number
  /** The backup of a migration that was broken off. */
  readonly unfinished: string | null
}

/** What the store is marked with. Throws STORE_FORMAT where this Hindra cannot bring it to the present one. */
export async function formatOf({ store }: { readonly store: Store }): Promise<FormatNow> {
  const { mark, underWay } = await store.transact(async (tx) => ({
    mark: await tx.get(PLACE),
    underWay: await tx.get(UNDER_WAY),
  }))
  const found = mark === undefined ? '1' : Buffer.from(mark).toString()
  const unfinished =
    underWay === undefined ? null : (JSON.parse(Buffer.from(underWay).toString()) as UnderWay)
  const format = Number(unfinished === null ? found : MIGRATED_FROM)
  if (Number.isInteger(format) && format >= MIGRATED_FROM && format <= FORMAT) {
    return { format, present: FORMAT, unfinished: unfinished?.backup ?? null }
  }
  const who = format > FORMAT ? 'a newer Hindra wrote it' : 'a Hindra from before 0.1 wrote it'
  throw new HindraError(
    'STORE_FORMAT',
    `the data directory holds records of format ${found}, this Hindra reads ${FORMAT}: ${who}`,
  )
}

/**
 * Marks a new store with the format of its records, and refuses one of another format before
 * anything else is read. Throws STORE_FORMAT, and STORE_MIGRATE for an older one that can be migrated.
 */
export async function proveFormat({ store }: Pick<Context, 'store'>): Promise<void> {
  if (store.version() === VERSIONSTAMP_ZERO) {
    await store.transact(async (tx) => {
      // Another process may have made it meanwhile.
      if ((await tx.get(PLACE)) === undefined) tx.put(PLACE, Buffer.from(String(FORMAT)))
    })
  }
  const { format, unfinished } = await formatOf({ store })
  if (format === FORMAT) return
  const what = unfinished === null ? 'is' : 'is on the way to the present one from'
  throw new HindraError(
    'STORE_MIGRATE',
    `the data directory ${what} format ${format}, this Hindra reads ${FORMAT}`,
  )
}

/**
 * Brings the store to the present format, in batches: each is one transaction with the place that it came
 * to, so that a killed migration goes on where it was and does nothing twice. From the first batch on no
 * older Hindra opens the store. `also` joins the last transaction.
 *
 * @param backup File of the backup that was taken before; remembered until the end
 */
export async function migrateFormat(
  store: Store,
  steps: readonly MigrationStep[],
  parts: {
    readonly backup: string
    readonly progress: (step: MigrationStep, records: number) => void
    readonly also: (tx: Transaction) => void
  },
): Promise<void> {
  let now = await store.transact(async (tx) => {
    const kept = await tx.get(UNDER_WAY)
    if (kept !== undefined) return JSON.parse(Buffer.from(kept).toString()) as UnderWay
    tx.put(PLACE, Buffer.from(`${MIGRATED_FROM} to ${FORMAT}`))
    const begun: UnderWay = { step: 0, after: null, backup: parts.backup }
    tx.put(UNDER_WAY, Buffer.from(JSON.stringify(begun)))
    return begun
  })
  for (let step = steps[now.step]; step !== undefined; step = steps[now.step]) {
    const { batch } = step
    const from = now
    const done = await store.transact(async (tx) => {
      const { records, after } = await batch(tx, from.after ?? undefined)
      const next: UnderWay =
        after === undefined ? { ...from, step: from.step + 1, after: null } : { ...from, after }
      tx.put(UNDER_WAY, Buffer.from(JSON.stringify(next)))
      return { records, next }
    })
    parts.progress(step, done.records)
    now = done.next
  }
  await store.transact((tx) => {
    tx.put(PLACE, Buffer.from(String(FORMAT)))
    tx.delete(UNDER_WAY)
    parts.also(tx)
    return Promise.resolve()
  })
}
