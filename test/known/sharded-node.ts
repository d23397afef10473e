import { createAudit } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { indexSource } from '../../src/index/index.ts'
import { type KnownSet, openKnownSet } from '../../src/known/index.ts'
import { rangeOf } from '../../src/known/place-range.ts'
import { openShards } from '../../src/known/shards/shards.ts'
import { createRegister, type Register } from '../../src/register/index.ts'
import { type Context, openPostgresStore } from '../../src/store/index.ts'
import { systemContext } from '../context.ts'
import { copyOf, pictureOf } from '../register/material.ts'

const RADIUS = 31

/** A process of a house that divides the known material, and what it finds of it all. */
export interface ShardNode {
  readonly context: Context
  readonly register: Register
  readonly set: KnownSet
  /** Ids of items like the picture, in order. */
  found(seed: number): Promise<readonly string[]>
  close(): Promise<void>
}

/** @param shard What it holds: all of it, and asks nobody, where it is 1/1 */
export async function openShardNode(url: string, shard: string): Promise<ShardNode> {
  const store = await openPostgresStore({ url, process: `process ${process.pid}`, patienceMs: 500 })
  const context = systemContext(store)
  const register = createRegister(context, createAudit(context))
  const indexes = indexSource('exact')
  const own = await openKnownSet(context, register, { indexes, range: rangeOf(shard) })
  const { matcher } = configWith({
    'matcher.shard': shard,
    'matcher.answerSeconds': 1,
    'matcher.hedgeMs': 50,
    ...(shard === 'none' ? {} : { 'matcher.listen': '127.0.0.1:0' }),
  })
  const set = shard === '1/1' ? own : await openShards(context, register, own, matcher)
  return {
    context,
    register,
    set,
    async found(seed) {
      // As each request reads who asks.
      await store.transact(() => Promise.resolve())
      const hits = await set.search(copyOf(pictureOf(seed), 9, 'rot90'), RADIUS)
      return hits.map(({ itemId }) => itemId).sort()
    },
    async close() {
      await set.close()
      await store.close()
    },
  }
}
