import type { Engine } from '../../src/engine.ts'
import { closeAll, HOUR_MS, SECOND_MS, type SeededRandom } from '../../src/core/index.ts'
import type { Life, Trouble } from './crash.ts'
import { HouseProcess, type Start } from './house-process.ts'
import { ProcessTime } from './process-time.ts'
import { Violation } from './violation.ts'
import type { WorldClock } from './world-clock.ts'

/** Between looks of who stands by whether the one that dispatches is gone; see `engine-background.ts`. */
const LOOK_MS = SECOND_MS
/** How soon another one goes on; see docs/many-servers.md. */
const TAKEOVER_MS = 10 * SECOND_MS
/** How far the clocks of two processes are from that of the house, at most. */
const SKEW_MS = 15_000
export const CLOCKS_APART_HOURS = (2 * SKEW_MS) / HOUR_MS

/** What a house stands on. */
interface Ground {
  readonly clock: WorldClock
  /** Draws who is asked, and whose clock is off: no other draw of the world depends on how many there are. */
  readonly random: SeededRandom
  readonly begin: (process: HouseProcess, life: Life) => Promise<Start>
  /** Told of every point that one of them passes, by its number. */
  readonly witness: (process: number, what: string) => void
}

/** The processes of a house, of which one dispatches at a time, and persons ask any. */
export class House {
  readonly processes: readonly HouseProcess[]
  crashes = 0
  /** How often another one has gone on with what one did. */
  takeovers = 0
  readonly #clock: WorldClock
  readonly #random: SeededRandom
  #dispatcher: HouseProcess | undefined

  constructor(servers: number, { clock, random, begin, witness }: Ground) {
    this.#clock = clock
    this.#random = random
    this.processes = Array.from({ length: servers }, (_, number) => {
      const time = new ProcessTime(clock, (ms) => this.pass(ms))
      const skewMs = servers === 1 ? 0 : random.integer(-SKEW_MS, SKEW_MS)
      return new HouseProcess({ number, time, skewMs }, begin, (what) => {
        witness(number, what)
      })
    })
  }

  get hasStuck(): boolean {
    return this.processes.some(({ isThere }) => !isThere)
  }

  get engine(): Engine {
    return this.#anyone().engine
  }

  async start(): Promise<void> {
    for (const process of this.processes) await process.start()
  }

  /** Time passes, also for the timers of all that are not frozen. */
  async pass(ms: number): Promise<void> {
    this.#clock.pass(ms / HOUR_MS)
    for (const process of this.processes) await process.ring()
  }

  /** Somebody asks one of them, whichever the proxy picks. */
  live<T>(
    work: (engine: Engine) => Promise<T>,
    trouble: Trouble | undefined,
  ): Promise<T | undefined> {
    return this.#live(this.#anyone(), work, trouble)
  }

  /** What goes on by itself, in the one that dispatches: another one goes on in time where it is gone. Throws Violation. */
  async dispatch<T>(
    work: (engine: Engine) => Promise<T>,
    trouble: Trouble | undefined,
  ): Promise<T | undefined> {
    const process = await this.#whoDispatches()
    return this.#live(process, process.dispatching(work), trouble)
  }

  /** Those that are frozen or cut off go on where they were. */
  async wake(): Promise<void> {
    for (const process of this.processes) if (!process.isThere) await process.wake()
  }

  async end(): Promise<void> {
    await closeAll(this.processes.map((process) => () => process.end()))
  }

  #live<T>(
    process: HouseProcess,
    work: (engine: Engine) => Promise<T>,
    trouble: Trouble | undefined,
  ): Promise<T | undefined> {
    return process.live(work, trouble, () => {
      this.crashes += 1
    })
  }

  #anyone(): HouseProcess {
    const there = this.processes.filter(({ isThere }) => isThere)
    const one = there[there.length === 1 ? 0 : this.#random.integer(0, there.length - 1)]
    if (one === undefined) throw new Error('no process is there')
    return one
  }

  async #whoDispatches(): Promise<HouseProcess> {
    const sinceMs = this.#clock.trueMs
    for (;;) {
      const first = this.#anyone()
      for (const process of [first, ...this.processes.filter((other) => other !== first)]) {
        if (!process.isThere || !(await process.dispatches())) continue
        this.#clock.follow(process.skewMs)
        if (this.#dispatcher !== undefined && this.#dispatcher !== process) this.takeovers += 1
        this.#dispatcher = process
        return process
      }
      await this.pass(LOOK_MS)
      const waitedMs = this.#clock.trueMs - sinceMs
      if (waitedMs <= TAKEOVER_MS) continue
      throw new Violation('another one goes on in time', `nobody does after ${waitedMs} ms`)
    }
  }
}
