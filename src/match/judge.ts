import { hammingDistance, parseHash256 } from '../core/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { KnownItem, RawHit } from '../register/index.ts'
import { byStrength, byStrengthThenView, type Evidence } from './evidence.ts'
import { weighFilms } from './film.ts'
import { isBetweenFilms, weighHit } from './hit.ts'
import type { Judgement, Match, MatchPolicy } from './types.ts'

export interface JudgeInput {
  /** Of bytes that Hindra hashed itself; undefined where only a client's hashes are there. */
  readonly fingerprint: Fingerprint | undefined
  readonly hits: readonly RawHit[]
  /** The items of the hits as they stand now; a hit without its item counts for nothing. */
  readonly items: ReadonlyMap<string, KnownItem>
  readonly policy: MatchPolicy
}

/**
 * Makes a verdict of raw hits: one match an item, the strongest first. Retracted items and those
 * classified `Ignore` never match. Pure: no store, no clock, no fetch.
 */
export function judge({ fingerprint, hits, items, policy }: JudgeInput): Judgement {
  const matches: Match[] = []
  for (const [itemId, itemHits] of hitsByItem(hits)) {
    const item = items.get(itemId)
    if (item === undefined || !isMatchable(item)) continue
    const best = weigh(fingerprint, item, itemHits, policy).sort(byStrengthThenView)[0]
    if (best === undefined) continue
    const clientSupplied = fingerprint === undefined
    matches.push({ itemId, clientSupplied, ...hold(best, ceilingOf(item, clientSupplied)) })
  }
  const coarse = (match: Match) => blockDistance(fingerprint, items.get(match.itemId)?.fingerprint)
  matches.sort(
    (a, b) => byStrength(a, b) || coarse(a) - coarse(b) || (a.itemId < b.itemId ? -1 : 1),
  )
  return { verdict: matches[0]?.verdict ?? 'none', matches }
}

function hitsByItem(hits: readonly RawHit[]): ReadonlyMap<string, readonly RawHit[]> {
  const groups = new Map<string, RawHit[]>()
  for (const hit of hits) {
    const group = groups.get(hit.itemId)
    if (group === undefined) groups.set(hit.itemId, [hit])
    else group.push(hit)
  }
  return groups
}

function isMatchable(item: KnownItem): boolean {
  return item.status !== 'retracted' && item.classification !== 'Ignore'
}

/** Every piece of evidence that links the item to the sighting. */
function weigh(
  fingerprint: Fingerprint | undefined,
  item: KnownItem,
  hits: readonly RawHit[],
  policy: MatchPolicy,
): Evidence[] {
  const found = hits.map((hit) => weighHit(hit, policy))
  if (fingerprint !== undefined && hits.some(isBetweenFilms)) {
    found.push(weighFilms(fingerprint.views, item.fingerprint.views, policy))
  }
  return found.filter((evidence) => evidence !== undefined)
}

/** Why nothing about this item can be more than a matter of review; undefined where it can. */
function ceilingOf(item: KnownItem, clientSupplied: boolean): string | undefined {
  if (clientSupplied) return 'the hashes are the client’s, Hindra has not seen the bytes'
  if (item.status === 'proposed') return 'no second person has verified the item yet'
  if (item.status === 'disputed') return 'the item is disputed'
  return undefined
}

function hold(evidence: Evidence, ceiling: string | undefined): Evidence {
  if (ceiling === undefined) return evidence
  return { ...evidence, verdict: 'review', reason: `${evidence.reason}; ${ceiling}` }
}

/** Blockhash sees the same coarse luminance as PDQ: it orders what PDQ finds equal, no more. */
function blockDistance(a: Fingerprint | undefined, b: Fingerprint | undefined): number {
  if (a?.blockhash === undefined || b?.blockhash === undefined) return Number.POSITIVE_INFINITY
  return hammingDistance(parseHash256(a.blockhash), parseHash256(b.blockhash))
}
