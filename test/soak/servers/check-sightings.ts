import { SECOND_MS } from '../../../src/core/index.ts'
import { byKey } from './by-key.ts'
import type { Act, Ending, Line } from './history.ts'

/** How long after it was said an item may still be as it was before. */
const LIVE_WITHIN_MS = SECOND_MS
const HITS: ReadonlySet<string> = new Set(['exact', 'confirmed', 'review'])

/** From when to when somebody did something. */
interface Span {
  readonly from: number
  /** Undefined where nobody was told that it is done. */
  to?: number
}

interface Item {
  readonly id?: string
  readonly acts: ReadonlyMap<Act, Span>
}

interface Seen {
  readonly id: string
  readonly from: number
  readonly url: string
  readonly picture: number
  readonly answers: readonly Extract<Line, { answered: string }>[]
  readonly isPublished: boolean
}

/**
 * What the house made of what was seen: one case where it knew the picture, however often it was told, and none where it
 * did not, or not any more.
 */
export function wrongOfSightings(lines: readonly Line[], { cases }: Ending): readonly string[] {
  const items = itemsOf(lines)
  const seen = seenIn(lines)
  const byUrl = byKey(cases, ({ url }) => url)
  const faults: string[] = []

  for (const { id, picture, url, from, answers, isPublished } of seen) {
    const item = items.get(picture)
    const hits = answers.filter(({ verdict }) => HITS.has(verdict))
    const there = byUrl.get(url) ?? []
    for (const { caseId } of hits) {
      if (there.every((one) => one.id !== caseId)) faults.push(`${id}: its match is lost`)
    }
    if (new Set(hits.map(({ caseId }) => caseId)).size > 1) faults.push(`${id} has two cases`)
    const isOver = retractedBefore(item, from)
    if (!mayBeKnown(item, answers) || isOver) {
      if (answers.some(({ verdict }) => verdict !== 'none'))
        faults.push(`${id} was matched, ${isOver ? 'after it was retracted' : 'and is not known'}`)
    }
    const isKept = answers.some(({ verdict }) => verdict !== 'none') || isPublished
    if (isKnownFor(item, from) && isKept && there.length === 0)
      faults.push(`${id}: what was acknowledged is lost`)
    for (const { verdict, at } of answers) {
      if (verdict === 'none' && isKnownFor(item, from, at)) faults.push(`${id} was not recognised`)
    }
  }

  for (const [url, all] of byKey(seen, ({ url }) => url)) {
    const there = byUrl.get(url) ?? []
    if (there.length > 1) faults.push(`${url} has ${there.length} cases`)
    const [first] = all
    const item = first === undefined ? undefined : items.get(first.picture)
    const from = Math.min(...all.map((one) => one.from))
    if (there.length > 0 && (item === undefined || retractedBefore(item, from)))
      faults.push(`${url} has a case of what is not known`)
    for (const { status, sightings, takenBack } of there) {
      const hits = all.filter(({ answers }) => answers.some(({ verdict }) => HITS.has(verdict)))
      if (sightings > all.length || sightings < hits.length)
        faults.push(`${url} was seen ${sightings} times, by ${hits.length} to ${all.length}`)
      if (item?.acts.get('retract')?.to !== undefined && takenBack !== 'item-retracted')
        faults.push(`${url} is ${status} though its item was retracted`)
    }
  }
  const urls = new Set(seen.map(({ url }) => url))
  for (const line of lines) {
    if ('refused' in line) faults.push(`${line.refused} was refused: ${line.code}`)
  }
  const strange = cases.filter(({ url }) => !urls.has(url))
  if (strange.length > 0) faults.push(`${strange.length} cases of what nobody saw`)
  return faults
}

/** A case is removed only where the host removed it, and two people never have one case. */
export function wrongOfCases(lines: readonly Line[], { cases }: Ending): readonly string[] {
  const removed = new Set(lines.flatMap((line) => ('removed' in line ? [line.removed] : [])))
  const faults = cases
    .filter(({ url, status }) => status === 'removed' && !removed.has(url))
    .map(({ url }) => `${url} is said to be removed, and is there`)
  const holders = new Map<string, string>()
  for (const line of lines) {
    if ('returns' in line && holders.get(line.returns) === line.by) holders.delete(line.returns)
    if (!('took' in line)) continue
    const other = holders.get(line.took)
    if (other !== undefined && other !== line.by)
      faults.push(`${line.took} was given to two people`)
    holders.set(line.took, line.by)
  }
  return faults
}

/** What was said of items is in the audit, once. */
export function wrongOfActs(lines: readonly Line[], { audit }: Ending): readonly string[] {
  const entries = new Map<string, number>()
  for (const { content } of audit) {
    if (content === null) continue
    const act = `${content.action} ${content.subject}`
    entries.set(act, (entries.get(act) ?? 0) + 1)
  }
  return lines.flatMap((line) => {
    if (!('did' in line)) return []
    const act = `item.${line.did} ${line.itemId}`
    const count = entries.get(act) ?? 0
    return count === 1 ? [] : [`${act} is in the audit ${count} times`]
  })
}

function itemsOf(lines: readonly Line[]): ReadonlyMap<number, Item> {
  const items = new Map<number, { id?: string; acts: Map<Act, Span> }>()
  for (const line of lines) {
    if ('begins' in line) {
      const item = items.get(line.picture) ?? { acts: new Map<Act, Span>() }
      items.set(line.picture, item)
      if (!item.acts.has(line.begins)) item.acts.set(line.begins, { from: line.at })
    }
    if ('did' in line) {
      const span = items.get(line.picture)?.acts.get(line.did)
      if (span !== undefined) span.to ??= line.at
    }
  }
  return items
}

function seenIn(lines: readonly Line[]): readonly Seen[] {
  const answers = new Map<string, Extract<Line, { answered: string }>[]>()
  const published = new Set<string>()
  for (const line of lines) {
    if ('answered' in line) {
      const all = answers.get(line.answered) ?? []
      answers.set(line.answered, [...all, line])
    }
    if ('published' in line) published.add(line.published)
  }
  return lines.flatMap((line) => {
    if (!('seen' in line)) return []
    const { seen: id, at: from, url, picture } = line
    const isPublished = published.has(id)
    return [{ id, from, url, picture, isPublished, answers: answers.get(id) ?? [] }]
  })
}

/** Somebody may have proposed it before it was answered. */
function mayBeKnown(item: Item | undefined, answers: Seen['answers']): boolean {
  const proposed = item?.acts.get('propose')?.from
  return proposed !== undefined && answers.every(({ at }) => at > proposed)
}

/** It was verified before it was seen, and nobody retracts it before it was answered, or ever. */
function isKnownFor(item: Item | undefined, from: number, until = Infinity): boolean {
  const verified = item?.acts.get('verify')?.to
  const retracted = item?.acts.get('retract')?.from ?? Infinity
  return verified !== undefined && from > verified + LIVE_WITHIN_MS && retracted >= until
}

function retractedBefore(item: Item | undefined, from: number): boolean {
  const retracted = item?.acts.get('retract')?.to
  return retracted !== undefined && from > retracted + LIVE_WITHIN_MS
}
