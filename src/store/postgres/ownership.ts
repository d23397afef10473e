import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, ClientBase } from 'pg'
import { HindraError } from '../../errors.ts'
import { connect, type PostgresPlace } from './place.ts'
import { factOf, LOCKS, TABLE } from './schema.ts'

/** Between two tries to have the lock again once its connection was cut: nobody waits for it. */
const RETAKE_EACH_MS = 500

const LOCK = `${TABLE}, ${LOCKS.owner}`
const TRY_ALONE = `SELECT pg_try_advisory_lock(${LOCK}) AS taken`
const TRY_SHARED = `SELECT pg_try_advisory_lock_shared(${LOCK}) AS taken`
const HOLDERS = `SELECT DISTINCT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND granted AND (classid::bigint, objid::bigint) = (${LOCK}) ORDER BY name`
const NEXT = `UPDATE facts SET value = (value::bigint + 1)::text WHERE name = 'owner' RETURNING value`

/**
 * The right of a process to a store: a lock that ends with its connection, which any number of processes share, or
 * one has alone. And a number that is raised by whoever takes it alone and that every commit compares: a process
 * that was given up for gone commits nothing more once another one had the store alone.
 */
export class Ownership {
  readonly #place: PostgresPlace
  readonly #isAlone: boolean
  #client: Client | undefined
  #name = ''
  #token = ''
  #released = false
  /** Called once another process had it alone. */
  lost: () => void = () => undefined

  constructor(place: PostgresPlace, isAlone: boolean) {
    this.#place = place
    this.#isAlone = isAlone
  }

  get token(): string {
    return this.#token
  }

  /**
   * Throws STORE_LOCKED, which names who has it.
   *
   * @param name Of this process, for who finds it taken
   */
  async take(name: string): Promise<void> {
    this.#name = name
    const client = await connect(this.#place)
    try {
      if (!(await this.#tryLock(client))) {
        throw new HindraError(
          'STORE_LOCKED',
          `the store is taken by ${(await holdersBy(client)).join(', ')}`,
        )
      }
      const [next] = this.#isAlone ? (await client.query<{ value: string }>(NEXT)).rows : []
      this.#token = next?.value ?? (await factOf(client, 'owner')) ?? ''
    } catch (error) {
      await client.end()
      throw error
    }
    this.#keep(client)
  }

  async release(): Promise<void> {
    this.#released = true
    await this.#client?.end().catch(() => undefined)
  }

  #keep(client: Client): void {
    this.#client = client
    client.on('end', () => {
      if (!this.#released) void this.#takeAgain()
    })
  }

  async #takeAgain(): Promise<void> {
    for (;;) {
      const found = await this.#tryAgain().catch(() => 'cut')
      if (found === 'theirs') this.lost()
      if (found === 'theirs' || found === 'mine' || this.#released) return
      await sleep(RETAKE_EACH_MS, undefined, { ref: false })
    }
  }

  async #tryAgain(): Promise<'mine' | 'theirs' | 'held'> {
    const client = await connect(this.#place)
    const found = await this.#look(client).catch(() => 'held' as const)
    if (found === 'mine' && !this.#released) this.#keep(client)
    else await client.end()
    return found
  }

  /** Who took it alone meanwhile has raised the number, also where it has given the lock back. */
  async #look(client: Client): Promise<'mine' | 'theirs' | 'held'> {
    const has = await this.#tryLock(client)
    if ((await factOf(client, 'owner')) !== this.#token) return 'theirs'
    return has ? 'mine' : 'held'
  }

  async #tryLock(client: Client): Promise<boolean> {
    await client.query(`SELECT set_config('application_name', $1, false)`, [this.#name])
    const { rows } = await client.query<{ taken: boolean }>(this.#isAlone ? TRY_ALONE : TRY_SHARED)
    return rows[0]?.taken === true
  }
}

/** Names of the processes that have the store. */
export async function holdersBy(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(HOLDERS)
  return rows.map(({ name }) => name)
}
