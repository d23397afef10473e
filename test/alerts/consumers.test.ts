import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/index.ts'
import { openWorld, type World } from './world.ts'

const WEEK_HOURS = 7 * 24

let world: World
beforeEach(async () => {
  world = await openWorld({ alerts: { keepDays: 2, consumersMax: 3 } })
})
afterEach(() => world.dispose())

async function sequences(after?: string): Promise<readonly number[]> {
  return (await world.feed.read(after, 1_000)).map(({ sequence }) => sequence)
}

describe('the feed', () => {
  it('numbers alerts in the order of commits, without a gap, and keeps their ids', async () => {
    await world.happen(3)
    const first = await world.feed.read(undefined, 10)
    expect(first.map(({ sequence, cursor }) => [sequence, cursor])).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ])
    expect(new Set(first.map(({ id }) => id)).size).toBe(3)
    await world.happen(2)
    expect(await sequences('3')).toEqual([4, 5])
    expect((await world.feed.read(undefined, 3)).map(({ id }) => id)).toEqual(
      first.map(({ id }) => id),
    )
  })

  it('gives the same numbers to readers that come at once, while alerts are being written', async () => {
    const readers = Array.from({ length: 5 }, async () => {
      await world.happen(4)
      return world.feed.read(undefined, 1_000)
    })
    const views = await Promise.all(readers)
    const all = await world.feed.read(undefined, 1_000)
    expect(all.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    for (const view of views) expect(all.slice(0, view.length)).toEqual(view)
  })

  it('is followed without a miss, and ends when told to', async () => {
    const stop = new AbortController()
    const seen: number[] = []
    const following = (async () => {
      for await (const page of world.feed.follow('0', stop.signal)) {
        seen.push(...page.map(({ sequence }) => sequence))
        if (seen.length === 250) stop.abort()
      }
    })()
    await Promise.all(Array.from({ length: 5 }, () => world.happen(50)))
    await following
    expect(seen).toEqual(Array.from({ length: 250 }, (_, i) => i + 1))
  })
})

describe('a consumer', () => {
  it('goes on where it acknowledged, and cannot be set back', async () => {
    await world.happen(5)
    const { consumers } = world.alerts
    expect(await consumers.cursorOf('police')).toBeUndefined()
    expect(await consumers.acknowledge('pia', 'police', '3')).toMatchObject({ cursor: '3', lag: 2 })
    expect(await consumers.acknowledge('pia', 'police', '1')).toMatchObject({ cursor: '3', lag: 2 })
    expect(await consumers.cursorOf('police')).toBe('3')
    await world.happen(1)
    expect(await consumers.list()).toMatchObject([{ name: 'police', owner: 'pia', lag: 3 }])
  })

  it('away for a week loses nothing; without it, old alerts go', async () => {
    await world.happen(4)
    await world.alerts.consumers.acknowledge('pia', 'police', '1')
    world.context.clock.advance(WEEK_HOURS * HOUR_MS)
    await world.happen(2)
    expect(await world.alerts.trim()).toBe(1)
    expect(await sequences('1')).toEqual([2, 3, 4, 5, 6])
    await expect(world.feed.read('0', 10)).rejects.toMatchObject({ code: 'FEED_TRUNCATED' })
    expect(await sequences()).toEqual([2, 3, 4, 5, 6])

    await world.alerts.consumers.remove('ada', 'police')
    expect(await world.alerts.trim()).toBe(3)
    expect(await sequences()).toEqual([5, 6])
  })

  it('is refused where it makes no sense, or is another one', async () => {
    await world.happen(2)
    const { consumers } = world.alerts
    const refused = (name: string, cursor: string, code: string, by = 'pia') =>
      expect(consumers.acknowledge(by, name, cursor)).rejects.toMatchObject({ code })
    await refused('police', '3', 'INVALID_INPUT')
    await refused('police', 'x', 'INVALID_INPUT')
    await refused('Police', '1', 'INVALID_INPUT')
    await consumers.acknowledge('pia', 'police', '1')
    await refused('police', '2', 'FORBIDDEN', 'mallory')
    await consumers.acknowledge('pia', 'two', '1')
    await consumers.acknowledge('pia', 'three', '1')
    await refused('four', '1', 'CONFLICT')
    await expect(consumers.remove('ada', 'four')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('leaves its coming and going in the audit, not every step', async () => {
    await world.happen(3)
    for (const cursor of ['1', '2', '3']) {
      await world.alerts.consumers.acknowledge('pia', 'police', cursor)
    }
    await world.alerts.consumers.remove('ada', 'police')
    const entries = await world.audit.entries({})
    expect(entries.map(({ by, action }) => [by, action])).toEqual([
      ['pia', 'consumer.add'],
      ['ada', 'consumer.remove'],
    ])
  })
})
