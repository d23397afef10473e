import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { defined } from '../../src/core/index.ts'
import { run as runHere } from '../../src/cli/main.ts'

const BIN = resolve(import.meta.dirname, '../../bin/hindra.js')

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** HINDRA_KEY */
  readonly key?: string
  readonly stdin?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  /** The command of another version, instead of that of this tree; it always has a process of its own. */
  readonly bin?: string
  /** The command is run by these words before it: on another machine, say. */
  readonly within?: readonly string[]
}

export interface Serving {
  readonly url: string
  readonly socket: string
  readonly process: ChildProcess
  /** Sends a signal and gives the exit code; null where the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

interface Person {
  readonly id: string
  readonly key: string
}

/** A data directory of its own, and the command that works on it. */
export interface Home {
  readonly directory: string
  readonly data: string
  /** The built command in a process of its own. */
  start(args: readonly string[], options?: RunOptions): ChildProcess
  /** Runs a command to its end, started as by `start`. */
  spawn(args: readonly string[], options?: RunOptions): Promise<Finished>
  /** The same in this process, which is faster: what the command says and returns. */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>
  /** The answer of a command with --json; throws where it failed. */
  json(args: readonly string[], options?: RunOptions): Promise<unknown>
  /** Creates a principal with a key. */
  person(name: string, ...roles: readonly string[]): Promise<Person>
  personWith(options: RunOptions, name: string, ...roles: readonly string[]): Promise<Person>
  /** Starts a server, with flags of `hindra serve` beside those that find a free port. */
  serve(...flags: readonly string[]): Promise<Serving>
  serveWith(options: RunOptions, ...flags: readonly string[]): Promise<Serving>
  dispose(): Promise<void>
}

export function createHome(): Home {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-cli-'))
  const data = join(directory, 'data')
  const servers = new Set<ChildProcess>()

  function environment({ key, env = {} }: RunOptions): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: directory,
      HINDRA_DATA: data,
      HINDRA_POOL_THREADS: '1',
      HINDRA_FEATURES_STORE: 'false',
      ...defined({ HINDRA_KEY: key }),
      ...env,
    }
  }

  function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
    const { bin = BIN, within = [] } = options
    const [program = '', ...behind] = [...within, process.execPath, bin, ...args]
    return spawn(program, behind, { cwd: directory, env: environment(options) })
  }

  async function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const said = Promise.all([text(stdout), text(stderr)])
    const stdin = Readable.from([options.stdin ?? ''], { objectMode: false })
    const code = await runHere(args, { env: environment(options), stdin, stdout, stderr })
    stdout.end()
    stderr.end()
    const [out, err] = await said
    return { code, stdout: out, stderr: err }
  }

  async function spawned(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const child = start(args, options)
    const output = { stdout: '', stderr: '' }
    child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
    child.stdin?.end(options.stdin ?? '')
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, ...output }
  }

  async function json(args: readonly string[], options: RunOptions = {}): Promise<unknown> {
    const runIt = options.bin === undefined ? run : spawned
    const { code, stdout, stderr } = await runIt([...args, '--json'], options)
    if (code !== 0)
      throw new Error(`hindra ${args.join(' ')} ended with ${String(code)}: ${stderr}`)
    return JSON.parse(stdout) as unknown
  }

  return {
    directory,
    data,
    start,
    spawn: spawned,
    run,
    json,
    person: (name, ...roles) => personWith({}, name, ...roles),
    personWith,
    serve: (...flags) => serveWith({}, ...flags),
    serveWith,
    async dispose() {
      for (const server of servers) {
        const closed = once(server, 'close')
        if (server.kill('SIGKILL')) await closed
      }
      rmSync(directory, { recursive: true, force: true })
    },
  }

  async function personWith(options: RunOptions, name: string, ...roles: readonly string[]) {
    const flags = roles.flatMap((role) => ['--role', role])
    const add = ['people', 'add', name, '--pseudonym', name.toUpperCase(), ...flags]
    const { id } = (await json(add, options)) as { id: string }
    const made = await json(['keys', 'create', id, '--label', 'test'], options)
    const { secret } = made as { secret: string }
    return { id, key: secret }
  }

  async function serveWith(options: RunOptions, ...flags: readonly string[]): Promise<Serving> {
    const child = start(['serve', '--port', '0', '--json', ...flags], options)
    servers.add(child)
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const ended = once(child, 'close').then(() => {
      throw new Error(`serve ended at once: ${said}`)
    })
    if (child.stdout === null) throw new Error('serve has no standard output')
    const first = once(createInterface(child.stdout), 'line') as Promise<[string]>
    const [line] = await Promise.race([first, ended])
    ended.catch(() => undefined)
    const { url, socket } = JSON.parse(line) as { url: string; socket: string }
    return {
      url,
      socket,
      process: child,
      async end(signal) {
        const closed = once(child, 'close') as Promise<[number | null]>
        child.kill(signal)
        const [code] = await closed
        servers.delete(child)
        return code
      },
    }
  }
}
