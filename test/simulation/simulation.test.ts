import { describe, expect, it } from 'vitest'
import { Page } from './hosts.ts'
import { checkGrounds, checkRemoved, type Truth, Violation } from './invariants.ts'
import { play } from './play.ts'
import { World } from './world.ts'

describe('the simulation', () => {
  it.each([1, 2])('keeps every rule for a month with seed %i', async (seed) => {
    const { cases, mails, wrongRemoved } = await play({ seed, days: 30, items: 6 })
    expect(wrongRemoved).toBe(0)
    expect(cases).toBeGreaterThan(0)
    expect(mails).toBeGreaterThan(0)
  })

  it('sees a breach', async () => {
    const world = await World.open(1)
    try {
      const truth: Truth = {
        standing: new Set(['known']),
        retracted: new Set(),
        assessed: new Set(),
        removals: [],
      }
      const told = { step: 'notice', to: 'x', atMs: 0, messageId: '', noticeIds: [] }
      const page = (subject: string) => world.upload({ subject, variant: 0 })
      checkGrounds(world, truth, { ...told, urls: [page('known').url] })
      const innocent = page('innocent').url
      expect(() => {
        checkGrounds(world, truth, { ...told, urls: [innocent] })
      }).toThrow(Violation)
      const seen = await world.live((engine) =>
        engine.assess(world.as('analyst'), {
          url: innocent,
          classification: 'Baseline',
          reason: 'as tested',
        }),
      )
      if (seen === undefined) throw new Error('nothing crashes here')
      const removed = { ...seen, status: 'removed', removedAt: seen.openedAt } as const
      expect(() => {
        checkRemoved(world, truth, seen, removed)
      }).toThrow(Violation)
    } finally {
      await world.close()
    }
  })
})

describe('a page', () => {
  it('remembers what it showed and tells a block from a removal', () => {
    const page = new Page('https://a.example/1', { subject: 's', variant: 0 }, 0)
    page.change(10, { kind: 'blocked' })
    page.change(20, { kind: 'gone' })
    expect([5, 15, 25].map((ms) => page.isThereAt(ms))).toEqual([true, true, false])
    expect(page.goneSince(25)).toBe(20)
  })
})
