import type { Config } from '../../config.ts'
import { closeAll, SECOND_MS } from '../../core/index.ts'
import { announce, type Context } from '../../store/index.ts'
import type { FollowedItems } from '../known-follower.ts'
import type { KnownRange, KnownSet } from '../known-set.ts'
import { isEmpty, rangeOf } from '../place-range.ts'
import { followHolders, leaseOf } from './holders.ts'
import { openShardListener } from './listener.ts'
import { scatteredSet } from './scattered-set.ts'

const ANNOUNCE_EACH_MS = SECOND_MS / 2

/**
 * What this process holds, made one with what the others hold; answers them, and says that it does. Throws what listening throws.
 */
export async function openShards(
  context: Pick<Context, 'store' | 'sealer' | 'random'>,
  register: Pick<FollowedItems, 'recentChanges'>,
  own: KnownRange,
  { shard, listen, address, answerSeconds, hedgeMs }: Config['matcher'],
): Promise<KnownSet> {
  const range = rangeOf(shard)
  const listener = listen === undefined ? undefined : await openShardListener(context, own, listen)
  const ending = new AbortController()
  const reached = listener && (address ?? listener.address)
  const lease = reached && context.store.lease(leaseOf({ shard, address: reached }))
  // One that ended a moment ago may have had the same address.
  const announced = lease && announce(lease, ANNOUNCE_EACH_MS, ending.signal)
  const settings = { answerMs: answerSeconds * SECOND_MS, hedgeMs }
  const holder = isEmpty(range) ? undefined : { name: 'this server', range, part: own }
  const holders = followHolders(context, { holder, address: reached }, settings.answerMs)

  return scatteredSet(context, register, own, {
    ...settings,
    holders,
    close: () => {
      ending.abort()
      return closeAll([
        () => announced,
        () => listener?.close(),
        () => holders.close(),
        () => own.close(),
      ])
    },
  })
}
