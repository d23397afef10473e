import type { LeaseTimer } from '../../src/store/index.ts'
import { turn } from './machine.ts'

/** Turns until whoever was woken by a timer has asked and heard. */
const ASKING_TURNS = 4

/** How the world's time passes for one process: its timers are rung when time has passed, unless it is frozen. */
export class ProcessTime implements LeaseTimer {
  readonly #world: { readonly trueMs: number }
  readonly #pass: (ms: number) => Promise<void>
  readonly #timers = new Set<() => void>()
  /** While it stands nobody in the process gets beyond a wait. */
  hold: () => Promise<void> = () => Promise.resolve()

  /** @param pass Lets so much of the world's time pass: whoever waits is what happens next */
  constructor(world: { readonly trueMs: number }, pass: (ms: number) => Promise<void>) {
    this.#world = world
    this.#pass = pass
  }

  nowMs(): number {
    return this.#world.trueMs
  }

  async pause(ms: number): Promise<void> {
    await this.hold()
    await this.#pass(ms)
    await turn()
  }

  async idle(_ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    await new Promise<void>((resolve) => {
      const ring = () => {
        this.#timers.delete(ring)
        signal.removeEventListener('abort', ring)
        resolve()
      }
      this.#timers.add(ring)
      signal.addEventListener('abort', ring)
    })
  }

  /** The process is gone: its timers never ring. */
  end(): void {
    this.#timers.clear()
  }

  /** Time has passed: whatever waited for it has been done when this resolves. */
  async ring(): Promise<void> {
    for (const ring of [...this.#timers]) ring()
    for (let turns = 0; turns < ASKING_TURNS; turns += 1) await turn()
  }
}
