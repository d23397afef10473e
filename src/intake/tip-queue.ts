import { HOUR_MS, isoTime } from '../core/index.ts'
import type { QueueHours } from './queue-hours.ts'
import { QUEUE_LANES, type QueueLane, type QueuePlace, type QueueTarget } from './queue-lanes.ts'
import type { TipSource } from './tip-fields.ts'

/** What of a tip decides its place. */
export interface Waiting {
  readonly id: string
  readonly source: TipSource
  readonly priority: 1 | 2 | 3
  readonly receivedAt: string
  readonly inDangerNow: boolean
  readonly ownRequest: boolean
  /** Whether it came with others in a list, rather than alone. */
  readonly isListed: boolean
}

/** The lane that everything else waits for. */
const DANGER: QueueLane = 'danger'
/** Lanes that go before all others, but for the turns that those are owed. */
const FIRST: readonly QueueLane[] = ['own-request', 'urgent']
/** The others take turns: a lane that is named twice has two of them in a round. */
const ROUND: readonly QueueLane[] = ['public', 'hotline', 'public', 'own-work', 'public', 'list']
/** Every so manyth place belongs to the others, however many wait before them. */
const OWED_EVERY = 4

const WHY: Readonly<Record<QueueLane, string>> = {
  danger: 'A CHILD IS IN DANGER NOW',
  'own-request': 'the child itself asks',
  urgent: 'from police or a support line, or told as urgent',
  public: 'from the public, told singly',
  hotline: 'from a hotline, told singly',
  'own-work': 'own work',
  list: 'one of a list',
}

/**
 * The order in which tips are to be looked at, with the reason for each place. A child in danger
 * now goes before everything. Then come a child's own request, police, support lines and what was told
 * as urgent; the others take turns by where they come from, and are owed every fourth place, so that
 * no flood of one kind hides another. In a lane the one goes first that should have been looked at first: what is less urgent waits longer,
 * and never for ever.
 */
export function* inTurn(
  waiting: Iterable<Waiting>,
  nowMs: number,
  hours: QueueHours,
): Generator<Waiting & { readonly place: QueuePlace }> {
  const lanes = lanesOf(waiting, hours)
  const first = () => FIRST.find((lane) => lanes.has(lane))
  let round = 0
  const turn = () => {
    for (const step of ROUND.keys()) {
      const at = (round + step) % ROUND.length
      const lane = ROUND[at]
      if (lane === undefined || !lanes.has(lane)) continue
      round = at + 1
      return lane
    }
    return undefined
  }
  for (let place = 1; ; ) {
    const isDanger = lanes.has(DANGER)
    const isOwed = place % OWED_EVERY === 0
    const lane = isDanger ? DANGER : isOwed ? (turn() ?? first()) : (first() ?? turn())
    if (lane === undefined) return
    if (!isDanger) place += 1
    const next = lanes.get(lane)?.next()
    if (next === undefined) return
    yield {
      ...next.tip,
      // Put into words for those that are shown: a page is a few of many.
      get place() {
        return placeOf(lane, next, nowMs)
      },
    }
    if (next.isLast) lanes.delete(lane)
  }
}

/** How all that waits stands against its targets, by lane and target: the most urgent first. */
export function targetsOf(
  waiting: Iterable<Waiting>,
  nowMs: number,
  hours: QueueHours,
): readonly QueueTarget[] {
  const found = new Map<string, QueueTarget>()
  for (const tip of waiting) {
    const lane = laneOf(tip)
    const within = hoursFor(tip, hours)
    const key = `${String(QUEUE_LANES.indexOf(lane)).padStart(2, '0')} ${String(within).padStart(5, '0')}`
    const before = found.get(key)
    const isLate = Date.parse(tip.receivedAt) + within * HOUR_MS < nowMs
    const isOlder = before === undefined || tip.receivedAt < before.oldestAt
    found.set(key, {
      lane,
      targetHours: within,
      count: (before?.count ?? 0) + 1,
      late: (before?.late ?? 0) + (isLate ? 1 : 0),
      oldestAt: isOlder ? tip.receivedAt : before.oldestAt,
    })
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target)
}

interface Due {
  readonly tip: Waiting
  readonly targetHours: number
  readonly dueMs: number
}

function lanesOf(waiting: Iterable<Waiting>, hours: QueueHours) {
  const byLane = new Map<QueueLane, Due[]>()
  for (const tip of waiting) {
    const lane = laneOf(tip)
    const lined = byLane.get(lane) ?? []
    byLane.set(lane, lined)
    const within = hoursFor(tip, hours)
    const dueMs = Date.parse(tip.receivedAt) + within * HOUR_MS
    lined.push({ tip, targetHours: within, dueMs })
  }
  return new Map(
    Array.from(byLane, ([lane, lined]) => {
      lined.sort((a, b) => a.dueMs - b.dueMs || (a.tip.id < b.tip.id ? -1 : 1))
      let taken = 0
      const next = () => {
        const due = lined[taken]
        taken += 1
        return due && { ...due, isLast: taken === lined.length }
      }
      return [lane, { next }] as const
    }),
  )
}

function laneOf({ inDangerNow, ownRequest, isListed, source, priority }: Waiting): QueueLane {
  if (inDangerNow) return DANGER
  if (ownRequest) return 'own-request'
  if (source === 'police' || source === 'child-support-line') return 'urgent'
  if (isListed) return 'list'
  return priority === 1 ? 'urgent' : source
}

function hoursFor({ inDangerNow, ownRequest, priority }: Waiting, hours: QueueHours): number {
  if (inDangerNow) return hours.danger
  return ownRequest ? hours.ownRequest : hours[`priority${priority}`]
}

function placeOf(lane: QueueLane, { tip, targetHours, dueMs }: Due, nowMs: number): QueuePlace {
  const isLate = dueMs < nowMs
  const waitedHours = Math.max(0, Math.floor((nowMs - Date.parse(tip.receivedAt)) / HOUR_MS))
  const waits = `waits ${waitedHours} h of ${targetHours} h`
  const why = `${WHY[lane]}; ${waits}${isLate ? ', late' : ''}`
  return { lane, dueAt: isoTime(dueMs), isLate, why }
}
