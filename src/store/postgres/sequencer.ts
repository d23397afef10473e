import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { systemRandom } from '../../core/index.ts'
import { HindraError, toHindraError } from '../../errors.ts'
import { type Commit, type PlannedBatch, planBatch } from '../batch.ts'
import { STATE_KEY } from '../layout.ts'
import type { Fence } from '../lease.ts'
import type { LoggedCommit } from '../logged-commit.ts'
import { VERSIONSTAMP_ZERO, type Versionstamp } from '../port.ts'
import type { Rows, RowWrite } from '../rows.ts'
import { type StoreState, stateOf } from '../state.ts'
import type { Commits } from '../transactional-store.ts'
import type { StoreTransaction } from '../transaction.ts'
import { BATCH_COMMITS_MAX, batchOf, versionstamp } from '../versionstamp.ts'
import { WriteHistory } from '../write-history.ts'
import { epochOfHistory } from './epoch.ts'
import { asPostgresError, isCut, takenOver, wentBack } from './errors.ts'
import type { FollowedCommits } from './followed-commits.ts'
import { connect, freesItselfAfter, type PostgresPlace, RECONNECT_EACH_MS } from './place.ts'
import { postgresRows, withState, writeRows } from './rows.ts'
import { factOf, historyOf, LOCKS, TABLE } from './schema.ts'
import { allowed, founded, type Submitted } from './submitted.ts'

/** A batch is closed at this size, so that one commit never waits for all that is queued. */
const BATCH_BYTES = 16 * 1024 * 1024

const ID_BYTES = 16

const LOCK = `SELECT pg_advisory_xact_lock(${TABLE}, ${LOCKS.commit})`
const LET_PASS = `SELECT pg_advisory_xact_lock_shared(${TABLE}, ${LOCKS.turn})`
/** Fails, and its whole batch with it, where the name was taken meanwhile. */
const NAME = 'INSERT INTO batches (id) VALUES ($1)'
const CLAIM = `${NAME} ON CONFLICT DO NOTHING`
const UNCLAIM = 'DELETE FROM batches WHERE id = $1'

interface Checked extends Commit, Pick<Submitted, 'resolve'> {}

/** What a batch comes to, under the lock. */
interface Turn {
  readonly plan: PlannedBatch<Checked>
  readonly client: Client
  /** What else is written with it. */
  readonly also: readonly RowWrite[]
  /** Of the newest commit before it. */
  readonly before: Versionstamp
  readonly id: string
}

interface Hooks {
  /** Which owner the store is to have; undefined where it may have many processes. */
  readonly owner: string | undefined
  readonly patienceMs: number
  readonly warn: (message: string) => void
}

/**
 * Group commit among many processes. Each has one batch in flight: it takes the lock of all, reads on to the
 * newest commit, checks what its transactions have read against all that was written since, and writes those
 * that passed, with their versionstamps, in one transaction. So the serial order is the order of the stamps.
 */
export class Sequencer implements Commits {
  readonly #place: PostgresPlace
  readonly #followed: FollowedCommits
  readonly #changesKept: number
  readonly #hooks: Hooks
  #client: Client | undefined
  #queue: Submitted[] = []
  /** Taken from the queue, and not checked yet. */
  #taken: readonly Submitted[] = []
  #running: Promise<void> | undefined
  #lastSubmitted: Promise<unknown> = Promise.resolve()
  /** The batch that is visible to all perhaps, and not yet known here. */
  #inFlight: number | undefined
  /** The batch before, whose name nobody asks for any more. */
  #lastId: string | undefined
  /** The server goes on with another history than the one that was written. */
  #otherHistory: string | undefined
  /** A transaction of this process has its turn alone: its own batch waits for nobody. */
  hasTurn = false
  #fault: HindraError | undefined
  #closed = false

  constructor(place: PostgresPlace, followed: FollowedCommits, changesKept: number, hooks: Hooks) {
    this.#place = place
    this.#followed = followed
    this.#changesKept = changesKept
    this.#hooks = hooks
  }

  get state(): StoreState {
    return this.#followed.state
  }

  assertUsable(): void {
    if (this.#fault !== undefined) throw this.#fault
  }

  submit(
    { reads, writes }: StoreTransaction,
    since: Versionstamp,
    fences: readonly Fence[],
  ): Promise<boolean> {
    const durable = new Promise<boolean>((resolve, reject) => {
      this.#queue.push({ fences, reads, writes, since, resolve, reject })
      this.#start()
    })
    this.#lastSubmitted = durable.catch(() => undefined)
    return durable
  }

  async settled(): Promise<void> {
    await this.#lastSubmitted
    // Who lost is told before the batch is written that it was in.
    await this.#running
  }

  recentAfter(cursor: Versionstamp): readonly LoggedCommit[] | undefined {
    return this.#followed.recent.after(cursor)
  }

  /** Nothing is committed from now on. */
  refuse(fault: HindraError): void {
    this.#fault ??= fault
  }

  /** Resolves once the batch that is in flight is known here, where a version shows it, or may: commits are noted in order. */
  async known(version: Versionstamp): Promise<void> {
    if (this.#inFlight !== undefined && batchOf(version) >= this.#inFlight) await this.#running
  }

  /** The oldest view by which something is still to be committed. */
  get oldest(): Versionstamp {
    let oldest = this.#followed.version
    for (const { since } of [...this.#taken, ...this.#queue]) if (since < oldest) oldest = since
    return oldest
  }

  /** What nobody commits meanwhile sees and writes, in one transaction; `client` has it. */
  async exclusively<T>(
    work: (
      rows: Rows,
      write: (writes: readonly RowWrite[]) => Promise<void>,
      client: Client,
    ) => Promise<T>,
  ): Promise<T> {
    await this.settled()
    const client = await this.#connected()
    try {
      const state = await this.#begin(client, true)
      await this.#followed.catchUp(postgresRows(client), state)
      const write = async (writes: readonly RowWrite[]) => {
        const { version } = state
        await Promise.all(writeRows(client, withState(writes, { before: version, version })))
      }
      const done = await work(postgresRows(client), write, client)
      await client.query('COMMIT')
      return done
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined)
      throw error
    }
  }

  async close(): Promise<void> {
    await this.settled()
    this.#closed = true
    const last = this.#lastId
    if (last !== undefined) await this.#client?.query(UNCLAIM, [last]).catch(() => undefined)
    await this.#client?.end().catch(() => undefined)
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
      if (this.#queue.length > 0) this.#start()
    })
  }

  async #run(): Promise<void> {
    // Those that are submitted in the same turn share a batch.
    await Promise.resolve()
    const batch = this.#take()
    this.#taken = batch
    try {
      this.assertUsable()
      await this.#commit(batch)
    } catch (error) {
      for (const { reject } of batch) reject(asPostgresError(error))
    } finally {
      this.#taken = []
      this.#inFlight = undefined
    }
  }

  #take(): Submitted[] {
    let bytes = 0
    let count = 0
    for (const { writes } of this.#queue) {
      if (count > 0 && (bytes >= BATCH_BYTES || count >= BATCH_COMMITS_MAX)) break
      bytes += writes.bytes
      count += 1
    }
    return this.#queue.splice(0, count)
  }

  async #commit(batch: readonly Submitted[]): Promise<void> {
    const turn = await this.#checked(batch)
    if (turn === undefined) return
    let isDurable: boolean
    try {
      isDurable = await this.#write(turn)
    } catch (error) {
      if (!isCut(error)) throw error
      this.#drop()
      // The server may have it, or may still be about to: whoever has the name of the batch decides.
      isDurable = !(await this.#claimed(turn.id))
    }
    const { accepted, state, logged, applyVersions } = turn.plan
    if (isDurable) {
      applyVersions()
      this.#followed.add(state, logged)
    }
    for (const { resolve } of accepted) resolve(isDurable)
  }

  /** What passed, ready to be written, under the lock; undefined where nothing is to be written. */
  async #checked(batch: readonly Submitted[]): Promise<Turn | undefined> {
    const client = await this.#connected()
    try {
      const stored = await this.#begin(client, this.hasTurn)
      const rows = postgresRows(client)
      await this.#followed.catchUp(rows, stored)
      const other = this.#otherHistory
      const begun = other === undefined ? undefined : await epochOfHistory(client, stored, other)
      const { state, also } = begun ?? { state: stored, also: [] }
      const fenced = await allowed(client, founded(batch, this.#followed.founded))
      const passed = this.#passed(fenced, batchOf(state.version) + 1)
      this.#taken = []
      const versions = this.#followed.versions
      const plan = await planBatch(passed, {
        rows,
        state,
        versions,
        changesKept: this.#changesKept,
      })
      if (plan.accepted.length > 0) {
        this.#inFlight = batchOf(plan.state.version)
        return { plan, client, also, before: stored.version, id: newId() }
      }
      await client.query('ROLLBACK')
      return undefined
    } catch (error) {
      if (!isCut(error)) {
        await client.query('ROLLBACK').catch(() => undefined)
        throw error
      }
      // Nothing was written yet: all of them run again, on another connection.
      this.#drop()
      for (const { resolve } of batch) resolve(false)
      return undefined
    }
  }

  /** Takes the lock of all; what the store knows of itself then. */
  async #begin(client: Client, hasTurn: boolean): Promise<StoreState> {
    const [, , , owner, bytes] = await Promise.all([
      client.query('BEGIN'),
      // While a transaction of another process has its turn alone, this waits.
      hasTurn ? undefined : client.query(LET_PASS),
      client.query(LOCK),
      factOf(client, 'owner'),
      postgresRows(client).get(STATE_KEY),
    ])
    if (this.#hooks.owner !== undefined && owner !== this.#hooks.owner) this.refuse(takenOver())
    const state = stateOf(bytes)
    if (state.version < this.#followed.version) this.refuse(wentBack())
    this.assertUsable()
    return state
  }

  /** Conflicts are told at once; the others have their versionstamps. */
  #passed(batch: readonly Submitted[], counter: number): Checked[] {
    const { history } = this.#followed
    const own = new WriteHistory()
    const passed: Checked[] = []
    for (const { reads, writes, since, resolve, reject } of batch) {
      if (history.conflicts(reads, since) || own.conflicts(reads, VERSIONSTAMP_ZERO)) {
        resolve(false)
        continue
      }
      const version = versionstamp(counter, passed.length)
      writes.stamp(version)
      own.record(version, writes.keys())
      passed.push({ version, writes, resolve, reject })
    }
    return passed
  }

  /** True where it is durable. Throws what refused it, or that the connection was cut: nobody knows then. */
  async #write({ client, plan, also, before, id }: Turn): Promise<boolean> {
    const last = this.#lastId
    const sent = [
      client.query({ name: 'name', text: NAME, values: [id] }),
      ...(last === undefined
        ? []
        : [client.query({ name: 'unclaim', text: UNCLAIM, values: [last] })]),
      ...writeRows(
        client,
        withState([...also, ...plan.writes], { before, version: plan.state.version }),
      ),
    ]
    const committed = client.query('COMMIT')
    const answers = await Promise.allSettled([...sent, committed])
    const refused = answers.find((answer) => answer.status === 'rejected')
    if (refused !== undefined) throw refused.reason
    const { command } = await committed
    if (command !== 'COMMIT') throw new HindraError('INTERNAL', `COMMIT was answered by ${command}`)
    this.#lastId = id
    this.#otherHistory = undefined
    return true
  }

  /**
   * Whether the name of a batch is free, and is taken here, so that the batch can never be committed later; so it
   * stays taken.
   */
  async #claimed(id: string): Promise<boolean> {
    const client = await this.#connected()
    const { rowCount } = await client.query(CLAIM, [id])
    return rowCount === 1
  }

  /** Waits for a server that is being restarted. */
  async #connected(): Promise<Client> {
    if (this.#client !== undefined) return this.#client
    const until = performance.now() + this.#hooks.patienceMs
    for (let isFirst = true; ; isFirst = false) {
      try {
        const client = await connect(this.#place)
        client.on('end', () => {
          if (this.#client === client) this.#client = undefined
        })
        await client.query(freesItselfAfter(this.#hooks.patienceMs, 'SESSION'))
        const history = await historyOf(client)
        if (history !== (await factOf(client, 'history'))) this.#otherHistory = history
        this.#client = client
        return client
      } catch (error) {
        const { message } = toHindraError(asPostgresError(error))
        if (isFirst) this.#hooks.warn(`the store waits for PostgreSQL: ${message}`)
        if (!isCut(error) || this.#closed || performance.now() > until) throw error
        await sleep(RECONNECT_EACH_MS)
      }
    }
  }

  #drop(): void {
    const client = this.#client
    this.#client = undefined
    void client?.end().catch(() => undefined)
  }
}

/** 128 bits, as PostgreSQL reads a uuid. */
function newId(): string {
  return Buffer.from(systemRandom.bytes(ID_BYTES)).toString('hex')
}
