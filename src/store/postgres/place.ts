import type pg from 'pg'
import type { Client, ClientConfig, Pool } from 'pg'
import { MINUTE_MS, readSettingsFile } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { asPostgresError, notConnected } from './errors.ts'

/** A database, and the schema in it that the store has for itself. */
export interface PostgresPlace {
  /** The address as libpq has it; a password that it lacks may come from the environment (PGPASSWORD, .pgpass). */
  readonly url: string
  /** An identifier that needs no quotes. */
  readonly schema: string
}

/** How long a server that is away is waited for, and a process that is frozen in the midst of a commit. */
export const PATIENCE_MS = 15_000
/** Between two tries to reach a server. */
export const RECONNECT_EACH_MS = 200

const SCHEMA = 'hindra'
const CONNECT_MS = 10_000
/** A connection on which nothing comes back for so long is given up: the network may swallow what is sent. */
const ANSWER_MS = 60_000
const KEEPALIVE_MS = 10_000
/** The longest pause between two pages of one reading. */
const READING_PAUSE_MS = 15 * MINUTE_MS

/**
 * Reads `postgres://host/database?schema=name&passwordFile=path`. The file holds the password and nothing else, as a
 * credential of systemd or a secret of Kubernetes does, whose mode `.pgpass` may not have. Throws INVALID_CONFIG.
 *
 * @param text What else stands behind the question mark is the driver's: `sslmode`, `sslrootcert`
 */
export function readPlace(text: string): PostgresPlace {
  const url = URL.parse(text)
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new HindraError('INVALID_CONFIG', 'store.url: is no URL postgres://host/database')
  }
  const schema = url.searchParams.get('schema') ?? SCHEMA
  url.searchParams.delete('schema')
  if (!/^[a-z_][a-z0-9_]{0,50}$/.test(schema) || schema.startsWith('pg_')) {
    throw new HindraError('INVALID_CONFIG', 'store.url: the schema is a name of a-z, 0-9 and _')
  }
  const file = url.searchParams.get('passwordFile')
  url.searchParams.delete('passwordFile')
  if (file !== null) url.password = encodeURIComponent(passwordIn(file))
  return { url: url.href, schema }
}

function passwordIn(file: string): string {
  const text = readSettingsFile('store.url: its passwordFile', file).toString('utf8')
  return text.replace(/\r?\n$/, '')
}

/** Connections that read, each in a transaction of its own. */
export async function openPool(place: PostgresPlace, max: number): Promise<Pool> {
  const { Pool: Connections } = await driver()
  const pool = new Connections({ ...settingsOf(place), max, pipeline: true })
  // Who uses a connection that is cut is told by what it asked; where nobody does it is nobody's concern.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })
  return pool
}

/** One connection. Throws what the way to it says, and STORE_UNAVAILABLE. */
export async function connect(place: PostgresPlace): Promise<Client> {
  const { Client: Connection } = await driver()
  const client = new Connection({ ...settingsOf(place), pipeline: true })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => undefined)
    throw notConnected(error)
  }
  return client
}

/** A connection for one piece of work. Throws what PostgreSQL says in the codes of Hindra. */
export async function withClient<T>(
  place: PostgresPlace,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    const client = await connect(place)
    return await work(client).finally(() => client.end())
  } catch (error) {
    throw asPostgresError(error)
  }
}

async function driver(): Promise<Pick<typeof pg, 'Client' | 'Pool'>> {
  try {
    return (await import('pg')).default
  } catch (cause) {
    const message = 'store.url: the package pg is not installed (npm install pg@8)'
    throw new HindraError('INVALID_CONFIG', message, { cause })
  }
}

function settingsOf({ url, schema }: PostgresPlace): ClientConfig {
  const settings = {
    search_path: schema,
    // What is answered as durable is on the disk, whatever the server's default is.
    synchronous_commit: 'on',
    // A few rows by their key, always: what the planner thinks of an empty table must not decide.
    enable_seqscan: 'off',
    enable_bitmapscan: 'off',
    jit: 'off',
    // What the role or the database is set to must not decide either: commits look anew once they have their lock, and
    // wait for it as long as others need.
    default_transaction_isolation: 'read committed',
    statement_timeout: '0',
    lock_timeout: '0',
    // Who reads page by page takes its time. A process that is frozen would keep all old rows from being cleared away.
    idle_in_transaction_session_timeout: String(READING_PAUSE_MS),
    tcp_keepalives_idle: '10',
    tcp_keepalives_interval: '5',
    tcp_keepalives_count: '3',
  }
  return {
    connectionString: url,
    application_name: 'hindra',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
      .join(' '),
  }
}

/** For whoever holds a lock that all wait for, on this connection or in this transaction: who is frozen gives it back. */
export function freesItselfAfter(ms: number, scope: 'SESSION' | 'LOCAL'): string {
  return `SET ${scope} idle_in_transaction_session_timeout = ${ms}`
}
