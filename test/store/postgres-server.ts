import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from '../free-port.ts'

const PROGRAMS = '/usr/lib/postgresql'
const STARTED_TRIES = 200
const STARTED_EACH_MS = 50

/** The newest one that the machine has, of those that Hindra is tested with; undefined where there is none. */
export const postgresPrograms = newest()

/** Why tests of PostgreSQL are skipped. */
export const NO_POSTGRES = 'PostgreSQL is not installed (apt-get install postgresql-17)'

/** A real server of its own, on a free port of this machine. */
export class PostgresServer {
  readonly directory: string
  readonly port: number
  #process: ChildProcess | undefined

  private constructor(directory: string, port: number) {
    this.directory = directory
    this.port = port
  }

  static async start(): Promise<PostgresServer> {
    const directory = await mkdtemp(join(tmpdir(), 'hindra-postgres-'))
    const { uid, gid } = owner()
    await chmod(directory, 0o700)
    if (uid !== undefined && gid !== undefined) await chown(directory, uid, gid)
    const server = new PostgresServer(directory, await freePort())
    const options = ['-D', directory, '-A', 'trust', '-U', 'hindra', '-E', 'UTF8', '--no-sync']
    execFileSync(program('initdb'), options, { stdio: 'ignore', ...owner(), cwd: '/' })
    await server.begin()
    return server
  }

  /** Runs it again, after `stop`. */
  async begin(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'log_min_messages=fatal',
    ]
    const options = ['-D', this.directory, '-p', String(this.port)]
    this.#process = spawn(
      program('postgres'),
      [...options, ...settings.flatMap((setting) => ['-c', setting])],
      { stdio: 'ignore', ...owner(), cwd: '/' },
    )
    for (let tries = 0; !(await this.#answers()); tries += 1) {
      if (tries === STARTED_TRIES) throw new Error('PostgreSQL did not start')
      await new Promise((resolve) => setTimeout(resolve, STARTED_EACH_MS))
    }
  }

  /** `SIGINT` ends it at once and cleanly (fast), `SIGQUIT` as a crash does (immediate). */
  async stop(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    const running = this.#process
    if (running === undefined) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill(signal)
    await ended
    this.#process = undefined
  }

  async end(): Promise<void> {
    await this.stop('SIGQUIT')
    await rm(this.directory, { recursive: true, force: true })
  }

  /** @param schema Each store has one of its own */
  url(schema: string, port = this.port): string {
    return `postgres://hindra@127.0.0.1:${port}/postgres?schema=${schema}`
  }

  /** What an operator does with psql. */
  async query(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = this.#client()
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  #client(): pg.Client {
    return new pg.Client({ connectionString: `postgres://hindra@127.0.0.1:${this.port}/postgres` })
  }

  async #answers(): Promise<boolean> {
    const client = this.#client()
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      return false
    }
  }
}

function newest(): string | undefined {
  if (!existsSync(PROGRAMS)) return undefined
  const versions = readdirSync(PROGRAMS).filter((name) => /^\d+$/.test(name))
  const version = versions.map(Number).sort((a, b) => b - a)[0]
  return version === undefined ? undefined : join(PROGRAMS, String(version), 'bin')
}

function program(name: string): string {
  return join(postgresPrograms ?? '', name)
}

/** PostgreSQL does not run as root: Debian's package has made a user for it. */
function owner(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
