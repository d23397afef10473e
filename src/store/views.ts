import { EventEmitter, once } from 'node:events'
import type { LoggedCommit } from './logged-commit.ts'
import { LastWrites } from './last-writes.ts'
import type { Database, StoreSnapshot } from './layout.ts'
import type { Versionstamp } from './port.ts'
import type { StoreState } from './state.ts'

/** How many read a view: those that may write by it, and those that only read. */
interface Readers {
  writing: number
  reading: number
}

/** What is durable, as of one commit. Never changes, however long it is read. */
export interface StoreView {
  readonly snapshot: StoreSnapshot
  readonly state: StoreState
  /** What was written last, up to this and later. */
  readonly written: LastWrites
}

/**
 * The durable states that somebody still reads. A view is taken between two batches, never while
 * one is being written, so a view holds whole batches and its state says exactly which.
 */
export class Views {
  readonly #db: Database
  readonly #readers = new Map<StoreView, Readers>()
  readonly #moves = new EventEmitter().setMaxListeners(0)
  #written: LastWrites
  #current: StoreView

  constructor(db: Database, state: StoreState) {
    this.#db = db
    this.#written = new LastWrites(state.version)
    this.#current = this.#take(state)
  }

  get version(): Versionstamp {
    return this.#current.state.version
  }

  /** Version of the oldest view that somebody may write by: what came before concerns no writer. */
  get oldestVersion(): Versionstamp {
    for (const [view, { writing }] of this.#readers) if (writing > 0) return view.state.version
    return this.version
  }

  /** Version of the oldest view that anybody reads. */
  get oldestHeld(): Versionstamp {
    for (const [view] of this.#readers) return view.state.version
    return this.version
  }

  /** The current view, for who may write by it: what is written meanwhile is remembered. */
  acquire(): StoreView {
    return this.#enter('writing')
  }

  /** The current view, for who only reads, however long: nothing is remembered for it. */
  hold(): StoreView {
    return this.#enter('reading')
  }

  /** Ends what `acquire` began. */
  release(view: StoreView): void {
    this.#leave(view, 'writing')
  }

  /** Ends what `hold` began. */
  drop(view: StoreView): void {
    this.#leave(view, 'reading')
  }

  /** Makes what the database holds now, since these were committed, the current view. */
  advance(state: StoreState, commits: readonly LoggedCommit[]): void {
    this.#written.add(commits)
    const before = this.#current
    this.#current = this.#take(state)
    this.release(before)
    this.#moves.emit('move')
  }

  /** Begins anew over a database that was opened anew: what was read of before is closed. */
  restart(state: StoreState): void {
    this.#readers.clear()
    this.#written = new LastWrites(state.version)
    this.#current = this.#take(state)
    this.#moves.emit('move')
  }

  /** Wakes those who wait, so that they see that no move will come. */
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

  #enter(as: keyof Readers): StoreView {
    const readers = this.#readers.get(this.#current)
    if (readers !== undefined) readers[as] += 1
    return this.#current
  }

  #leave(view: StoreView, as: keyof Readers): void {
    const readers = this.#readers.get(view)
    if (readers === undefined) return
    readers[as] -= 1
    if (readers.writing + readers.reading > 0) return
    this.#readers.delete(view)
    void view.snapshot.close()
  }

  /** The current view counts as read by this class itself, so that it stays open. */
  #take(state: StoreState): StoreView {
    const view = { snapshot: this.#db.snapshot(), state, written: this.#written }
    this.#readers.set(view, { writing: 1, reading: 0 })
    return view
  }
}
