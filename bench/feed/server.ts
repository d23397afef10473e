import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ownCpuSeconds, treeCpuSeconds } from '../process-tree.ts'

const BIN = resolve(import.meta.dirname, '../../bin/hindra.js')
const BARE = fileURLToPath(new URL('bare.ts', import.meta.url))
/** Those that the command has. */
const V8_OPTIONS = ['--max-semi-space-size=64', '--heap-growing-percent=300'] as const
const KIB = 1024

/** A server that is loaded, in a process of its own. */
export interface ServerProcess {
  readonly url: string
  /** Since the last call of it. */
  peakBytes(): number
  /** User and system time of all its threads and of the processes that it starts, so far. */
  cpuSeconds(): number
  /** User and system time of the server's own threads alone, so far: what decodes for it is a process apart. */
  ownCpuSeconds(): number
  /** Ends it in order; nothing where it has ended. */
  end(): Promise<void>
}

/** `hindra serve` as users get it. Built beforehand: `npm run build`. */
export function startServerProcess(
  env: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Promise<ServerProcess> {
  return started(BIN, ['serve', '--port', '0', '--json', ...options], given(env))
}

/** Another command, to its end. */
export function runCommand(env: Readonly<Record<string, string>>, ...args: string[]): void {
  execFileSync(BIN, args, { env: given(env), stdio: ['ignore', 'ignore', 'inherit'] })
}

function given(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HINDRA_LOG_LEVEL: 'warn', ...env }
}

/** A bare server on Node that answers the same lines: see `bare.ts`. */
export function startBareProcess(known: readonly string[]): Promise<ServerProcess> {
  const args = [...V8_OPTIONS, '--import', 'tsx', BARE, JSON.stringify(known)]
  return started(process.execPath, args, { PATH: process.env['PATH'] })
}

async function started(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ServerProcess> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const { url, pid } = await announcement(child)
  return {
    url,
    peakBytes() {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      // The peak begins anew (proc_pid_clear_refs(5)).
      writeFileSync(`/proc/${pid}/clear_refs`, '5')
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * KIB
    },
    cpuSeconds: () => treeCpuSeconds(pid),
    ownCpuSeconds: () => ownCpuSeconds(pid),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      await closed
    },
  }
}

async function announcement(child: ChildProcess): Promise<{ url: string; pid: number }> {
  if (child.stdout === null) throw new Error('no standard output')
  const ended = once(child, 'close').then(() => {
    throw new Error('the server has ended: is Hindra built?')
  })
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [
    string,
  ]
  ended.catch(() => undefined)
  return JSON.parse(line) as { url: string; pid: number }
}
