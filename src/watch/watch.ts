import type { Access } from '../access/index.ts'
import type { Alerts } from '../alerts/index.ts'
import type { Danger } from '../assessing/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS } from '../core/index.ts'
import type { Iccam } from '../iccam/index.ts'
import type { Tips } from '../intake/index.ts'
import { type Pool, poolThreads } from '../pool/index.ts'
import type { Keeping } from '../keeping/index.ts'
import type { ModelFacts } from '../model/index.ts'
import type { KnownSet } from '../known/index.ts'
import { isVetted, type Register } from '../register/index.ts'
import type { Sessions } from '../sessions/index.ts'
import { type Context, Expiring, keySpace } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import { createFaults, faultInWords } from './faults.ts'
import { countLate } from './late.ts'
import type { Claims } from '../match/index.ts'
import type { Observers } from './observers.ts'
import type { Gauges, Health } from './health.ts'
import { reportUpkeep, type UpkeepReport } from './upkeep.ts'

/** A question that the index itself must answer. */
const PROBE = [{ type: 'pdq', value: '0'.repeat(64), quality: 100 }] as const

/** Records of which one round alerts, at most. */
const ALERTED_AT_ONCE = 100
/** What is still damaged then is told again by a process that has begun since. */
const TOLD_AGAIN_MS = 24 * HOUR_MS

const NOT_READ = {
  deadLetters: null,
  undelivered: null,
  callsWaiting: null,
  pending: null,
  cautions: null,
  holds: null,
  policeMails: null,
  waiting: null,
  late: null,
  iccam: null,
  evidence: null,
  unvettedLists: null,
  disk: null,
  access: null,
  signIn: null,
  witnesses: null,
} as const

/** What whoever looks after the process asks: is it well, how full is it. */
export interface Watch {
  gauges(): Promise<Gauges>
  health(): Promise<Health>
  /** What waits and since when, and when a backup was taken. */
  upkeep(): Promise<UpkeepReport>
  /**
   * An alert for each record that this process found damaged since its start, unless another process of the house told
   * the same within a day.
   */
  tellOfDamage(): Promise<void>
}

export function createWatch(
  parts: Pick<Context, 'store' | 'clock' | 'sealer'> & {
    readonly access: Pick<Access, 'accessCautions'>
    readonly sessions: Pick<Sessions, 'counts'>
    readonly pool: Pool
    readonly known: KnownSet
    readonly model: ModelFacts | undefined
    readonly register: Pick<Register, 'cautions' | 'lists'>
    readonly claims: Pick<Claims, 'count'>
    readonly takedown: Takedown
    readonly danger: Pick<Danger, 'count'>
    readonly cases: Cases
    readonly tips: Pick<Tips, 'queueCount'>
    readonly backups: Pick<Keeping['backups'], 'lastAt'>
    readonly iccam: Pick<Iccam, 'status'>
    readonly alerts: Alerts
    readonly observers: Pick<Observers, 'hashing'>
    readonly disk: Keeping['disk']
    readonly witnessAges: Keeping['witnessAges']
  },
  config: Config,
): Watch {
  const {
    store,
    clock,
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

  /** What this process need not look up again. */
  const told = new Set<string>()
  const toldByAny = new Expiring<null>(keySpace('damage-told'), parts)

  /** Null where nobody has a name to acknowledge by. */
  function alertsBehind(): Promise<number | null> {
    return store.transact(async (tx) => {
      const lowest = await alerts.consumers.lowest(tx)
      const { newest } = await cases.alertFeed.span(tx)
      return Number.isFinite(lowest) ? newest - lowest : null
    })
  }

  /** What waits, or is in the wrong place, as the store knows it. */
  async function backlog() {
    return {
      deadLetters: await alerts.deadLetters(),
      undelivered: await takedown.undelivered(),
      callsWaiting: await store.transact((tx) => danger.count(tx)),
      holds: await takedown.holdCounts(),
      policeMails: await takedown.countPoliceMails(),
      waiting: await store.transact((tx) => takedown.errands.counts(tx)),
      pending: await claims.count(),
      cautions: await store.transact((tx) => register.cautions(tx)),
    }
  }

  async function lineToIccam(): Promise<Health['iccam']> {
    const { isOn, failingSince, contents } = await parts.iccam.status()
    return isOn || contents.asks > 0 ? { failingSince, asking: contents.asks } : null
  }

  async function unvettedLists(): Promise<readonly string[]> {
    const lists = await store.transact((tx) => register.lists.all(tx))
    return lists
      .filter((list) => list.kind !== 'allow' && list.evidence.bits > 0 && !isVetted(list))
      .map(({ name }) => name)
  }

  return {
    async tellOfDamage() {
      const news = store
        .damaged()
        .filter((record) => !told.has(record))
        .slice(0, ALERTED_AT_ONCE)
      if (news.length === 0) return
      await store.transact(async (tx) => {
        const untilMs = clock.now() + TOLD_AGAIN_MS
        for (const record of news) {
          if (await toldByAny.add(tx, record, null, untilMs)) await cases.alertDamaged(tx, record)
        }
      })
      for (const record of news) told.add(record)
    },

    async health() {
      const reasons = (await faults()).map(faultInWords)
      const { items, hashes, index } = known
      const { kind, exact } = index
      const ready = reasons.length === 0
      const { queued } = pool
      const about = {
        ready,
        reasons,
        items,
        hashes,
        index: { kind, exact },
        queued,
        damaged: store.damaged().length,
        model: model && known.described ? { id: model.id, ...known.described } : null,
      }
      // A store that is out of order may not answer at all.
      if (!ready) return { ...about, ...NOT_READ }
      return {
        ...about,
        ...(await backlog()),
        late: await countLate(parts),
        iccam: await lineToIccam(),
        access: await store.transact((tx) => parts.access.accessCautions(tx)),
        signIn: await store.transact((tx) => parts.sessions.counts(tx)),
        evidence: await store.transact((tx) => register.lists.evidence(tx)),
        unvettedLists: await unvettedLists(),
        disk: await parts.disk.now(),
        witnesses: await parts.witnessAges(),
      }
    },

    upkeep: () => reportUpkeep(parts),

    async gauges() {
      const { cautions, ...waiting } = await backlog()
      return {
        faults: await faults(),
        backupAt: await parts.backups.lastAt(),
        diskFreeBytes: (await parts.disk.now())?.freeBytes ?? null,
        hashing: observers.hashing,
        threads: poolThreads(config.pool),
        queued: pool.queued,
        items: known.items,
        hashes: known.hashes,
        notices: await takedown.counts(),
        alertsBehind: await alertsBehind(),
        pendingMax: config.sightings.pendingMax,
        damaged: store.damaged().length,
        ...waiting,
        ...cautions,
      }
    },
  }
}
