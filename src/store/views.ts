import { EventEmitter, once } from 'node:events'
import type { LastWrites } from './last-writes.ts'
import type { Versionstamp } from './port.ts'
import type { RowsAtOnce } from './rows.ts'
import type { StoreState } from './state.ts'

/** How many read a view: those that may write by it, and those that only read. */
export interface Readers {
  writing: number
  reading: number
}

/** What is durable, as of one commit. Never changes, however long it is read. */
export interface StoreView {
  readonly rows: RowsAtOnce
  readonly state: StoreState
  /** What was written last, up to this and later. */
  readonly written: LastWrites
}

/** The durable states that somebody still reads. */
export abstract class Views {
  readonly #readers = new Map<StoreView, Readers>()
  readonly #moves = new EventEmitter().setMaxListeners(0)

  /** The state of the store at the newest commit that is known to be durable. */
  abstract get state(): StoreState

  get version(): Versionstamp {
    return this.state.version
  }

  /** When that was the newest of all, by `performance.now()`; undefined where nobody else commits. */
  get checkedAt(): number | undefined {
    return undefined
  }

  /** A view of all that is durable now; counts as read from the moment it is asked for. */
  protected abstract enter(as: keyof Readers): StoreView | Promise<StoreView>

  /** Version of the oldest view that somebody may write by: what came before concerns no writer. */
  get oldestVersion(): Versionstamp {
    return this.oldest(({ writing }) => writing > 0).version
  }

  /** The oldest view that anybody reads. */
  get oldestHeld(): StoreState {
    return this.oldest(() => true)
  }

  /** The current view, for who may write by it: what is written meanwhile is remembered. */
  acquire(): StoreView | Promise<StoreView> {
    return this.enter('writing')
  }

  /** The current view, for who only reads, however long: nothing is remembered for it. */
  hold(): StoreView | Promise<StoreView> {
    return this.enter('reading')
  }

  /** Ends what `acquire` began. */
  release(view: StoreView): void {
    this.#leave(view, 'writing')
  }

  /** Ends what `hold` began. */
  drop(view: StoreView): void {
    this.#leave(view, 'reading')
  }

  /** Wakes those who wait, so that they look again. */
  wake(): void {
    this.#moves.emit('move')
  }

  /** Resolves at the next move, or when the signal is aborted. */
  async moved(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    await once(this.#moves, 'move', { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }

  /** Those who read a view from now on, beside those who do already. */
  protected add(view: StoreView, { writing, reading }: Readers): void {
    const readers = this.#readers.get(view) ?? { writing: 0, reading: 0 }
    readers.writing += writing
    readers.reading += reading
    this.#readers.set(view, readers)
  }

  /** Nobody reads any more: the views are closed with their database. */
  protected forget(): void {
    this.#readers.clear()
  }

  protected oldest(isMeant: (readers: Readers) => boolean): StoreState {
    let oldest = this.state
    for (const [{ state }, readers] of this.#readers) {
      if (state.version < oldest.version && isMeant(readers)) oldest = state
    }
    return oldest
  }

  #leave(view: StoreView, as: keyof Readers): void {
    const readers = this.#readers.get(view)
    if (readers === undefined) return
    readers[as] -= 1
    if (readers.writing + readers.reading > 0) return
    this.#readers.delete(view)
    void view.rows.close()
  }
}
