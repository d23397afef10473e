import type { Alerts } from '../alerts/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { type Pool, poolThreads } from '../pool/index.ts'
import type { ModelFacts } from '../model/index.ts'
import type { KnownSet, Register } from '../register/index.ts'
import type { Store } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import type { Danger } from './danger.ts'
import type { DiskWatch } from './disk-use.ts'
import { createFaults } from './faults.ts'
import type { Claims } from '../match/index.ts'
import type { Observers } from './observers.ts'
import type { Engine } from './types.ts'

/** A question that the index itself must answer. */
const PROBE = [{ type: 'pdq', value: '0'.repeat(64), quality: 100 }] as const

/** What whoever looks after the process asks: is it well, how full is it, what happens. */
export function createWatch(
  parts: {
    readonly store: Store
    readonly pool: Pool
    readonly known: KnownSet
    readonly model: ModelFacts | undefined
    readonly register: Pick<Register, 'cautions' | 'lists'>
    readonly claims: Pick<Claims, 'count'>
    readonly takedown: Takedown
    readonly danger: Pick<Danger, 'count'>
    readonly cases: Cases
    readonly alerts: Alerts
    readonly observers: Observers
    readonly disk: DiskWatch
  },
  config: Config,
): Pick<Engine, 'health' | 'gauges' | 'observe'> {
  const {
    store,
    pool,
    known,
    model,
    register,
    claims,
    takedown,
    danger,
    cases,
    alerts,
    observers,
  } = parts
  const search = () => known.searchHashes(PROBE, { radius: 0, derivedRadius: 0 })
  const faults = createFaults({ store, known, search, pool, claims }, config)

  /** Null where nobody has a name to acknowledge by. */
  function alertsBehind(): Promise<number | null> {
    return store.transact(async (tx) => {
      const lowest = await alerts.consumers.lowest(tx)
      const { newest } = await cases.alertFeed.span(tx)
      return Number.isFinite(lowest) ? newest - lowest : null
    })
  }

  return {
    observe: observers.add,

    async health() {
      const reasons = await faults()
      const { items, hashes, index } = known
      const { kind, exact } = index
      const ready = reasons.length === 0
      const { queued } = pool
      // A store that is out of order may not answer at all.
      const deadLetters = ready ? await alerts.deadLetters() : null
      const undelivered = ready ? await takedown.undelivered() : null
      const callsWaiting = ready ? await store.transact((tx) => danger.count(tx)) : null
      const pending = ready ? await claims.count() : null
      const cautions = ready ? await store.transact((tx) => register.cautions(tx)) : null
      const evidence = ready ? await store.transact((tx) => register.lists.evidence(tx)) : null
      return {
        ...{ ready, reasons, items, hashes, index: { kind, exact }, queued },
        model: model && known.described ? { id: model.id, ...known.described } : null,
        ...{ deadLetters, undelivered, callsWaiting, pending, cautions, evidence },
        disk: ready ? await parts.disk.now() : null,
      }
    },

    gauges: async () => ({
      hashing: observers.hashing,
      threads: poolThreads(config.pool),
      queued: pool.queued,
      items: known.items,
      hashes: known.hashes,
      notices: await takedown.counts(),
      alertsBehind: await alertsBehind(),
      deadLetters: await alerts.deadLetters(),
      undelivered: await takedown.undelivered(),
      callsWaiting: await store.transact((tx) => danger.count(tx)),
      pending: await claims.count(),
      pendingMax: config.sightings.pendingMax,
      ...(await store.transact((tx) => register.cautions(tx))),
    }),
  }
}
