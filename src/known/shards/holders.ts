import { setTimeout as sleep } from 'node:timers/promises'
import { closeAll, SECOND_MS, singleFlight } from '../../core/index.ts'
import type { Context } from '../../store/index.ts'
import { type PlaceRange, rangeOf } from '../place-range.ts'
import { createShardCaller, type ShardCaller } from './caller.ts'
import { gapOf, type Holder } from './cover.ts'
import type { Holders } from './scattered-set.ts'

/** How often it is looked who is there: who is gone is found out by asking, who has come only so. */
const LOOK_EACH_MS = SECOND_MS / 2
/** Where many questions miss somebody they look no more often. */
const LOOK_REST_MS = 50

/** What one process says that it holds. */
export interface ShardNotice {
  readonly shard: string
  /** Host and port. */
  readonly address: string
}

/** A lease that is named so says it: it ends by itself a few seconds after its process. */
export function leaseOf({ shard, address }: ShardNotice): string {
  return `shard ${shard} at ${address}`
}

/** Undefined where the lease is for something else. */
export function shardOf(lease: string): ShardNotice | undefined {
  const [, shard, address] = /^shard (\d+\/\d+) at (\S+)$/.exec(lease) ?? []
  return shard === undefined || address === undefined ? undefined : { shard, address }
}

/** What nobody of those who hold these leases holds; undefined where all is held, or nothing is divided. */
export function gapAmong(notices: readonly ShardNotice[]): PlaceRange | undefined {
  return notices.length === 0 ? undefined : gapOf(notices.map(({ shard }) => rangeOf(shard)))
}

/** Follows who is there. @param own What this process holds, if anything, and where the others reach it */
export function followHolders(
  context: Pick<Context, 'store' | 'sealer' | 'random'>,
  own: { readonly holder: Holder | undefined; readonly address: string | undefined },
  answerMs: number,
): Holders & { close(): Promise<void> } {
  const { store } = context
  const ownOnly = own.holder === undefined ? [] : [own.holder]
  const others = new Map<string, Holder & ShardCaller>()
  const closing: Promise<void>[] = []
  let all: readonly Holder[] = ownOnly
  let restsUntilMs = 0

  const look = singleFlight(async () => {
    await sleep(Math.max(0, restsUntilMs - performance.now()))
    const names = Object.keys(await store.leaseHolders())
    restsUntilMs = performance.now() + LOOK_REST_MS
    for (const [name, other] of others) {
      if (names.includes(name)) continue
      others.delete(name)
      closing.push(other.close().catch(() => undefined))
    }
    for (const name of names) {
      const notice = shardOf(name)
      if (notice === undefined || others.has(name) || notice.address === own.address) continue
      const caller = createShardCaller(context, notice.address, answerMs)
      others.set(name, { name, range: rangeOf(notice.shard), ...caller })
    }
    all = [...ownOnly, ...others.values()]
  })
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_EACH_MS).unref()

  return {
    all: () => all,
    look,
    async close() {
      clearInterval(looking)
      await look.settled()
      await Promise.all(closing)
      await closeAll([...others.values()].map((other) => () => other.close()))
    },
  }
}
