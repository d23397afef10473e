import type { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { HindraError } from '../errors.ts'
import type { Fence, Lease } from './lease.ts'

/** Not renewed for so long, by the clock of the database, it is anybody's. */
const EXPIRES_MS = 7_000
const RENEW_EACH_MS = 1_500
/** Renewed within this, by the own monotonic clock, it is surely held: a renewal counts from when it was asked for. */
const SURE_MS = 4_500
/** Between two askings of somebody who waits: for what another process has, or to be sure of what is held. */
const ASK_EACH_MS = 200

/** The leases by which what runs now is done. */
export type Fences = AsyncLocalStorage<readonly Fence[]>

/** The leases of a store, each until a time of a clock that all processes have in common. */
export interface LeaseTable {
  /** Undefined where it is free. */
  holderOf(name: string): Promise<string | undefined>
  /** Its number, raised; undefined where another process has it, or cannot be waited for. */
  take(name: string, holder: string, forMs: number): Promise<string | undefined>
  /** Whether nobody has taken it since. */
  renew(name: string, number: string, forMs: number): Promise<boolean>
  letGo(name: string, number: string): Promise<void>
  /** The holder of each lease that is held now, by its name. */
  holders(): Promise<Readonly<Record<string, string>>>
  close(): Promise<void>
}

/** How time passes for one process, by a clock that nobody sets. */
export interface LeaseTimer {
  nowMs(): number
  /** Somebody waits for it. */
  pause(ms: number): Promise<void>
  /** Nobody waits for it; at once where that is aborted. */
  idle(ms: number, signal: AbortSignal): Promise<void>
}

const SYSTEM_TIME: LeaseTimer = {
  nowMs: () => performance.now(),
  pause: (ms) => sleep(ms),
  idle: (ms, signal) => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined),
}

export function leaseElsewhere(
  name: string,
  holder = 'another process',
  cause?: unknown,
): HindraError {
  return new HindraError('LEASE_ELSEWHERE', `${holder} does the ${name} of this house`, { cause })
}

/** The leases that one process takes. */
export class Leases {
  readonly fences: Fences
  /** How other processes call this one. */
  readonly holder: string
  readonly table: LeaseTable
  readonly time: LeaseTimer
  readonly #leases = new Map<string, HeldLease>()
  #mayWait = true

  constructor(table: LeaseTable, holder: string, fences: Fences, time = SYSTEM_TIME) {
    this.table = table
    this.holder = holder
    this.fences = fences
    this.time = time
  }

  /** The one of this name. */
  of(name: string): HeldLease {
    const lease = this.#leases.get(name) ?? new HeldLease(name, this)
    this.#leases.set(name, lease)
    return lease
  }

  /** Whether anybody may still wait for what another process has. */
  get mayWait(): boolean {
    return this.#mayWait
  }

  /** See `Store.endWaiting`. */
  endWaiting(): void {
    this.#mayWait = false
  }

  /** See `Store.sure`. */
  async sure(): Promise<void> {
    for (const { lease, number } of this.fences.getStore() ?? []) await this.of(lease).sure(number)
  }

  async close(): Promise<void> {
    for (const lease of this.#leases.values()) await lease.letGo()
    await this.table.close()
  }
}

/** A lease from when it was taken until it was let go or lost. */
interface Held {
  readonly number: string
  /** When the newest renewal that was granted was asked for, by the own monotonic clock. */
  renewedMs: number
  isLost: boolean
  readonly ending: AbortController
}

class HeldLease implements Lease {
  readonly #name: string
  readonly #all: Leases
  readonly #losing = new AbortController()
  readonly lost: AbortSignal = this.#losing.signal
  #held: Held | undefined
  #isKept = false
  #users = 0
  #taking: Promise<Held | undefined> | undefined
  #renewing: Promise<void> | undefined

  constructor(name: string, all: Leases) {
    this.#name = name
    this.#all = all
  }

  async keep(): Promise<boolean> {
    const held = await this.#taken()
    this.#isKept ||= held !== undefined
    return held !== undefined
  }

  async run<T>(work: () => Promise<T>, { waits = false } = {}): Promise<T> {
    this.#users += 1
    try {
      let held = await this.#taken()
      while (held === undefined && waits && this.#all.mayWait) {
        await this.#all.time.pause(ASK_EACH_MS)
        held = await this.#taken()
      }
      if (held === undefined)
        throw leaseElsewhere(this.#name, await this.#all.table.holderOf(this.#name))
      const { fences } = this.#all
      const fence = { lease: this.#name, number: held.number }
      return await fences
        .run([...(fences.getStore() ?? []), fence], work)
        .catch(async (error: unknown) => {
          // What it did not find as it was may have been done by whoever has the lease by now.
          throw (await this.#isLost(held)) ? leaseElsewhere(this.#name, undefined, error) : error
        })
    } finally {
      this.#users -= 1
      if (this.#users === 0 && !this.#isKept) await this.letGo()
    }
  }

  /** Waits until it was renewed a short time ago. Throws LEASE_ELSEWHERE where it is not what it was by this number. */
  async sure(number: string): Promise<void> {
    const { time } = this.#all
    for (;;) {
      const held = this.#held
      if (held?.number !== number || held.isLost) throw leaseElsewhere(this.#name)
      if (this.#isSure(held)) return
      await this.#renew(held)
      if (!this.#isSure(held)) await time.pause(ASK_EACH_MS)
    }
  }

  /** As far as can be known: where the table cannot be asked it is not. */
  async #isLost(held: Held): Promise<boolean> {
    if (!this.#isSure(held)) await this.#renew(held)
    return held.isLost
  }

  #isSure({ renewedMs }: Held): boolean {
    return this.#all.time.nowMs() - renewedMs < SURE_MS
  }

  async letGo(): Promise<void> {
    const held = this.#held
    if (held === undefined) return
    this.#held = undefined
    held.ending.abort()
    await this.#renewing
    // Where it cannot be said, it expires.
    await this.#all.table.letGo(this.#name, held.number).catch(() => undefined)
  }

  #taken(): Promise<Held | undefined> {
    this.#taking ??= this.#take().finally(() => {
      this.#taking = undefined
    })
    return this.#taking
  }

  /** Undefined where another process has it. */
  async #take(): Promise<Held | undefined> {
    if (this.#held?.isLost === false) return this.#held
    if (this.#held !== undefined && this.#isKept) return undefined
    const { table, holder, time } = this.#all
    if ((await table.holderOf(this.#name)) !== undefined) return undefined
    const renewedMs = time.nowMs()
    const number = await table.take(this.#name, holder, EXPIRES_MS)
    if (number === undefined) return undefined
    const held = { number, renewedMs, isLost: false, ending: new AbortController() }
    this.#held = held
    void this.#renewUntilEnd(held)
    return held
  }

  async #renewUntilEnd(held: Held): Promise<void> {
    const { signal } = held.ending
    const isOver = () => signal.aborted || held.isLost
    for (;;) {
      await this.#all.time.idle(RENEW_EACH_MS, signal)
      if (isOver()) return
      await this.#renew(held)
    }
  }

  /** Whoever waits for it shares one. Where it cannot be asked for it is not renewed, and soon asked for again. */
  #renew(held: Held): Promise<void> {
    this.#renewing ??= this.#askFor(held)
      .catch(() => undefined)
      .finally(() => {
        this.#renewing = undefined
      })
    return this.#renewing
  }

  async #askFor(held: Held): Promise<void> {
    const { table, time } = this.#all
    const askedMs = time.nowMs()
    if (await table.renew(this.#name, held.number, EXPIRES_MS)) {
      held.renewedMs = askedMs
      return
    }
    held.isLost = true
    if (this.#isKept) this.#losing.abort()
  }
}
