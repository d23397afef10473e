import { EventEmitter, once } from 'node:events'
import type { Database, Snapshot } from './layout.ts'
import type { Versionstamp } from './port.ts'
import type { StoreState } from './state.ts'

/** What is durable, as of one commit. Never changes, however long it is read. */
export interface View {
  readonly snapshot: Snapshot
  readonly state: StoreState
}

/**
 * The durable states that somebody still reads. A view is taken between two batches, never while
 * one is being written, so a view holds whole batches and its state says exactly which.
 */
export class Views {
  readonly #db: Database
  readonly #readers = new Map<View, number>()
  readonly #moves = new EventEmitter().setMaxListeners(0)
  #current: View

  constructor(db: Database, state: StoreState) {
    this.#db = db
    this.#current = this.#take(state)
  }

  get version(): Versionstamp {
    return this.#current.state.version
  }

  /** Version of the oldest view that is still read: what came before concerns nobody. */
  get oldestVersion(): Versionstamp {
    const [oldest = this.#current] = this.#readers.keys()
    return oldest.state.version
  }

  acquire(): View {
    this.#readers.set(this.#current, (this.#readers.get(this.#current) ?? 0) + 1)
    return this.#current
  }

  release(view: View): void {
    const left = (this.#readers.get(view) ?? 1) - 1
    if (left > 0) {
      this.#readers.set(view, left)
      return
    }
    this.#readers.delete(view)
    void view.snapshot.close()
  }

  /** Makes what the database holds now the current view. */
  advance(state: StoreState): void {
    const before = this.#current
    this.#current = this.#take(state)
    this.release(before)
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

  /** The current view counts as read by this class itself, so that it stays open. */
  #take(state: StoreState): View {
    const view = { snapshot: this.#db.snapshot(), state }
    this.#readers.set(view, 1)
    return view
  }
}
