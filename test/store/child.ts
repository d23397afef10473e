import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Child {
  readonly process: ChildProcess
  /** What it printed, line by line, until it ends. */
  readonly lines: AsyncIterable<string>
  /** Resolves when it has ended, however it ended. */
  readonly ended: Promise<void>
}

/** What the system lets a child do. */
interface Limits {
  /** Into one file: a disk that is full, as far as it can tell. */
  readonly fileBytesMax?: number
  /** Whom it runs as; root alone can say. */
  readonly user?: string
}

/** Starts a script as a process of its own. */
export function startChild(
  script: URL,
  args: readonly string[],
  { fileBytesMax, user }: Limits = {},
): Child {
  const path = fileURLToPath(script)
  // The limit of dash and of bash in sh mode counts blocks of 512 bytes.
  const limit = fileBytesMax === undefined ? '' : `ulimit -f ${Math.floor(fileBytesMax / 512)};`
  const as = user === undefined ? '' : `setpriv --reuid=${user} --clear-groups`
  const command = `${limit} exec ${as} "$0" --import tsx "$@"`
  const child = spawn('sh', ['-c', command, process.execPath, path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve()
    })
  })
  return { process: child, lines, ended }
}

/** Lets the process that calls it open few files from now on: a loader of modules needs more, once. */
export function allowFewFiles(): void {
  execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=128'])
}
