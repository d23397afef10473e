import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readQueueHours } from '../../src/intake/index.ts'
import { inTurn, targetsOf, type Waiting } from '../../src/intake/tip-queue.ts'
import { policyFiles } from '../../src/policy/index.ts'
import { QUEUE_HOURS } from './queue-hours.ts'

const NOW_MS = Date.UTC(2026, 10, 2, 8)
const TIP: Waiting = {
  id: 'one',
  source: 'public',
  priority: 3,
  receivedAt: '2026-11-01T07:00:00.000Z',
  inDangerNow: false,
  ownRequest: false,
  isListed: false,
}

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-hours-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

function read(hours: string) {
  writeFileSync(join(directory, 'queue.yaml'), `version: own\nhours: ${hours}\n`)
  return readQueueHours(policyFiles(directory))
}

describe('within how many hours a tip should be looked at', () => {
  it('is what the house laid down: in the order, in why one stands there, and in what is late', () => {
    const own = read('{ danger: 0, ownRequest: 1, priority1: 2, priority2: 8, priority3: 24 }')
    const [shipped] = inTurn([TIP], NOW_MS, QUEUE_HOURS)
    expect(shipped?.place.why).toBe('from the public, told singly; waits 25 h of 72 h')
    const [first] = inTurn([TIP], NOW_MS, own)
    expect(first?.place.why).toBe('from the public, told singly; waits 25 h of 24 h, late')
    expect(first?.place.dueAt).toBe('2026-11-02T07:00:00.000Z')
    expect(targetsOf([TIP], NOW_MS, QUEUE_HOURS)).toMatchObject([{ targetHours: 72, late: 0 }])
    expect(targetsOf([TIP], NOW_MS, own)).toMatchObject([{ targetHours: 24, late: 1 }])
    // What came later and is more urgent goes first as soon as it is due first.
    const later = {
      ...TIP,
      id: 'two',
      priority: 2,
      receivedAt: '2026-11-01T22:00:00.000Z',
    } as const
    expect(Array.from(inTurn([TIP, later], NOW_MS, own), ({ id }) => id)).toEqual(['two', 'one'])
    const slow = read('{ danger: 0, ownRequest: 1, priority1: 2, priority2: 24, priority3: 24 }')
    expect(Array.from(inTurn([TIP, later], NOW_MS, slow), ({ id }) => id)).toEqual(['one', 'two'])
  })

  it.each([
    ['{ danger: 0, ownRequest: 1, priority1: 4, priority2: 24 }', 'hours.priority3'],
    [
      '{ danger: 0, ownRequest: 1, priority1: -4, priority2: 24, priority3: 72 }',
      'hours.priority1',
    ],
    ['{ danger: 0, ownRequest: 1, priority1: 4, priority2: 24, priority3: 12 }', 'hours.priority3'],
    [
      '{ danger: 2, ownRequest: 1, priority1: 4, priority2: 24, priority3: 72 }',
      'hours.ownRequest',
    ],
    [
      '{ danger: 0, ownRequest: 1, priority1: 4, priority2: 1.5, priority3: 72 }',
      'hours.priority2',
    ],
    ['{ danger: 0, ownRequest: 1, priority1: 4, priority2: 5, priority3: 72, x: 1 }', 'hours'],
    ['soon', 'hours'],
  ])('is refused as %s, by file and field', (hours, field) => {
    expect(() => read(hours)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONFIG',
        message: expect.stringContaining(`${join(directory, 'queue.yaml')}: ${field}`) as string,
      }) as Error,
    )
  })
})
