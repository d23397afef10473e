import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { HindraError } from '../../errors.ts'
import { connect, type PostgresPlace } from './place.ts'
import { factOf, LOCKS, setFact, TABLE } from './schema.ts'

const RETRY_EACH_MS = 500

const TRY_LOCK = `SELECT pg_try_advisory_lock(${TABLE}, ${LOCKS.owner}) AS taken`
const NEXT = `UPDATE facts SET value = (value::bigint + 1)::text WHERE name = 'owner' RETURNING value`

/**
 * The right of one process to a store: a lock that ends with its connection, so that the next one has it as soon
 * as PostgreSQL knows that the process is gone; and a number that is raised with each owner and that every commit
 * compares, so that one which was given up for gone commits nothing more.
 */
export class Ownership {
  readonly #place: PostgresPlace
  #client: Client | undefined
  #token = ''
  #released = false
  /** Called once another process has it. */
  lost: () => void = () => undefined

  constructor(place: PostgresPlace) {
    this.#place = place
  }

  get token(): string {
    return this.#token
  }

  /** Throws STORE_LOCKED, which names the owner. */
  async take(name: string): Promise<void> {
    const client = await connect(this.#place)
    try {
      if (!(await isTaken(client))) {
        const owner = await factOf(client, 'owner name')
        throw new HindraError('STORE_LOCKED', `${owner ?? 'another process'} has the store`)
      }
      await client.query('BEGIN')
      const { rows } = await client.query<{ value: string }>(NEXT)
      await setFact(client, 'owner name', name)
      await client.query('COMMIT')
      this.#token = rows[0]?.value ?? ''
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
      await sleep(RETRY_EACH_MS, undefined, { ref: false })
    }
  }

  async #tryAgain(): Promise<'mine' | 'theirs' | 'held'> {
    const client = await connect(this.#place)
    const found = await this.#look(client).catch(() => 'held' as const)
    if (found === 'mine' && !this.#released) this.#keep(client)
    else await client.end()
    return found
  }

  /** Who took it meanwhile has raised the number, also where it has given the lock back. */
  async #look(client: Client): Promise<'mine' | 'theirs' | 'held'> {
    const has = await isTaken(client)
    if ((await factOf(client, 'owner')) !== this.#token) return 'theirs'
    return has ? 'mine' : 'held'
  }
}

async function isTaken(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(TRY_LOCK)
  return rows[0]?.taken === true
}
