import type { Store } from '../../src/store/index.ts'

/** The process is gone: whatever awaits this is never gone on with. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/**
 * A life of the process, which ends at a given one of its await points: before or after a commit,
 * a mail, a fetch or a look-up. After that nothing it does has an effect.
 */
export class Life {
  #left = Infinity
  #over = false

  /** Dies at the point that many from here. */
  dieAfter(points: number): void {
    this.#left = points
  }

  get over(): boolean {
    return this.#over
  }

  end(): void {
    this.#over = true
  }

  point(): void {
    if (this.#over) throw new Crash('the process is gone')
    this.#left -= 1
    if (this.#left > 0) return
    this.#over = true
    throw new Crash('the process dies here')
  }

  /** A call of the outer world: the process can die before it, or before it hears the answer. */
  async call<T>(work: () => Promise<T>): Promise<T> {
    this.point()
    try {
      return await work()
    } finally {
      this.point()
    }
  }
}

/** A real store, as one life of the process sees it; what was committed outlives it. */
export function storeOf(life: Life, store: Store): Store {
  const closing = new AbortController()
  return {
    transact: (work) => life.call(() => store.transact(work)),
    changes: (prefix, after, { signal } = {}) =>
      store.changes(
        prefix,
        after,
        signal === undefined ? {} : { signal: AbortSignal.any([signal, closing.signal]) },
      ),
    version: () => store.version(),
    scrub: (...args) => store.scrub(...args),
    dump: (...args) => store.dump(...args),
    close: () => {
      closing.abort()
      return Promise.resolve()
    },
  }
}
