import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The right to work that one process at a time does, held for as long as it is renewed (Gray and Cheriton, "Leases",
 * SOSP 1989), with a number that is raised whenever another process takes it (a fencing token).
 */
export interface Lease {
  /** Takes it for as long as this process lives, where no other has it; whether it is held then. */
  keep(): Promise<boolean>
  /**
   * What is begun in `work`, and whatever goes on from it, is done by the holder alone: a transaction commits only where
   * nobody has taken the lease over since. Who does not keep it has it until `work` ends. Throws LEASE_ELSEWHERE, as do
   * those transactions.
   *
   * @param waits Waits as long as another process has it, and does not throw then, unless this one is about to end
   */
  run<T>(work: () => Promise<T>, options?: { readonly waits?: boolean }): Promise<T>
  /** Aborted once another process has taken over what was to be kept. */
  readonly lost: AbortSignal
}

/** Work that is done one after the other, in all processes; in this one in the order in which it was asked for. */
interface Turns {
  <T>(work: () => Promise<T>): Promise<T>
  /** When all that this process was asked for has ended, however it did. */
  settled(): Promise<void>
}

export function turnsOf(lease: Lease): Turns {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(() => lease.run(work, { waits: true }))
    last = next.catch(() => undefined)
    return next
  }
  return Object.assign(inTurn, {
    async settled() {
      await last
    },
  })
}

/** By which right a transaction was made: of a lease, as it was numbered then. */
export interface Fence {
  readonly lease: string
  readonly number: string
}

/** Every lease of a store that one process has alone. */
export const SOLE_LEASE: Lease = {
  keep: () => Promise.resolve(true),
  run: (work) => work(),
  lost: new AbortController().signal,
}

/**
 * Holds the lease whenever it is free, until it is aborted, also past a time in which PostgreSQL is away: that it is held
 * tells others what its name says.
 *
 * @param everyMs How often it is tried for
 */
export async function announce(lease: Lease, everyMs: number, signal: AbortSignal): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve()
    })
  })
  while (!signal.aborted) {
    await lease.run(() => ended).catch(() => undefined)
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}
