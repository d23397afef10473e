import { describe, expect, it } from 'vitest'
import { HOUR_MS, isoTime } from '../../src/core/index.ts'
import { inTurn, type Waiting } from '../../src/intake/tip-queue.ts'
import { QUEUE_HOURS } from './queue-hours.ts'
import type { TipSource } from '../../src/intake/index.ts'

const NOW_MS = Date.UTC(2026, 10, 2, 8)
let made = 0

/** Tips that arrived some hours ago, one after the other within a minute. */
function tips(count: number, source: TipSource, more: Partial<Waiting> & { hours?: number } = {}) {
  const { hours = 1, ...facts } = more
  return Array.from({ length: count }, (_none, at): Waiting => {
    made += 1
    return {
      id: `${source}-${String(made).padStart(6, '0')}`,
      source,
      priority: source === 'hotline' ? 2 : 3,
      receivedAt: isoTime(NOW_MS - hours * HOUR_MS + at),
      inDangerNow: false,
      ownRequest: false,
      isListed: false,
      ...facts,
    }
  })
}

const order = (waiting: readonly Waiting[]) => [...inTurn(waiting, NOW_MS, QUEUE_HOURS)]
const placesOf = (waiting: readonly Waiting[], wanted: readonly Waiting[]) => {
  const ids = order(waiting).map(({ id }) => id)
  return wanted.map(({ id }) => ids.indexOf(id) + 1)
}

describe('the queue of tips', () => {
  it('begins with children in danger now, whoever tells of them and however many wait', () => {
    const danger = tips(5, 'public', { inDangerNow: true, priority: 1 })
    const waiting = [
      ...tips(50, 'police', { hours: 90 }),
      ...tips(50, 'child-support-line', { ownRequest: true }),
      ...danger,
      ...tips(1, 'hotline', { inDangerNow: true, isListed: true }),
    ]
    const first = order(waiting).slice(0, 6)
    expect(first.every(({ inDangerNow }) => inDangerNow)).toBe(true)
    expect(first[0]?.place.why).toMatch(/^A CHILD IS IN DANGER NOW; waits 1 h of 0 h, late/)
  })

  it('begins with what a child asks, then police, support lines and what is told as urgent', () => {
    const own = tips(1, 'child-support-line', { ownRequest: true })
    const support = tips(1, 'child-support-line', { hours: 2, priority: 1 })
    const urgent = tips(1, 'public', { priority: 1 })
    const waiting = [...tips(3, 'public', { hours: 90 }), ...urgent, ...support, ...own]
    const [first, second, third] = order(waiting)
    expect([first?.id, second?.id]).toEqual([own[0]?.id, support[0]?.id])
    expect(third?.id).toBe(urgent[0]?.id)
    expect(first?.place).toMatchObject({ lane: 'own-request', isLate: false })
    expect(first?.place.why).toMatch(/child itself asks; waits 1 h of 1 h/)
  })

  it.each([
    ['told singly', { hours: 200 }],
    ['told singly as urgent', { hours: 200, priority: 1 }],
    ['of a list', { hours: 200, isListed: true }],
    ['of a list that says that all is urgent', { hours: 200, isListed: true, priority: 1 }],
  ] as const)('shows public tips among the first behind 1,204 of hotlines %s', (_name, facts) => {
    const open = tips(10, 'public')
    const places = placesOf([...tips(1_204, 'hotline', facts), ...open], open)
    expect(Math.max(...places)).toBeLessThanOrEqual(60)
    expect(Math.min(...places)).toBeLessThanOrEqual(4)
  })

  it.each<TipSource>(['hotline', 'own-work', 'public'])(
    'keeps no tip waiting for ever: with a flood of police tips each turn, one of %s comes up',
    (source) => {
      let waiting = [...tips(50, 'police', { priority: 1 }), ...tips(1, source)]
      for (let turn = 1; ; turn += 1) {
        expect(turn).toBeLessThan(10)
        const [next] = order(waiting)
        expect(next).toBeDefined()
        const [, , , fourth] = order(waiting)
        if (fourth?.source === source) break
        waiting = waiting.filter(({ id }) => id !== next?.id).concat(tips(5, 'police'))
      }
    },
  )

  it('lets a list come in turn beside a flood from the public', () => {
    const listed = tips(5, 'hotline', { isListed: true })
    const places = placesOf([...tips(500, 'public', { hours: 90 }), ...listed], listed)
    expect(Math.max(...places)).toBeLessThanOrEqual(30)
  })

  it('goes by urgency within one kind, and by age where that has grown old', () => {
    const fresh = tips(1, 'public', { priority: 2, hours: 1 })
    const old = tips(1, 'public', { priority: 3, hours: 70 })
    const waiting = [...tips(1, 'public', { priority: 3, hours: 2 }), ...fresh, ...old]
    expect(
      order(waiting)
        .map(({ id }) => id)
        .slice(0, 2),
    ).toEqual([old[0]?.id, fresh[0]?.id])
    const late = order(tips(1, 'public', { hours: 80 }))[0]?.place
    expect(late).toMatchObject({
      isLate: true,
      why: expect.stringMatching(/80 h of 72 h, late/) as unknown,
    })
  })

  it('names every tip once, whatever waits', () => {
    const waiting = [
      ...tips(33, 'public'),
      ...tips(7, 'police'),
      ...tips(50, 'hotline', { isListed: true }),
      ...tips(3, 'own-work'),
      ...tips(4, 'child-support-line', { ownRequest: true }),
    ]
    const ids = order(waiting).map(({ id }) => id)
    expect(ids.toSorted()).toEqual(waiting.map(({ id }) => id).toSorted())
    expect(order([])).toEqual([])
  })

  it('is put in order also where a hundred thousand wait', () => {
    expect(order(tips(100_000, 'hotline'))).toHaveLength(100_000)
  })
})
