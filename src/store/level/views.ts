import { LastWrites } from '../last-writes.ts'
import type { LoggedCommit } from '../logged-commit.ts'
import type { StoreState } from '../state.ts'
import { type Readers, type StoreView, Views } from '../views.ts'
import { type Database, levelSnapshot } from './rows.ts'

/**
 * A view is taken between two batches, never while one is being written, so a view holds whole batches
 * and its state says exactly which.
 */
export class LevelViews extends Views {
  readonly #db: Database
  #written: LastWrites
  #current: StoreView

  constructor(db: Database, state: StoreState) {
    super()
    this.#db = db
    this.#written = new LastWrites(state.version)
    this.#current = this.#take(state)
  }

  get state(): StoreState {
    return this.#current.state
  }

  /** Makes what the database holds now, since these were committed, the current view. */
  advance(state: StoreState, commits: readonly LoggedCommit[]): void {
    this.#written.add(commits)
    const before = this.#current
    this.#current = this.#take(state)
    this.release(before)
    this.wake()
  }

  /** Begins anew over a database that was opened anew: what was read of before is closed. */
  restart(state: StoreState): void {
    this.forget()
    this.#written = new LastWrites(state.version)
    this.#current = this.#take(state)
    this.wake()
  }

  protected enter(as: keyof Readers): StoreView {
    this.add(this.#current, { writing: 0, reading: 0, [as]: 1 })
    return this.#current
  }

  /** The current view counts as read by this class itself, so that it stays open. */
  #take(state: StoreState): StoreView {
    const view = { rows: levelSnapshot(this.#db), state, written: this.#written }
    this.add(view, { writing: 1, reading: 0 })
    return view
  }
}
