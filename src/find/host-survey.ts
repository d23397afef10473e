import { type CaseFacts, isAtWork } from '../cases/index.ts'
import { HOUR_MS } from '../core/index.ts'
import { hasArrived, quantile, stands } from '../stats/index.ts'
import type { NoticeFacts } from '../takedown/index.ts'
import type { KnownHost } from './host-types.ts'

/** Who can remove it; everybody else is told beside them. */
const ROLES = ['host', 'platform', 'proxy']

/** What is counted of one host, as the records go by. */
export interface SurveyedHost {
  readonly name: string
  readonly cases: Set<string>
  /** In order of opening. */
  readonly open: string[]
  /** In order of queueing, whatever became of them. */
  readonly notices: string[]
  readonly hours: number[]
  readonly toldAndOpen: string[]
  told: number
  removed: number
  returned: number
  lastSeenAt: string | null
  /** As it was found last, and for which case. */
  latest: (NonNullable<CaseFacts['sealed']['host']> & { readonly caseId: string }) | null
}

/** Counts what was said to each host and what it did, out of all notices and then all cases. */
export function createSurvey() {
  const hosts = new Map<string, SurveyedHost>()
  /** When a host was first told of a round of a case. */
  const firstTold = new Map<string, string>()
  /** Cases by who was found to host them last, whatever became of them. */
  const traced = new Map<string, string[]>()
  const keyOf = (caseId: string, round: number, name: string) => `${caseId} ${round} ${name}`

  return {
    hosts: hosts as ReadonlyMap<string, SurveyedHost>,
    traced: traced as ReadonlyMap<string, readonly string[]>,

    addNotice({ id, clear, sealed: { to } }: NoticeFacts): void {
      if (!ROLES.includes(clear.role)) return
      const host = of(to.name)
      host.notices.push(id)
      const { step, caseId, round, sentAt } = clear
      if (step !== 'notice' || sentAt === null || !hasArrived(clear)) return
      const key = keyOf(caseId, round, to.name)
      const before = firstTold.get(key)
      if (before === undefined) host.told += 1
      if (before === undefined || sentAt < before) firstTold.set(key, sentAt)
    },

    addCase(entry: CaseFacts): void {
      const { id, clear, sealed } = entry
      if (sealed.host !== null) {
        const { name } = sealed.host
        const known = traced.get(name)
        if (known === undefined) traced.set(name, [id])
        else known.push(id)
      }
      if (!stands(entry)) return
      clear.rounds.forEach(({ end, endedAt }, round) => {
        const name = hostOf(entry, round)
        if (name === null) return
        const host = of(name)
        host.cases.add(id)
        const toldAt = firstTold.get(keyOf(id, round, name))
        if (end === 'removed' && endedAt !== null) {
          host.removed += 1
          if (round < clear.rounds.length - 1) host.returned += 1
          // What was gone before it was told is no answer to a notice.
          if (toldAt !== undefined && toldAt <= endedAt) {
            host.hours.push((Date.parse(endedAt) - Date.parse(toldAt)) / HOUR_MS)
          }
        }
        if (round < clear.rounds.length - 1) return
        if (isAtWork(clear.status)) {
          host.open.push(id)
          if (toldAt !== undefined) host.toldAndOpen.push(toldAt)
        }
        if (host.lastSeenAt === null || host.lastSeenAt < clear.lastSeenAt) {
          host.lastSeenAt = clear.lastSeenAt
        }
        const { latest } = host
        if (latest === null || latest.tracedAt <= (sealed.host?.tracedAt ?? '')) {
          host.latest = sealed.host && { ...sealed.host, caseId: id }
        }
      })
    },
  }

  function of(name: string): SurveyedHost {
    const known = hosts.get(name)
    if (known !== undefined) return known
    const fresh: SurveyedHost = {
      name,
      cases: new Set(),
      open: [],
      notices: [],
      hours: [],
      toldAndOpen: [],
      told: 0,
      removed: 0,
      returned: 0,
      lastSeenAt: null,
      latest: null,
    }
    hosts.set(name, fresh)
    return fresh
  }
}

/** Who hosted a round of a case; null where that is not known, or not known again yet. */
function hostOf({ clear, sealed }: CaseFacts, round: number): string | null {
  const former = sealed.formerHosts[round]
  if (round < clear.rounds.length - 1) return former ?? null
  return clear.tracedAt === null ? null : (sealed.host?.name ?? null)
}

export function knownHost(id: string, host: SurveyedHost): KnownHost {
  const { name, latest, told, removed, returned, lastSeenAt, hours } = host
  return {
    id,
    name,
    country: latest?.country ?? null,
    cases: host.cases.size,
    open: host.open.length,
    toldAndOpen: host.toldAndOpen.length,
    toldAndOpenSince: host.toldAndOpen.toSorted()[0] ?? null,
    told,
    removed,
    timed: hours.length,
    hoursToRemovalMedian: quantile(hours, 0.5),
    returned,
    lastSeenAt,
  }
}
