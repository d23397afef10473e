import { AsyncLocalStorage } from 'node:async_hooks'
import { BACKGROUND_LEASE, type Engine } from '../../src/engine.ts'
import { HindraError } from '../../src/errors.ts'
import type { Fences, Store } from '../../src/store/index.ts'
import { Crash, Life, type Trouble } from './crash.ts'
import type { ProcessTime } from './process-time.ts'

/** What a process is started from, each time anew. */
export interface Start {
  readonly engine: Engine
  readonly store: Store
  /** Looks at the store, as each request does. */
  look(): Promise<unknown>
}

/** What is left of a call in the midst of which the process was frozen or cut off. */
const STUCK = Symbol('stuck')

/** One of the processes of a house: it dies and starts again, is frozen and wakes, is cut off and comes back. */
export class HouseProcess {
  readonly number: number
  readonly time: ProcessTime
  /** How far its clock is from that of the house. */
  readonly skewMs: number
  /** The same in each of its lives: every promise of the machine asks all that were ever used, until they are disabled. */
  readonly fences: Fences = new AsyncLocalStorage()
  readonly #begin: (process: HouseProcess, life: Life) => Promise<Start>
  readonly #witness: (what: string) => void
  readonly #dispatching = new AsyncLocalStorage<true>()
  #life = new Life(() => undefined)
  #started: Start | undefined
  #pending: Promise<unknown> | undefined
  #incarnation = 0

  constructor(
    own: Pick<HouseProcess, 'number' | 'time' | 'skewMs'>,
    begin: (process: HouseProcess, life: Life) => Promise<Start>,
    witness: (what: string) => void,
  ) {
    this.number = own.number
    this.time = own.time
    this.skewMs = own.skewMs
    this.#begin = begin
    this.#witness = witness
    this.time.hold = () => this.#life.answers()
  }

  /** Whether what runs now goes on by itself: what a person asks for is that person's to send. */
  get isDispatching(): boolean {
    return this.#dispatching.getStore() === true
  }

  /** How others call it; each time it starts it is another one. */
  get name(): string {
    return `process ${this.number}.${this.#incarnation}`
  }

  get engine(): Engine {
    if (this.#started === undefined) throw new Error('the process is not running')
    return this.#started.engine
  }

  /** Neither frozen nor cut off. */
  get isThere(): boolean {
    return !this.#life.isStuck
  }

  get isAway(): boolean {
    return this.#life.isCut
  }

  /** So much time has passed: its timers ring, unless it is frozen. */
  async ring(): Promise<void> {
    if (!this.#life.isFrozen) await this.time.ring()
  }

  async start(): Promise<void> {
    this.#incarnation += 1
    this.time.end()
    const life = new Life(this.#witness)
    this.#life = life
    this.#started = await this.#begin(this, life)
    life.begin()
  }

  /** Whether the work that one process does at a time is this one's now. */
  dispatches(): Promise<boolean> {
    return this.#background().keep()
  }

  /** What goes on by itself in whoever dispatches. */
  dispatching<T>(work: (engine: Engine) => Promise<T>): (engine: Engine) => Promise<T> {
    return (engine) => this.#background().run(() => this.#dispatching.run(true, () => work(engine)))
  }

  /**
   * Does something, in the midst of which a trouble may come: undefined is all that is known then of what was done. One
   * that has died is started anew; how often it died is told to `died`.
   */
  async live<T>(
    work: (engine: Engine) => Promise<T>,
    trouble: Trouble | undefined,
    died: () => void,
  ): Promise<T | undefined> {
    const life = this.#life
    await this.#ask()
    life.expect(trouble)
    try {
      const running = work(this.engine)
      const result = await Promise.race([running, life.stuck.then(() => STUCK)])
      if (result === STUCK) {
        this.#pending = running
        running.catch(() => undefined)
        return undefined
      }
      // What it says that it did, it may not have been able to.
      if (life.isCut) return undefined
      if (!life.over) return result as T
    } catch (error) {
      if (life.isCut && error instanceof HindraError) return undefined
      if (!(error instanceof Crash) && !life.over) throw error
    } finally {
      // What was planned for this comes at nothing else, also where this was refused before it came.
      life.expect(undefined)
    }
    died()
    await this.restart()
    return undefined
  }

  /** It goes on where it was. Starts anew where another one does its work by now. */
  async wake(): Promise<void> {
    this.#life.wake()
    await this.ring()
    const pending = this.#pending
    this.#pending = undefined
    await pending?.catch((error: unknown) => {
      // Its turn is over, or the store was away: whoever dispatches goes on.
      if (!(error instanceof HindraError)) throw error
    })
    await this.ring()
    if (this.engine.lost.aborted) await this.restart()
  }

  async restart(): Promise<void> {
    const life = this.#life
    await this.#started?.engine.shutdown().catch((error: unknown) => {
      // One that is gone can close nothing in order; one that has lost its turn can.
      if (!life.over) throw error
    })
    await this.start()
  }

  /** Where it is frozen or cut off it is back for that, or its end would hang or fail, and say nothing of what came before. */
  async end(): Promise<void> {
    this.#life.wake()
    try {
      await this.#started?.engine.shutdown()
    } finally {
      this.fences.disable()
      this.#dispatching.disable()
    }
  }

  /** Whoever is asked something reads first who asks, and so has seen what any process was answered before. */
  async #ask(): Promise<void> {
    await this.#started?.look()
  }

  #background() {
    if (this.#started === undefined) throw new Error('the process is not running')
    return this.#started.store.lease(BACKGROUND_LEASE)
  }
}
