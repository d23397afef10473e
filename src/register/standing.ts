import { type Classification, heavier, isCrime } from './classification.ts'
import type { ListKind, ListPolicy } from './list-types.ts'
import type { EntryStatus, Item, KnownItem } from './types.ts'

/** What of an entry counts for the standing of its item. */
export interface EntryStanding {
  readonly list: string
  readonly listKind: ListKind
  readonly status: EntryStatus
  readonly classification: Classification
}

type Standing = Pick<Item, 'status' | 'classification' | 'matching'> &
  Pick<KnownItem, 'isAllowed' | 'vetoes' | 'ceiling'>

/**
 * What an item is by all that lists say of it. One list that disputes it is enough for it to decide
 * nothing alone; the allow-list has the last word; no list makes of its entries more than its
 * policy lets it.
 */
export function standingOf(
  entries: readonly EntryStanding[],
  lists: ReadonlyMap<string, Pick<ListPolicy, 'reviewOnly'>>,
): Standing {
  const live = entries.filter(({ status }) => status !== 'retracted')
  const claims = live.filter((entry) => !isOfAllowList(entry))
  const speaking = speakingOf(entries)
  const status = statusOf(entries)
  const classification = classOf(speaking.length > 0 ? speaking : entries)
  const allowing = live.filter(isOfAllowList)
  const isAllowed = allowing.length > 0
  const vetoes = allowing.some((entry) => entry.status === 'verified')
  return { status, classification, isAllowed, vetoes, ...matchingOf(claims, status, vetoes, lists) }
}

function matchingOf(
  claims: readonly EntryStanding[],
  status: EntryStatus,
  vetoes: boolean,
  lists: ReadonlyMap<string, Pick<ListPolicy, 'reviewOnly'>>,
): Pick<Standing, 'matching' | 'ceiling'> {
  const none = (ceiling: string) => ({ matching: 'none', ceiling }) as const
  const review = (ceiling: string) => ({ matching: 'review', ceiling }) as const
  if (vetoes) return none('the item is on the allow-list')
  const accusing = claims.filter(({ classification }) => classification !== 'Ignore')
  if (accusing.length === 0) return none('no list says that the item is to be found')
  if (status === 'proposed') return review('no second person has verified the item yet')
  if (status === 'disputed') return review('the item is disputed')
  if (claims.some((entry) => entry.status === 'verified' && isOwnIgnore(entry))) {
    return review('an own list holds the item as Ignore')
  }
  const verified = accusing.filter((entry) => entry.status === 'verified')
  if (verified.length === 0) return review('what was verified of the item is not what accuses it')
  const crimes = verified.filter(({ classification }) => isCrime(classification))
  if (crimes.length === 0) return review('the item is harmful, and no crime')
  const free = crimes.filter(
    ({ list, classification }) => lists.get(list)?.reviewOnly.includes(classification) !== true,
  )
  if (free.length > 0) return { matching: 'automatic', ceiling: null }
  return review('its list is set to review for this class')
}

function isOwnIgnore({ listKind, classification }: EntryStanding): boolean {
  return classification === 'Ignore' && listKind === 'own'
}

function isOfAllowList({ listKind }: EntryStanding): boolean {
  return listKind === 'allow'
}

/** The status of an item: that of what accuses it, where anything does. */
export function statusOf(entries: readonly EntryStanding[]): EntryStatus {
  const speaking = speakingOf(entries)
  const has = (wanted: EntryStatus) => speaking.some(({ status }) => status === wanted)
  if (has('disputed')) return 'disputed'
  if (has('verified')) return 'verified'
  return speaking.length > 0 ? 'proposed' : 'retracted'
}

/** Living entries; those of an allow-list only where there are no others. */
function speakingOf(entries: readonly EntryStanding[]): readonly EntryStanding[] {
  const live = entries.filter(({ status }) => status !== 'retracted')
  const claims = live.filter((entry) => !isOfAllowList(entry))
  return claims.length > 0 ? claims : live
}

/** Of what was verified, where anything was. */
function classOf(entries: readonly EntryStanding[]): Classification {
  const verified = entries.filter(({ status }) => status === 'verified')
  return (verified.length > 0 ? verified : entries)
    .map(({ classification }) => classification)
    .reduce(heavier, 'Ignore')
}
