import { type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { defined } from '../../../src/core/index.ts'
import { endProcess } from '../../../fixtures/servers/end-process.ts'
import type { Home, RunOptions } from '../../cli/hindra.ts'
import { alarmsIn } from './alarms.ts'

/** Before whoever watches over it starts it again, as systemd does. */
const AGAIN_MS = 1_000
const LOOK_EACH_MS = 50
const LINES_SAID = 20

/** A process that is started again whenever it has ended. */
export class Watched {
  readonly name: string
  readonly #start: (bin: string | undefined) => ChildProcess
  #bin: string | undefined
  #process: ChildProcess
  #starts = 0
  #isOver = false
  #said: readonly string[] = []
  #alarms: readonly string[] = []
  /** Exit codes and signals by which it ended, and how often. */
  readonly ends = new Map<string, number>()

  constructor(name: string, home: Home, args: readonly string[], options: RunOptions) {
    this.name = name
    const { bin: first, ...others } = options
    this.#bin = first
    this.#start = (bin) => home.start(args, { ...others, ...defined({ bin }) })
    this.#process = this.#begin()
  }

  /** Its name, and which start of it runs. */
  get incarnation(): string {
    return `${this.name}.${this.#starts}`
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  /** What it said last, on its standard error. */
  get said(): string {
    return this.#said.join('\n')
  }

  /** The lines of its log that it should never have written; a version that is upgraded from is not judged. */
  get alarms(): readonly string[] {
    return this.#alarms
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  async freeze(ms: number): Promise<void> {
    const frozen = this.#process
    frozen.kill('SIGSTOP')
    await sleep(ms)
    frozen.kill('SIGCONT')
  }

  /** Ends it in order; whoever watches over it starts another version then. Resolves once that is begun. */
  async change(bin: string | undefined): Promise<void> {
    this.#bin = bin
    const starts = this.#starts
    this.signal('SIGTERM')
    while (this.#starts === starts) await sleep(LOOK_EACH_MS)
  }

  async end(): Promise<void> {
    this.#isOver = true
    await endProcess(this.#process, 'SIGKILL')
  }

  /** MiB that it has in memory; undefined where it does not run. */
  memory(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'utf8')
      const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
      return kib === undefined ? undefined : Number(kib) / 1_024
    } catch {
      return undefined
    }
  }

  #beginAgain(): void {
    if (!this.#isOver) this.#process = this.#begin()
  }

  #begin(): ChildProcess {
    const isJudged = this.#bin === undefined
    const child = this.#start(this.#bin)
    this.#starts += 1
    child.stdout?.resume()
    if (child.stderr !== null) {
      createInterface(child.stderr).on('line', (line) => {
        this.#said = [...this.#said, line].slice(-LINES_SAID)
        if (isJudged) this.#alarms = alarmsIn([...this.#alarms, line])
      })
    }
    void once(child, 'exit').then(async ([code, signal]: (number | string | null)[]) => {
      const how = String(code ?? signal)
      this.ends.set(how, (this.ends.get(how) ?? 0) + 1)
      if (!this.#isOver) await sleep(AGAIN_MS)
      this.#beginAgain()
    })
    return child
  }
}
