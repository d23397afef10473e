import { canonicalUrl, defined, isoTime, type UrlRule } from '../core/index.ts'
import type { Judgement } from '../match/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import { type CandidateMatch, candidates, isSettled } from './candidates.ts'
import { decisionFor, renewed, strengthened } from './evidence.ts'
import type { Act, Ledger } from './ledger.ts'
import { observed, withObservation } from './observations.ts'
import { type CaseRow, NO_MISSES, newCase, reopened } from './record.ts'
import { later } from './schedule.ts'
import { isAtWork, mayBeNotified } from './states.ts'
import type { AlertKind } from './alert-types.ts'
import type { ItemReader, OpenResult, SightedAt } from './case.ts'

/** A sighting as it is being filed: by whom, where, and with what evidence. */
interface Filing extends SightedAt {
  readonly by: string
  readonly canonical: string
  readonly now: string
  /** Never later than now, whatever the submitter's clock says. */
  readonly seenAt: string
  readonly matches: Judgement['matches']
  /** Id of the rule that judged them. */
  readonly rule: string
}

export function createSightings(
  { clock }: Context,
  ledger: Ledger,
  rules: readonly UrlRule[],
  rule: string,
) {
  return async function openFromMatch(
    tx: Transaction,
    by: string,
    sighted: SightedAt,
    judgement: Judgement,
    register: ItemReader,
  ): Promise<OpenResult> {
    const canonical = canonicalUrl(sighted.url, rules)
    const { matches } = judgement
    const filing = { ...sighted, ...times(sighted), by, canonical, matches, rule }
    const found = await candidates(tx, matches, register, (itemId) =>
      ledger.at(tx, { kind: 'item', id: itemId }, canonical),
    )
    const chosen = found.find((candidate) => !isSettled(candidate)) ?? found[0]
    if (chosen === undefined) return { verdict: unfound(judgement), opened: false }
    const { verdict, row } = chosen
    if (row === undefined) {
      register.countCase(tx, chosen.item.id)
      return { verdict, caseId: (await open(tx, filing, chosen)).id, opened: true }
    }
    ledger.change(tx, row, seenAgain(filing, chosen, row))
    return { verdict, caseId: row.id, opened: false }
  }

  function times({ fetchedAt }: SightedAt): Pick<Filing, 'now' | 'seenAt'> {
    const nowMs = clock.now()
    const fetchedMs = fetchedAt === undefined ? nowMs : Date.parse(fetchedAt)
    return { now: isoTime(nowMs), seenAt: isoTime(fetchedMs < nowMs ? fetchedMs : nowMs) }
  }

  async function open(tx: Transaction, filing: Filing, chosen: CandidateMatch): Promise<CaseRow> {
    const { item, verdict } = chosen
    const { by, canonical, seenAt: lastSeenAt, url: rawUrl, pageUrl = null, matches } = filing
    const decision = decisionFor(verdict, false)
    const returned = await ledger.cases.by.removedSubject.has(tx, [item.id])
    const first = newCase(
      {
        subject: { kind: 'item', id: item.id },
        verdict,
        rule: filing.rule,
        decision,
        classification: item.classification,
        itemVerified: item.status === 'verified',
        lastSeenAt,
        returned,
        url: canonical,
        rawUrl,
        pageUrl,
        observations: [observed(filing, by, filing.now)],
        matches,
      },
      filing.now,
    )
    return ledger.open(tx, first, {
      by,
      action: 'case.open',
      detail: { verdict, returned, ...attribution(filing) },
      ...(filing.keptSince === undefined
        ? {}
        : { reason: { says: 'seen-before-verified' } as const }),
      alerts: openingAlerts(returned, decision === 'pending'),
    })
  }
}

function attribution({ source, keptSince }: SightedAt): { source?: string; keptSince?: string } {
  return defined({
    source,
    keptSince,
  })
}

function openingAlerts(returned: boolean, pending: boolean): readonly AlertKind[] {
  if (returned) return pending ? ['returned', 'review'] : ['returned']
  return pending ? ['review'] : ['opened']
}

/** Counts the sighting, and does with the case what the evidence asks for. */
function seenAgain(filing: Filing, chosen: CandidateMatch, row: CaseRow): Act {
  const { by, seenAt, matches, rule, url: rawUrl, pageUrl = row.sealed.pageUrl } = filing
  const { clear } = row
  const lastSeenAt = later(clear.lastSeenAt, seenAt)
  const isThere = showsIt(chosen, row)
  const counted = {
    lastSeenAt: isThere ? lastSeenAt : clear.lastSeenAt,
    sightings: clear.sightings + 1,
  }
  const detail = attribution(filing)
  const observations = withObservation(row.sealed.observations, observed(filing, by, filing.now))
  const seen: Act = { by, action: 'case.seen', detail, clear: counted, sealed: { observations } }
  const old = clear.lastMissAt !== null && seenAt < clear.lastMissAt
  if (old || isSettled(chosen) || clear.status === 'disputed') return seen

  const itemVerified = chosen.item.status === 'verified'
  const place = { rawUrl, pageUrl, observations }
  if (!isAtWork(clear.status)) {
    return {
      by,
      action: 'case.reopen',
      reason: { says: 'seen-again' },
      detail,
      alerts: ['reopened'],
      clear: {
        ...reopened(clear, filing.now),
        ...counted,
        lastSeenAt,
        ...renewed(clear, chosen.verdict, chosen.match.clientSupplied),
        rule,
        itemVerified,
      },
      sealed: { ...place, matches, closedReason: null },
    }
  }

  const evidence = strengthened(clear, chosen.verdict)
  const next = { ...clear, ...counted, ...(isThere ? NO_MISSES : {}), ...evidence, itemVerified }
  const stronger = evidence.verdict !== clear.verdict
  // Seen again by a newer rule, it does not rest on the numbers of an older one any more.
  const isRenewed = stronger || (chosen.verdict === clear.verdict && clear.rule !== rule)
  const judged = isRenewed ? { ...next, rule } : next
  const shown = isRenewed ? { ...place, matches } : place
  if (!stronger && mayBeNotified(next) === mayBeNotified(clear)) {
    return { ...seen, clear: judged, sealed: shown }
  }
  return {
    by,
    action: 'case.strengthen',
    reason: { says: 'seen-stronger', verdict: evidence.verdict },
    detail: { ...detail, verdict: evidence.verdict },
    alerts: ['seen-again'],
    clear: judged,
    sealed: shown,
  }
}

/**
 * Whether it shows that what the case is of is there: reminders rest on it. Hashes that a crawler says it saw show nothing;
 * nor does what is merely alike where it was found for certain, as a recheck says, too.
 */
function showsIt({ match }: CandidateMatch, { clear }: CaseRow): boolean {
  return !match.clientSupplied && (match.verdict !== 'review' || clear.verdict === 'review')
}

/** Nothing was found, or nothing of it may have a case any more. */
function unfound({ verdict }: Judgement): 'none' | 'unjudged' {
  return verdict === 'unjudged' ? verdict : 'none'
}
