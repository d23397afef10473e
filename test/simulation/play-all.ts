import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PlayOptions } from './play.ts'
import type { Outcome } from './seeds-process.ts'

/** A year takes a minute or two, of two processes on a busy machine some more. */
const SEED_MINUTES = 15
const PROGRAM = join(import.meta.dirname, 'seeds-process.ts')

/** Plays each in one of several processes; gives what became of them as it comes, in no order. */
export async function* playAll(
  plays: readonly PlayOptions[],
  processes: number,
): AsyncGenerator<Outcome> {
  const waiting = [...plays].reverse()
  const lanes = Array.from({ length: Math.min(processes, plays.length) }, () => new Lane())
  const running = new Map<Lane, Promise<{ lane: Lane; outcome: Outcome }>>()
  try {
    for (;;) {
      for (const lane of lanes) {
        const next = running.has(lane) ? undefined : waiting.pop()
        if (next === undefined) continue
        running.set(
          lane,
          lane.play(next).then((outcome) => ({ lane, outcome })),
        )
      }
      if (running.size === 0) return
      const { lane, outcome } = await Promise.race(running.values())
      running.delete(lane)
      yield outcome
    }
  } finally {
    for (const lane of lanes) lane.close()
  }
}

/** One process at a time, and a new one where a seed has ended it. */
class Lane {
  #child: ChildProcess | undefined

  async play(options: PlayOptions): Promise<Outcome> {
    const child = (this.#child ??= fork(PROGRAM))
    const settled = new AbortController()
    const { signal } = settled
    const ended = once(child, 'exit', { signal }).then(([code]): Outcome => {
      this.#child = undefined
      return { seed: options.seed, why: `the process ended with ${String(code)}` }
    })
    const answered = once(child, 'message', { signal }).then(([outcome]) => outcome as Outcome)
    const late = sleep(SEED_MINUTES * 60_000, undefined, { signal }).then((): Outcome => {
      this.close()
      return { seed: options.seed, why: `did not end within ${SEED_MINUTES} minutes` }
    })
    child.send(options)
    return await Promise.race([answered, ended, late]).finally(() => {
      settled.abort()
    })
  }

  close(): void {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }
}
