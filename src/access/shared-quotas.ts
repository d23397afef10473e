import { gathered, HOUR_MS, SECOND_MS } from '../core/index.ts'
import { type Context, Expiring, keySpace, type Transaction } from '../store/index.ts'

interface Bucket {
  /** Below zero: what is owed. */
  readonly tokens: number
  readonly atMs: number
}

/** Someone who waits for a token, and what comes of it. */
interface Taking {
  readonly name: string
  /** Takes a token that is not there yet, too. */
  readonly onCredit: boolean
  waitSeconds: number
}

/**
 * Buckets of tokens that all processes of the house share, a bucket each name: as many at once as come in an hour, then
 * one after the other. They guard what nobody is to find out by asking often, whichever process they ask.
 */
export interface SharedQuotas {
  /** Takes a token: 0; or takes none: the seconds until there is one. Many at once share a commit. */
  take(name: string): Promise<number>
  /** The same, in a transaction that is made anyway. */
  takeWithin(tx: Transaction, name: string): Promise<number>
  /** Takes a token, now or as soon as there is one: 0, or the seconds until there is. */
  owe(name: string): Promise<number>
  /** The seconds until nothing is owed any more. */
  owed(name: string): Promise<number>
}

/** @param perHour 0 is no limit */
export type OpenQuotas = (kind: string, perHour: number) => SharedQuotas

export function createSharedQuotas(context: Context): OpenQuotas {
  const records = new Expiring<Bucket>(keySpace('probing-bucket'), context)
  return (kind, perHour) => bucketsOf(context, records, kind, perHour)
}

function bucketsOf(
  { store, clock }: Context,
  records: Expiring<Bucket>,
  kind: string,
  perHour: number,
): SharedQuotas {
  const msPerToken = HOUR_MS / perHour
  /** Until when a bucket is known to have no token: nobody puts one in sooner. */
  const emptyUntilMs = new Map<string, number>()

  async function filled(tx: Transaction, name: string): Promise<Bucket> {
    const now = clock.now()
    const { tokens, atMs } = (await records.get(tx, `${kind} ${name}`)) ?? {
      tokens: perHour,
      atMs: now,
    }
    // The clock of another process may be ahead.
    const passedMs = Math.max(0, now - atMs)
    return { tokens: Math.min(perHour, tokens + passedMs / msPerToken), atMs: atMs + passedMs }
  }

  async function takeFrom(tx: Transaction, name: string, onCredit: boolean): Promise<number> {
    const bucket = await filled(tx, name)
    const waitMs = Math.max(0, (1 - bucket.tokens) * msPerToken)
    if (waitMs > 0 && !onCredit) {
      emptyUntilMs.set(name, clock.now() + waitMs)
      return waitMs / SECOND_MS
    }
    const left = { ...bucket, tokens: bucket.tokens - 1 }
    records.put(tx, `${kind} ${name}`, left, left.atMs + (perHour - left.tokens) * msPerToken)
    return waitMs / SECOND_MS
  }

  const inTurn = gathered<Taking>((all) =>
    store.transact(async (tx) => {
      for (const one of all) one.waitSeconds = await takeFrom(tx, one.name, one.onCredit)
    }),
  )

  function knownEmptySeconds(name: string): number {
    const leftMs = (emptyUntilMs.get(name) ?? 0) - clock.now()
    if (leftMs > 0) return leftMs / SECOND_MS
    emptyUntilMs.delete(name)
    return 0
  }

  async function taken(name: string, onCredit: boolean): Promise<number> {
    const taking = { name, onCredit, waitSeconds: 0 }
    await inTurn(taking)
    return taking.waitSeconds
  }

  return {
    take: async (name) =>
      perHour === 0 ? 0 : knownEmptySeconds(name) || (await taken(name, false)),
    takeWithin: async (tx, name) =>
      perHour === 0 ? 0 : knownEmptySeconds(name) || (await takeFrom(tx, name, false)),
    owe: async (name) => (perHour === 0 ? 0 : taken(name, true)),
    async owed(name) {
      if (perHour === 0) return 0
      const { tokens } = await store.transact((tx) => filled(tx, name))
      return Math.max(0, -tokens * msPerToken) / SECOND_MS
    },
  }
}
