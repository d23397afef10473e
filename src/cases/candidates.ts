import type { Match } from '../match/index.ts'
import type { KnownItem } from '../register/index.ts'
import type { Transaction } from '../store/index.ts'
import { compareStrength } from './evidence.ts'
import { type CaseRow, currentRound } from './record.ts'
import { isLive, isTakenBack } from './states.ts'
import type { ItemReader } from './case.ts'

/** A match whose item still stands, with the case that its item has at the URL. */
export interface CandidateMatch {
  readonly match: Match
  readonly item: KnownItem
  /** The verdict of the match, but never more than the item may lead to by itself. */
  readonly verdict: Match['verdict']
  readonly row: CaseRow | undefined
}

/**
 * The strongest first; of equally strong ones first what has a live case (a picture that is in the
 * register twice is still one case a URL), then what is verified.
 */
export async function candidates(
  tx: Transaction,
  matches: readonly Match[],
  register: ItemReader,
  caseOf: (itemId: string) => Promise<CaseRow | undefined>,
): Promise<readonly CandidateMatch[]> {
  const found: CandidateMatch[] = []
  for (const match of matches) {
    const item = await register.known(tx, match.itemId)
    if (item === undefined || item.matching === 'none') continue
    const verdict = item.matching === 'automatic' ? match.verdict : 'review'
    found.push({ match, item, verdict, row: await firstCase([item.id, ...item.joined]) })
  }
  async function firstCase(itemIds: readonly string[]): Promise<CaseRow | undefined> {
    let first: CaseRow | undefined
    for (const itemId of itemIds) {
      const row = await caseOf(itemId)
      if (row !== undefined && isLive(row.clear.status)) return row
      first ??= row
    }
    return first
  }

  return found.sort(
    (a, b) =>
      compareStrength(b.verdict, a.verdict) ||
      Number(hasLiveCase(b)) - Number(hasLiveCase(a)) ||
      Number(b.item.status === 'verified') - Number(a.item.status === 'verified'),
  )
}

/** Somebody has judged this evidence, or closed the case while the media was there. */
export function isSettled({ row, verdict }: CandidateMatch): boolean {
  if (row === undefined) return false
  const { status, decision, verdict: judged } = row.clear
  if (status === 'closed' && decision === 'rejected') return compareStrength(verdict, judged) <= 0
  if (status === 'closed') return currentRound(row.clear).end === null
  return isTakenBack(status)
}

function hasLiveCase({ row }: CandidateMatch): boolean {
  return row !== undefined && isLive(row.clear.status)
}
