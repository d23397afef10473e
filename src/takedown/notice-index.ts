import { type Key, readCounter, type Transaction } from '../store/index.ts'
import type { Channel } from '../channels/index.ts'
import type { NoticeClear } from './outbox.ts'
import { NOTICE_STATES, type NoticeState } from './types.ts'

export interface NoticeFilter {
  readonly state?: NoticeState
  readonly caseId?: string
  readonly channel?: Channel['kind']
  /** Only those that reached nobody and wait for a person. */
  readonly undelivered?: boolean
  /** Id of the last notice of the page before. */
  readonly after?: string
  /** 100 by default. */
  readonly limit?: number
}

const BY_STATE = 'notice-state'
const BY_CASE = 'notice-case'
/** How many there are by state, so that a look at them reads no list. */
const COUNT = 'notice-count'
/** Both in order of time; the last part is the id. */
const RUNG = 'notice-rung'
const HELD = 'notice-held'
const NOTHING = new Uint8Array()

/** Whether a notice is one of those asked for. */
export function isOf(
  { state, caseId, channel }: NoticeFilter,
  { clear }: { readonly clear: NoticeClear },
): boolean {
  return (
    (state === undefined || clear.state === state) &&
    (caseId === undefined || clear.caseId === caseId) &&
    (channel === undefined || clear.channel === channel)
  )
}

/** The narrowest keys that hold every notice of the filter; their last part is its id. */
export function prefixOf({ caseId, state }: NoticeFilter): Key {
  if (caseId !== undefined) return [BY_CASE, caseId]
  return state === undefined ? ['notice'] : [BY_STATE, state]
}

/** From where a notice was found to where it is to be found; `before` is absent for a new one. */
export function moveNotice(
  tx: Transaction,
  id: string,
  before: NoticeClear | undefined,
  after: NoticeClear,
): void {
  const old = new Map(before && keysOf(id, before).map((key) => [key.join('\0'), key]))
  for (const key of keysOf(id, after)) {
    if (!old.delete(key.join('\0'))) tx.put(key, NOTHING)
  }
  for (const key of old.values()) tx.delete(key)
  if (before?.state === after.state) return
  if (before !== undefined) tx.add([COUNT, before.state], -1)
  tx.add([COUNT, after.state], 1)
}

/** It is to be found nowhere any more. */
export function dropNotice(tx: Transaction, id: string, clear: NoticeClear): void {
  for (const key of keysOf(id, clear)) tx.delete(key)
  tx.add([COUNT, clear.state], -1)
}

export async function countNotices(tx: Transaction): Promise<Record<NoticeState, number>> {
  const counted = NOTICE_STATES.map(async (state) => {
    const count = await tx.get([COUNT, state])
    return [state, count === undefined ? 0 : readCounter(count)] as const
  })
  return Object.fromEntries(await Promise.all(counted)) as Record<NoticeState, number>
}

/** Keys of first notices whose next rung is due, longest waiting first; they end with the id. */
export function dueRungs(tx: Transaction, until: string, limit: number, after?: Key) {
  return dueIn(tx, RUNG, until, limit, after)
}

/** The same of held notices whose time is over. */
export function dueReleases(tx: Transaction, until: string, limit: number) {
  return dueIn(tx, HELD, until, limit)
}

/** Keys of an index in time whose time has come, earliest first; they end with an id. */
export async function dueIn(
  tx: Transaction,
  name: string,
  until: string,
  limit: number,
  after?: Key,
): Promise<readonly Key[]> {
  const keys: Key[] = []
  const options = { limit, ...(after === undefined ? {} : { after }) }
  // Ids are hex digits and hyphens: all of them sort before this.
  const range = { from: [name], to: [name, until, '~'] }
  for await (const { key } of tx.range(range, options)) keys.push(key)
  return keys
}

function keysOf(id: string, clear: NoticeClear): readonly Key[] {
  const { caseId, state, heldUntil, nextRungAt } = clear
  return [
    [BY_CASE, caseId, id],
    [BY_STATE, state, id],
    ...(state === 'held' && heldUntil !== null ? [[HELD, heldUntil, id]] : []),
    ...(nextRungAt === null ? [] : [[RUNG, nextRungAt, id]]),
  ]
}
