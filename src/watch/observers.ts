import { SECOND_MS } from '../core/index.ts'
import type { VerdictAnswer } from '../match/index.ts'
import type { ScreeningAnswer } from '../sightings/index.ts'

/** What the engine tells as it happens: classes and seconds, never a URL, hash or id of an item. */
export interface Observer {
  /** One sighting, by the source of the key that brought it; pending ones once they are judged. */
  judged(result: VerdictAnswer['verdict'] | 'failed', source: string | null): void
  /** One file that was screened, by the source of the key; where it has a URL it is a sighting, too. */
  screened(verdict: ScreeningAnswer['verdict'] | 'failed', source: string | null): void
  /** A hash that differs in a few bits from another one that the same key asked for. */
  nearProbe(): void
  /** Told the seconds from the bytes to their hashes, waiting for a worker included. */
  hashed(seconds: number): void
  /** One search of the known material, for all views of a picture or frames of a film. */
  searched(seconds: number): void
}

export interface Observers {
  readonly add: (observer: Observer) => void
  /** Files that wait for a worker or are with one. */
  readonly hashing: number
  /** The same calls, timed. */
  hashes<Part extends object>(pool: Part): Part
  searches<Part extends object>(known: Part): Part
  judged(result: VerdictAnswer['verdict'] | 'failed', source: string | null): void
  screened(verdict: ScreeningAnswer['verdict'] | 'failed', source: string | null): void
  readonly nearProbe: () => void
}

export function createObservers(): Observers {
  const observers = new Set<Observer>()
  let hashing = 0

  function startHashing(): () => void {
    const end = stopwatch((seconds) => {
      for (const observer of observers) observer.hashed(seconds)
    })
    hashing += 1
    return () => {
      hashing -= 1
      end()
    }
  }

  function startSearch(): () => void {
    return stopwatch((seconds) => {
      for (const observer of observers) observer.searched(seconds)
    })
  }

  return {
    add: (observer) => void observers.add(observer),
    get hashing() {
      return hashing
    },
    hashes: (pool) => watched(pool, ['fingerprint', 'scan', 'sight'], startHashing),
    searches: (known) => watched(known, ['search', 'searchHashes'], startSearch),
    judged(result, source) {
      for (const observer of observers) observer.judged(result, source)
    },
    screened(verdict, source) {
      for (const observer of observers) observer.screened(verdict, source)
    },
    nearProbe() {
      for (const observer of observers) observer.nearProbe()
    },
  }
}

/** Tells the seconds between this call and that of what it gives. */
function stopwatch(tell: (seconds: number) => void): () => void {
  const startMs = performance.now()
  return () => {
    tell((performance.now() - startMs) / SECOND_MS)
  }
}

/**
 * The same part of the engine, some of its calls watched from start to end, whether they succeed or
 * not: so no stage need know that anybody looks on.
 */
function watched<Part extends object>(
  part: Part,
  names: readonly string[],
  start: () => () => void,
): Part {
  return new Proxy(part, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function' || !names.includes(String(name))) return value
      return async (...args: readonly unknown[]) => {
        const end = start()
        try {
          return await (Reflect.apply(value, target, args) as Promise<unknown>)
        } finally {
          end()
        }
      }
    },
  })
}
