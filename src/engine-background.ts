import { setTimeout as sleep } from 'node:timers/promises'
import type { Alerts } from './alerts/index.ts'
import type { Danger } from './assessing/index.ts'
import type { Audit } from './audit/index.ts'
import { alikeSettings, type Config } from './config.ts'
import { type BackgroundListener, createBackground, type Sealer, SECOND_MS } from './core/index.ts'
import type { Exchanging } from './curation/index.ts'
import type { openFind } from './find/index.ts'
import type { Iccam } from './iccam/index.ts'
import type { Keeping } from './keeping/index.ts'
import { gapAmong, shardOf } from './known/index.ts'
import type { LaidDown } from './policy/index.ts'
import type { Seeing } from './sightings/index.ts'
import type { Sisters } from './sisters/index.ts'
import { announce, type Store } from './store/index.ts'
import { type DueReport, newsOf, type Watch } from './watch/index.ts'

/** The background work that calls whoever must know at once that a child is in danger. */
export const DUTY_CALLS = 'calls to the duty desk'

/** What one process of a house does at a time. */
export const BACKGROUND_LEASE = 'background work'

/** A server holds a lease of this name and a digest: of two with the same settings one does. */
const ALIKE = 'settings '
const ALIKE_CHARS = 16
const ALIKE_EACH_MS = 5 * SECOND_MS

/** Between looks whether the process that has it is gone. */
const LOOK_MS = SECOND_MS

/** What the leases of a house tell of its servers. */
export function toldByLeases(leases: Readonly<Record<string, string>>) {
  const held = Object.entries(leases)
  const shards = held.flatMap(([name, holder]) => {
    const notice = shardOf(name)
    return notice === undefined ? [] : [{ ...notice, holder }]
  })
  return {
    dispatcher: leases[BACKGROUND_LEASE],
    /** What is held where the known material is divided. */
    shards,
    /** What nobody holds of it; undefined where all is held, or nothing is divided. */
    gap: gapAmong(shards),
    /** One server for each kind of settings: all have the same where it is one. */
    settings: held.flatMap(([name, holder]) => (name.startsWith(ALIKE) ? [holder] : [])),
  }
}

/**
 * What goes on by itself, until the engine is shut down: in each process with the role, and what a dispatcher does in
 * one process of the house at a time, while the others stand by.
 */
export function createBackgroundWork(
  parts: {
    readonly store: Store
    readonly audit: Audit
    readonly seeing: Seeing
    readonly iccam: Iccam
    readonly sisters: Sisters
    readonly keeping: Keeping
    readonly danger: Danger
    readonly exchanging: Exchanging
    readonly alerts: Alerts
    readonly old: Awaited<ReturnType<typeof openFind>>['old']
    readonly watch: Pick<Watch, 'tellOfDamage'>
    readonly runDue: () => Promise<DueReport>
    readonly config: Config
    readonly laidDown: LaidDown
    readonly sealer: Sealer
  },
  by: string,
) {
  const { seeing, iccam, sisters, keeping, danger, exchanging, alerts, old, audit } = parts
  const { tickSeconds: everySeconds, roles } = parts.config.server
  const lease = parts.store.lease(BACKGROUND_LEASE)
  const stop = new AbortController()
  let standing = Promise.resolve()
  let announced = Promise.resolve()
  let isResumed = false
  let hasBegun = false

  const everywhere = createBackground([
    // What is damaged is found out by whoever reads it.
    { name: 'damaged records', everySeconds, round: tellOfDamage },
  ])
  const matching = createBackground([
    { name: 'pending sightings', run: (onFailure) => seeing.judging.runContinuously(onFailure) },
  ])
  const dispatching = createBackground([
    { name: 'due work', everySeconds, round: async () => newsOf(await parts.runDue()) },
    // By itself: there can be much of it, and no notice is to wait for it.
    { name: 'kept sightings', everySeconds, round: () => seeing.retroactive.round() },
    { name: 'sister mails', everySeconds, round: () => sisters.round() },
    { name: 'ICCAM', everySeconds, round: () => iccam.round(by) },
    // A witness that hangs holds nothing else up.
    { name: 'witnesses', everySeconds, round: () => keeping.tellWitnesses() },
    { name: 'sealing of the audit', run: (onFailure) => audit.follow(onFailure) },
    { name: 'old records', run: (onFailure) => old.takeIn(onFailure) },
    { name: 'files of the store', run: (onFailure) => keeping.checkFiles(onFailure) },
    { name: DUTY_CALLS, run: (onFailure) => danger.runContinuously(onFailure) },
    { name: 'sources', run: (onFailure) => exchanging.sources.runContinuously(onFailure) },
    { name: 'webhooks', run: (onFailure) => alerts.deliverContinuously(onFailure) },
  ])
  const all = [everywhere, matching, dispatching]

  async function tellOfDamage(): Promise<undefined> {
    await parts.watch.tellOfDamage()
  }

  /** What an earlier process left is gone on with, once, before anything else is begun. */
  async function resume(): Promise<boolean> {
    if (!(await lease.keep())) return false
    if (!isResumed) {
      await lease.run(async () => {
        await exchanging.resume()
        await keeping.resume()
      })
      isResumed = true
    }
    return true
  }

  async function dispatch(told: BackgroundListener | undefined): Promise<void> {
    const { signal } = stop
    while (!signal.aborted) {
      try {
        if (await resume()) {
          await lease.run(() => begin(told))
          return
        }
      } catch (error) {
        told?.failed('standing by', error)
      }
      await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  /** Whoever can read the store learns nothing by it: settings are secret in part. */
  function alike(): string {
    const files = parts.laidDown.list().map(({ name, version }) => [name, version])
    const all = JSON.stringify([alikeSettings(parts.config), files])
    return `${ALIKE}${parts.sealer.digest('settings', all).slice(0, ALIKE_CHARS)}`
  }

  function begin(told: BackgroundListener | undefined): Promise<void> {
    if (!stop.signal.aborted) {
      dispatching.start(told)
      hasBegun = true
    }
    return Promise.resolve()
  }

  return {
    /** Aborted once another process of the house has taken over what this one dispatches. */
    lost: lease.lost,
    /** A process that has the lease, and cannot go on with what an earlier one left, does not dispatch. */
    dispatches: () => hasBegun && !lease.lost.aborted && !stop.signal.aborted,
    /** Before the first start: what an earlier process left, where no other one is at it. */
    async resume(): Promise<void> {
      if (!parts.store.isShared || roles.includes('dispatcher')) await resume()
    },
    start(told?: BackgroundListener): void {
      everywhere.start(told)
      if (parts.store.isShared) {
        announced = announce(parts.store.lease(alike()), ALIKE_EACH_MS, stop.signal)
      }
      if (roles.includes('matcher')) matching.start(told)
      if (roles.includes('dispatcher')) standing = dispatch(told)
    },
    async stop(): Promise<void> {
      stop.abort()
      parts.store.endWaiting()
      await Promise.all([standing, announced])
      await Promise.all(all.map((each) => each.stop()))
    },
  }
}
