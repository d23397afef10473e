import type { Sealer } from '../core/index.ts'
import type { Key, RangeOptions, Transaction } from '../store/index.ts'
import { type CaseClear, currentRound } from './record.ts'
import { awaitsNotice } from './schedule.ts'
import type { CaseStatus, Decision } from './types.ts'

const NOTHING = new Uint8Array()

/** Where cases are found by something other than their id; each key ends with the id. */
export const BY = {
  status: (status: CaseStatus): Key => ['case-status', status],
  decision: (decision: Decision): Key => ['case-decision', decision],
  subject: (subjectId: string): Key => ['case-subject', subjectId],
  /** Removed, also when closed after that. */
  removedSubject: (subjectId: string): Key => ['case-removed', subjectId],
  /** Looks cannot tell. */
  unverified: ['case-unverified'] as Key,
  /** In order of time. */
  tell: ['case-tell'] as Key,
  recheck: ['case-due'] as Key,
  trace: ['case-trace'] as Key,
  notice: ['case-untold'] as Key,
}

/** The one case of a subject at a URL: the key holds neither. */
export function urlKey(sealer: Sealer, subject: string, url: string): Key {
  return ['case-url', sealer.digest('case-url', `${subject} ${url}`)]
}

/** Under which the ids of all cases at a canonical URL are, whatever their subject. */
export function placeKey(sealer: Sealer, url: string): Key {
  return ['case-place', sealer.digest('case-place', url)]
}

/** Moves a case from where it was found to where it is to be found. */
export function reindex(
  tx: Transaction,
  id: string,
  before: CaseClear | undefined,
  after: CaseClear,
): void {
  const old = new Map(before && indexKeys(id, before).map((key) => [key.join('\0'), key]))
  for (const key of indexKeys(id, after)) {
    if (!old.delete(key.join('\0'))) tx.put(key, NOTHING)
  }
  for (const key of old.values()) tx.delete(key)
}

/** Takes a case out of everything that finds it by what it is. */
export function unindex(tx: Transaction, id: string, clear: CaseClear): void {
  for (const key of indexKeys(id, clear)) tx.delete(key)
}

/** Ids below an index key, in its order. */
export async function* idsBelow(
  tx: Transaction,
  prefix: Key,
  options: RangeOptions = {},
): AsyncIterable<string> {
  for await (const { key } of tx.range({ prefix }, options)) yield String(key.at(-1))
}

/** Ids below an index of times, up to and with a time. */
export async function* idsDue(
  tx: Transaction,
  prefix: Key,
  nowIso: string,
  limit: number,
): AsyncIterable<string> {
  // Ids are hex digits and hyphens: all of them sort before this.
  const to = [...prefix, nowIso, '~']
  for await (const { key } of tx.range({ from: prefix, to }, { limit })) yield String(key.at(-1))
}

function indexKeys(id: string, clear: CaseClear): readonly Key[] {
  const { subject, status } = clear
  const removed =
    (status === 'removed' || status === 'closed') && currentRound(clear).end === 'removed'
  return [
    [...BY.status(status), id],
    [...BY.decision(clear.decision), id],
    [...BY.subject(subject.id), id],
    ...(removed ? [[...BY.removedSubject(subject.id), id]] : []),
    ...(clear.nextRecheckAt === null ? [] : [[...BY.recheck, clear.nextRecheckAt, id]]),
    ...unverifiedKeys(id, clear),
    ...(clear.nextTraceAt === null ? [] : [[...BY.trace, clear.nextTraceAt, id]]),
    ...(awaitsNotice(clear) ? [[...BY.notice, id]] : []),
  ]
}

function unverifiedKeys(id: string, { unverified = null }: CaseClear): readonly Key[] {
  if (unverified === null) return []
  return [
    [...BY.unverified, id],
    [...BY.tell, unverified.alertAt, id],
  ]
}
