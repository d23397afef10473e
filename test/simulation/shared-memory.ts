import {
  type Fences,
  leaseElsewhere,
  Leases,
  type LeaseTable,
  type LeaseTimer,
  type ReadTransaction,
  type Store,
  type Versionstamp,
} from '../../src/store/index.ts'
import { HindraError } from '../../src/errors.ts'
import { storeOver } from '../store-over.ts'
import { turn } from './machine.ts'
import type { Plant } from './plants.ts'

interface LeaseRow {
  readonly number: number
  readonly holder: string
  readonly untilMs: number
}

/** What a process is to the memory that it shares with others. */
export interface MemoryUser {
  readonly name: string
  readonly time: LeaseTimer
  readonly fences: Fences
  /** Whether its line is cut, so that it can ask nothing. */
  readonly isAway: () => boolean
  /** Told of a commit by a lease that somebody had taken over: there is none but for a plant. */
  readonly committedLate?: (lease: string) => void
}

/** The key whose value raises with each taking: who commits by a lease reads it, so that a taking meanwhile is a conflict. */
const numberKey = (name: string) => ['lease number', name] as const

/** A memory that several processes share, as they do PostgreSQL: each by a connection of its own. */
export class SharedMemory {
  readonly store: Store
  readonly #leases = new Map<string, LeaseRow>()
  readonly #users = new Set<string>()
  readonly #nowMs: () => number

  readonly #plant: Plant | undefined

  /** @param nowMs The clock of the database, which all have in common */
  constructor(store: Store, nowMs: () => number, plant?: Plant) {
    this.store = store
    this.#nowMs = nowMs
    this.#plant = plant
  }

  /** Who has taken it last, and with which number. */
  leaseOf(name: string): Pick<LeaseRow, 'number' | 'holder'> | undefined {
    return this.#leases.get(name)
  }

  /** What holders look like that were not heard of for long. */
  expire(): void {
    for (const [name, row] of this.#leases) this.#leases.set(name, { ...row, untilMs: 0 })
  }

  connect(user: MemoryUser): Store {
    const store = this.store
    const plant = this.#plant
    const { name, time, fences, isAway } = user
    const leases = new Leases(this.#table(isAway), name, fences, time)
    let known = store.version()
    let lookedMs = time.nowMs()
    const looked = (tx: Pick<ReadTransaction, 'version'>) => {
      const shown = tx.version() ?? known
      if (shown > known) known = shown
      lookedMs = time.nowMs()
    }
    const there = () => {
      if (isAway()) throw away()
    }
    this.#users.add(name)
    return storeOver(store, {
      isShared: true,
      async transact(work) {
        there()
        let late: string | undefined
        const result = await store.transact(async (tx) => {
          late = undefined
          looked(tx)
          const done = await work(tx)
          there()
          // What only reads is nobody's to refuse.
          if (tx.version() !== undefined) return done
          for (const { lease, number } of fences.getStore() ?? []) {
            const newest = Buffer.from((await tx.get(numberKey(lease))) ?? []).toString()
            if (newest !== number) late = lease
          }
          if (late !== undefined && plant !== 'fences-open') throw leaseElsewhere(late)
          return done
        })
        if (late !== undefined) user.committedLate?.(late)
        if (store.version() > known) known = store.version()
        return result
      },
      async read(work) {
        there()
        return store.read((reading) => {
          looked(reading)
          return work(reading)
        })
      },
      async *changes(...asked) {
        there()
        yield* store.changes(...asked)
      },
      version: () => known,
      // By the machine's clock, as the world's has it: between two moments of the world no time passes.
      checkedAt: () => performance.now() - (time.nowMs() - lookedMs),
      recentChanges: (prefix, after) =>
        store
          .recentChanges(prefix, after)
          ?.filter(
            ({ versionstamp }: { readonly versionstamp: Versionstamp }) => versionstamp <= known,
          ),
      lease: (lease) => leases.of(lease),
      sure: () => (plant === 'turns-unasked' ? Promise.resolve() : leases.sure()),
      leaseHolders: () => leases.table.holders(),
      endWaiting: () => {
        leases.endWaiting()
      },
      others: () => Promise.resolve([...this.#users].filter((other) => other !== name)),
      close: async () => {
        this.#users.delete(name)
        await leases.close()
      },
    })
  }

  #table(isAway: () => boolean): LeaseTable {
    const isHeld = (row: LeaseRow) =>
      row.untilMs > (this.#plant === 'leases-endless' ? 0 : this.#nowMs())
    const asked = async () => {
      await turn()
      if (isAway()) throw away()
    }
    const mine = (name: string, number: string): LeaseRow | undefined => {
      const row = this.#leases.get(name)
      return String(row?.number) === number ? row : undefined
    }
    return {
      holderOf: async (name) => {
        await asked()
        const row = this.#leases.get(name)
        return row !== undefined && isHeld(row) ? row.holder : undefined
      },
      take: async (name, holder, forMs) => {
        await asked()
        const row = this.#leases.get(name)
        if (row !== undefined && isHeld(row)) return undefined
        const number = (row?.number ?? 0) + 1
        // Nobody else takes it while its number is being written.
        this.#leases.set(name, { number, holder, untilMs: this.#nowMs() + forMs })
        await this.store.transact((tx) => {
          tx.put(numberKey(name), Buffer.from(String(number)))
          return Promise.resolve()
        })
        return String(number)
      },
      renew: async (name, number, forMs) => {
        await asked()
        const row = mine(name, number)
        if (row !== undefined) this.#leases.set(name, { ...row, untilMs: this.#nowMs() + forMs })
        return row !== undefined
      },
      letGo: async (name, number) => {
        await asked()
        const row = mine(name, number)
        if (row !== undefined) this.#leases.set(name, { ...row, untilMs: 0 })
      },
      holders: async () => {
        await asked()
        const held = [...this.#leases].filter(([, row]) => isHeld(row))
        return Object.fromEntries(held.map(([name, { holder }]) => [name, holder]))
      },
      close: () => Promise.resolve(),
    }
  }
}

function away(): HindraError {
  return new HindraError('STORE_UNAVAILABLE', 'the line to the store is cut')
}
