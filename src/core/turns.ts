import { setTimeout as sleep } from 'node:timers/promises'
import { SECOND_MS } from './clock.ts'

/** One run at a time: whoever asks meanwhile gets the run that is under way. */
export interface SingleFlight<Result> {
  (): Promise<Result>
  /** When the run that is under way has ended, however it did. */
  settled(): Promise<void>
}

export function singleFlight<Result>(run: () => Promise<Result>): SingleFlight<Result> {
  let running: Promise<Result> | undefined
  const start = () =>
    (running ??= run().finally(() => {
      running = undefined
    }))
  return Object.assign(start, {
    async settled() {
      await running?.catch(() => undefined)
    },
  })
}

/**
 * One run at a time for each key, and one more for all who ask meanwhile: what they ask for may have come up after the run
 * under way had passed it. However often somebody asks, no more than these two are done.
 */
export function sharedRuns<Result>(
  run: (key: string) => Promise<Result>,
): (key: string) => Promise<Result> {
  const running = new Map<string, Promise<Result>>()
  const next = new Map<string, Promise<Result>>()

  function begin(key: string): Promise<Result> {
    const begun = run(key).finally(() => running.delete(key))
    running.set(key, begun)
    return begun
  }

  return (key) => {
    const current = running.get(key)
    if (current === undefined) return begin(key)
    const waiting =
      next.get(key) ??
      current
        .catch(() => undefined)
        .then(() => {
          next.delete(key)
          return begin(key)
        })
    next.set(key, waiting)
    return waiting
  }
}

/**
 * Takes one turn after the other until stopped; a turn waits by itself for what is next. What a turn throws is
 * told, and the next one begins `pauseMs` later.
 */
export async function repeat(
  turn: () => Promise<unknown>,
  options: {
    readonly stopping: AbortSignal
    readonly pauseMs: number
    readonly onFailure: (error: unknown) => void
  },
): Promise<void> {
  const { stopping, pauseMs, onFailure } = options
  await untilStopped(stopping, async () => {
    try {
      await turn()
    } catch (error) {
      if (stopping.aborted) return
      onFailure(error)
      await pause(pauseMs, stopping)
    }
  })
}

async function untilStopped(stopping: AbortSignal, turn: () => Promise<void>): Promise<void> {
  while (!stopping.aborted) await turn()
}

/** Waits; ends early where somebody stops. */
async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopping }).catch(() => undefined)
}

/** Work that goes on by itself: in rounds every so many seconds, or until its own stage is closed. */
export type Background = { readonly name: string } & (
  | {
      readonly everySeconds: number
      /** Resolves to what it did, for the log; undefined where that was nothing. Where more is due the next begins at once. */
      readonly round: () => Promise<(object & { readonly isMore?: boolean }) | undefined>
    }
  | { readonly run: (onFailure: (error: unknown) => void) => Promise<void> }
)

/** Who hears of the work in the background, by its name. */
export interface BackgroundListener {
  news(name: string, news: object): void
  failed(name: string, error: unknown): void
}

const NOBODY: BackgroundListener = { news: () => undefined, failed: () => undefined }

/**
 * Rounds begin `everySeconds` after the start, and after the end of the one before unless that left more to do: none
 * overlaps another.
 */
export function createBackground(work: readonly Background[]): {
  start(told?: BackgroundListener): void
  /** Lets rounds that are under way finish, and begins no other. What runs by itself is closed by its stage. */
  stop(): Promise<void>
} {
  const stop = new AbortController()
  const running: Promise<void>[] = []

  return {
    start(told = NOBODY) {
      for (const one of work) {
        const { name } = one
        const onFailure = (error: unknown) => {
          told.failed(name, error)
        }
        if ('run' in one) void one.run(onFailure)
        else {
          let isMore = false
          const turn = async () => {
            if (!isMore) await pause(one.everySeconds * SECOND_MS, stop.signal)
            if (stop.signal.aborted) return
            isMore = false
            try {
              const news = await one.round()
              if (news !== undefined) told.news(name, news)
              isMore = news?.isMore === true
            } catch (error) {
              onFailure(error)
            }
          }
          running.push(untilStopped(stop.signal, turn))
        }
      }
    },
    async stop() {
      stop.abort()
      await Promise.all(running)
    },
  }
}
