import { closeAll, defined, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, readable, type ReadTransaction, type Transaction } from '../store/index.ts'
import { asCheckpoint, createChain } from './chain.ts'
import { commitmentOf } from './commitment.ts'
import { cursorOf, keyOf } from './cursor.ts'
import { createEpochs, type Epoch, newestOf, ofThisChain } from './epochs.ts'
import { createAuditRecords } from './records.ts'
import { createAuditSearch, type SearchAudit } from './search.ts'
import { createTally } from './tally.ts'
import type { AuditContent, AuditDetail, AuditEntry, ChainedEntry, Checkpoint } from './entry.ts'
import type { AuditReport } from './audit-report.ts'
import { type FoundEntry, verifyChain } from './verify.ts'

const PAGE_MAX = 1_000
const SALT_BYTES = 32

interface AuditPage {
  readonly after?: string
  readonly limit?: number
}

/** The log of who did what, sealed into a hash chain behind those who write it. */
export interface Audit {
  /** Joins the transaction that makes the effect: both happen, or neither. */
  append(
    tx: Transaction,
    entry: {
      by: string
      action: string
      subject: string
      detail?: AuditDetail
    },
  ): void
  /** What the transaction appends from now on is of a batch: each of its entries names it. */
  inBatch(tx: Transaction, batchId: string): void
  /** For what happens too often for an entry each: one a minute with the count. */
  count(by: string, action: string, subject: string): void
  /** Oldest first, at most 1,000 at a time. Throws INVALID_INPUT for what is no cursor. */
  entries(page: AuditPage): Promise<AuditEntry[]>
  /** As `entries`, with what is needed to verify them elsewhere. */
  chained(page: AuditPage): Promise<ChainedEntry[]>
  /** The newest first, by who, what, about what and when. */
  readonly search: SearchAudit
  /** How many entries there are; at most `max` are counted. */
  size(max: number): Promise<number>
  /** Seals all that is there and gives the state of the chain; null where nothing ever happened. */
  checkpoint(): Promise<Checkpoint | null>
  /**
   * Reads the whole chain as of the moment of the call, and writes nothing; see `verifyChain`. What is
   * appended or linked meanwhile is not judged; what was not linked yet by then is counted as pending.
   */
  verify(checkpoints?: readonly Checkpoint[]): Promise<AuditReport>
  /** The restores that somebody accepted though a witness had seen more: see `ofThisChain`. */
  epochs(): Promise<readonly Epoch[]>
  /**
   * Compares the end of the chain with the store and with the newest checkpoint, which takes no longer than
   * what came since. Throws STORE_REPLAYED where entries are newer than the store, and OLDER_THAN_WITNESS
   * where the chain is shorter than, or not, the one that was witnessed.
   */
  assertNewest(checkpoints: readonly Checkpoint[]): Promise<void>
  /** From now on checkpoints of what came behind the chain as it is are those of another chain. */
  beginEpoch(tx: Transaction, epoch: Epoch): void
  /** For retention: cursors of sealed entries from before a time whose content is there. */
  sealedBefore(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  /** Removes what the entries say, in the order in which `sealedBefore` gave them. The chain stays. */
  erase(tx: Transaction, cursors: readonly string[]): Promise<void>
  /** Seals entries as they come, until closed. @param onFailure Told what ended it. */
  follow(onFailure: (error: unknown) => void): Promise<void>
  /** Writes what was counted and seals what is left. */
  close(): Promise<void>
}

/** Entries are sealed: who did what is personal data, even where it names ids only. */
export function createAudit(context: Context, tallyMs?: number): Audit {
  const { store, clock, random } = context
  const records = createAuditRecords(context)
  const { log } = records
  const epochs = createEpochs(context)
  const chain = createChain(context, records)
  const closing = new AbortController()
  const batchOf = new WeakMap<Transaction, string>()
  let following: Promise<void> | undefined

  const tally = createTally(
    (entries) =>
      store.transact((tx) => {
        for (const entry of entries) append(tx, entry)
        return Promise.resolve()
      }),
    tallyMs,
  )

  return {
    append,
    inBatch: (tx, batchId) => {
      batchOf.set(tx, batchId)
    },
    count: (by, action, subject) => {
      tally.count(by, action, subject)
    },
    async entries(page) {
      const found = await chained(page)
      return found.map(({ cursor, content }) => ({ cursor, ...(content ?? ERASED) }))
    },
    chained,
    search: createAuditSearch(context, records),
    size: (max) => store.read((reading) => reading.count({ prefix: log.keys() }, max)),
    checkpoint: () => chain.seal(),
    async verify(given = []) {
      const checkpoints = ofThisChain(given, await allEpochs())
      return store.read(async (reading) => {
        // A head that cannot be read is none: then the end of the chain does not match it.
        const head = await records.head(reading).catch(() => undefined)
        const chainHead = head === undefined ? null : asCheckpoint(head)
        return verifyChain(found(reading), chainHead, checkpoints)
      })
    },
    epochs: allEpochs,
    async assertNewest(given) {
      const newest = newestOf(given, await allEpochs())
      await store.read(async (reading) => {
        const last = await lastCursor(reading)
        if (last !== undefined && last.slice(0, store.version().length) > store.version()) {
          throw new HindraError('STORE_REPLAYED', 'the audit has entries from after the store')
        }
        if (newest !== undefined) await assertWitnessed(reading, newest)
      })
    },
    beginEpoch(tx, epoch) {
      epochs.begin(tx, context.newId(), epoch)
    },
    async sealedBefore(tx, beforeIso, limit) {
      const erased = await records.erased(tx)
      const start = erased === undefined ? {} : { after: keyOf(log.keys, erased) }
      const due: string[] = []
      for await (const { key, entry } of log.entries(tx, { ...start, limit })) {
        // In commit order, which is the order of time but for moments; what is not chained waits.
        if (entry.link === null || (entry.content?.at ?? '') >= beforeIso) break
        due.push(cursorOf(key))
      }
      return due
    },
    async erase(tx, cursors) {
      for (const cursor of cursors) {
        const key = keyOf(log.keys, cursor)
        const entry = await log.get(tx, key)
        if (entry !== undefined) log.replace(tx, key, { ...entry, content: null, salt: null })
      }
      const last = cursors.at(-1)
      if (last !== undefined) records.putErased(tx, last)
    },
    follow(onFailure) {
      following ??= chain.follow(closing.signal).catch(onFailure)
      return following
    },
    async close() {
      await closeAll([
        () => tally.close(),
        async () => {
          closing.abort()
          await following
        },
        // What cannot be sealed was told when the following ended, and is told by `verify`.
        () => chain.seal().catch(() => undefined),
      ])
    },
  }

  function append(tx: Transaction, entry: Parameters<Audit['append']>[1]): void {
    const { by, action, subject } = entry
    const detail = { ...entry.detail, ...defined({ batch: batchOf.get(tx) }) }
    const content: AuditContent = { at: isoTime(clock.now()), by, action, subject, detail }
    const salt = Buffer.from(random.bytes(SALT_BYTES)).toString('base64')
    log.append(tx, { content, salt, commitment: commitmentOf(salt, content), link: null })
  }

  function chained({ after, limit = PAGE_MAX }: AuditPage): Promise<ChainedEntry[]> {
    const start = after === undefined ? {} : { after: keyOf(log.keys, after) }
    const options = { ...start, limit: Math.min(limit, PAGE_MAX) }
    return store.transact(async (tx) => {
      const entries: ChainedEntry[] = []
      for await (const { key, entry } of log.entries(tx, options)) {
        entries.push({ cursor: cursorOf(key), ...entry })
      }
      return entries
    })
  }

  function allEpochs(): Promise<readonly Epoch[]> {
    return store.read((reading) => epochs.all(reading))
  }

  async function lastCursor(reading: ReadTransaction): Promise<string | undefined> {
    const options = { reverse: true, limit: 1 }
    for await (const { key } of reading.range({ prefix: log.keys() }, options)) return cursorOf(key)
    return undefined
  }

  /** From the end backwards to the entry of the checkpoint. */
  async function assertWitnessed(reading: ReadTransaction, witness: Checkpoint): Promise<void> {
    const { at, count, hash } = witness
    const entries = (await records.head(reading))?.count ?? 0
    const seen = `a witness saw ${count} entries of the audit at ${at}`
    if (entries < count) throw older(`${seen}, there are ${entries}`)
    for await (const { value } of reading.range({ prefix: log.keys() }, { reverse: true })) {
      const link = readable(() => log.decode(value))?.link ?? null
      if (link === null || link.number > count) continue
      if (link.number === count && link.hash === hash) return
      break
    }
    throw older(`${seen}, and entry ${count} is another one`)
  }

  /** One by one, so that a long log fits into memory; what cannot be read is told, not thrown. */
  async function* found(reading: ReadTransaction): AsyncGenerator<FoundEntry> {
    for await (const { key, value } of reading.range({ prefix: log.keys() })) {
      const cursor = cursorOf(key)
      let entry: FoundEntry
      try {
        entry = { cursor, ...log.decode(value) }
      } catch {
        entry = { cursor, unreadable: true }
      }
      yield entry
    }
  }
}

function older(message: string): HindraError {
  return new HindraError('OLDER_THAN_WITNESS', message)
}

const ERASED: AuditContent = { at: '', by: '', action: 'erased', subject: '', detail: {} }
