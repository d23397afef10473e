import { type Classification, heavier, isCrime } from './classification.ts'
import { type CeilingCode, CEILINGS } from './ceilings.ts'
import type { ListPolicy } from './list-types.ts'
import type { EntryStatus, Item, KnownItem, ListKind } from './item.ts'

/** What of an entry counts for the standing of its item. */
export interface EntryStanding {
  readonly list: string
  readonly listKind: ListKind
  readonly status: EntryStatus
  readonly classification: Classification
  readonly disabledUntil: string | null
}

/** What of an item counts for its standing. */
export interface ItemStanding {
  readonly entries: readonly EntryStanding[]
  readonly quarantinedAt: string | null
}

type Standing = Pick<Item, 'status' | 'classification' | 'matching'> &
  Pick<KnownItem, 'isAllowed' | 'vetoes' | 'ceiling' | 'heldBy'>

/**
 * What an item is at a time by all that lists say of it. One list that disputes it is enough for it to decide
 * nothing alone; the allow-list has the last word; no list makes of its entries more than its
 * policy lets it.
 */
export function standingOf(
  { entries, quarantinedAt }: ItemStanding,
  lists: ReadonlyMap<string, Pick<ListPolicy, 'reviewOnly'>>,
  now: string,
): Standing {
  const allowing = entries.filter((entry) => isLiving(entry) && isOfAllowList(entry))
  const vetoes = allowing.some(({ status }) => status === 'verified')
  const active = entries.filter((entry) => isActive(entry, now))
  return {
    status: statusOf(entries),
    classification: classificationOf(entries),
    isAllowed: allowing.length > 0,
    vetoes,
    ...(vetoes ? none('on-allow-list') : matchingOf()),
  }

  function matchingOf(): Pick<Standing, 'matching' | 'ceiling' | 'heldBy'> {
    if (!speakingOf(entries).some(accuses)) return none('not-sought')
    if (active.length === 0) return none('disabled')
    const status = statusOf(active)
    if (status === 'proposed') return review('proposed')
    if (status === 'disputed') return review('disputed')
    if (quarantinedAt !== null) return review('in-quarantine')
    if (entries.some(isOwnIgnore)) return review('ignored')
    const verified = active.filter((entry) => entry.status === 'verified')
    const crimes = verified.filter(({ classification }) => isCrime(classification))
    if (crimes.length === 0) return review('no-crime')
    const isFree = ({ list, classification }: EntryStanding) =>
      lists.get(list)?.reviewOnly.includes(classification) !== true
    if (crimes.some(isFree)) return { matching: 'automatic', ceiling: null, heldBy: null }
    return review('list-review')
  }
}

/** Whether what the list says makes the item one to be found: it lives, accuses and is not disabled. */
export function isActive(entry: EntryStanding, now: string): boolean {
  const isEnabled = entry.disabledUntil === null || entry.disabledUntil <= now
  return isLiving(entry) && accuses(entry) && isEnabled
}

function none(heldBy: CeilingCode) {
  return { matching: 'none', ceiling: CEILINGS[heldBy](), heldBy } as const
}

function review(heldBy: CeilingCode) {
  return { matching: 'review', ceiling: CEILINGS[heldBy](), heldBy } as const
}

function isLiving({ status }: EntryStanding): boolean {
  return status !== 'retracted'
}

function accuses(entry: EntryStanding): boolean {
  return entry.classification !== 'Ignore' && !isOfAllowList(entry)
}

function isOwnIgnore({ listKind, classification, status }: EntryStanding): boolean {
  return classification === 'Ignore' && listKind === 'own' && status === 'verified'
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

/** The class of an item: that of what speaks of it, where anything still does. */
export function classificationOf(entries: readonly EntryStanding[]): Classification {
  const speaking = speakingOf(entries)
  return classOf(speaking.length > 0 ? speaking : entries)
}

/** The living entries that count: those that accuse, else those that do not, else the allow-list's. */
function speakingOf(entries: readonly EntryStanding[]): readonly EntryStanding[] {
  const living = entries.filter(isLiving)
  const accusing = living.filter(accuses)
  if (accusing.length > 0) return accusing
  const claims = living.filter((entry) => !isOfAllowList(entry))
  return claims.length > 0 ? claims : living
}

/** The class of what was verified, where anything was. */
function classOf(entries: readonly EntryStanding[]): Classification {
  const verified = entries.filter(({ status }) => status === 'verified')
  return (verified.length > 0 ? verified : entries)
    .map(({ classification }) => classification)
    .reduce(heavier, 'Ignore')
}
