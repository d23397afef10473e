import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Case } from '../../src/cases/index.ts'
import { matchOf, openWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.context.dispose())

async function openMany(): Promise<readonly Case[]> {
  const opened: Case[] = []
  for (const [place, verdict] of (['exact', 'review', 'exact', 'review'] as const).entries()) {
    opened.push(await world.seen(`https://one.example/${place}`, 'item', verdict))
  }
  return opened
}

describe('lists', () => {
  it('filter by status and decision, in order of opening, page by page', async () => {
    const [first, second, third, fourth] = await openMany()
    await world.remove(third?.id ?? '')
    const list = async (filter: Parameters<World['cases']['list']>[0]) =>
      (await world.cases.list(filter)).map(({ id }) => id)
    expect(await list({})).toEqual([first?.id, second?.id, third?.id, fourth?.id])
    expect(await list({ status: 'open' })).toEqual([first?.id, second?.id, fourth?.id])
    expect(await list({ decision: 'pending' })).toEqual([second?.id, fourth?.id])
    expect(await list({ status: 'removed', decision: 'pending' })).toEqual([])
    expect(await list({ status: 'open', decision: 'pending', limit: 1 })).toEqual([second?.id])
    expect(await list({ limit: 2 })).toEqual([first?.id, second?.id])
    expect(await list({ limit: 2, after: second?.id ?? '' })).toEqual([third?.id, fourth?.id])
    expect(await list({ decision: 'pending', after: second?.id ?? '' })).toEqual([fourth?.id])
  })

  it.each([0, 1_001, 1.5, Number.NaN])('refuse a limit of %d', async (limit) => {
    const refused = { code: 'INVALID_INPUT', field: 'limit' }
    await expect(world.cases.list({ limit })).rejects.toMatchObject(refused)
    await expect(world.cases.alertFeed.read(undefined, limit)).rejects.toMatchObject(refused)
  })

  it('show all cases of an item', async () => {
    const opened = await openMany()
    await world.seen('https://one.example/0', 'other')
    expect(await world.cases.forItem('item')).toEqual(opened)
    expect(await world.cases.forItem('nothing')).toEqual([])
  })

  it('know no case by another id', async () => {
    await expect(world.cases.get('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the alert feed', () => {
  it('is read in portions, in commit order, without a gap or a repetition', async () => {
    const opened = await openMany()
    const read: string[] = []
    let after: string | undefined
    for (;;) {
      const [alert] = await world.cases.alertFeed.read(after, 1)
      if (alert === undefined) break
      read.push(alert.caseId ?? '')
      after = alert.cursor
    }
    expect(read).toEqual(opened.map(({ id }) => id))
    await world.remove(opened[0]?.id ?? '')
    expect(await world.cases.alertFeed.read(after, 10)).toMatchObject([
      { kind: 'removed', caseId: opened[0]?.id, at: world.now() },
    ])
  })

  it('tells two alerts of one transaction apart', async () => {
    const first = await world.seen('https://one.example/a', 'item')
    await world.remove(first.id)
    const { id } = await world.seen('https://one.example/b', 'item', 'review')
    const [returned, review] = (await world.cases.alertFeed.read(undefined, 10)).slice(-2)
    expect([returned, review]).toMatchObject([
      { kind: 'returned', caseId: id },
      { kind: 'review', caseId: id },
    ])
    expect(await world.cases.alertFeed.read(returned?.cursor, 10)).toEqual([review])
  })

  it.each(['', 'x', '-1', '01', '1.5', '9'.repeat(16), '99'])(
    'refuses %j as a cursor',
    async (after) => {
      await expect(world.cases.alertFeed.read(after, 10)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        field: 'after',
      })
    },
  )
})

describe('what lies in the files', () => {
  it('names no URL, host, contact or reason', async () => {
    const secrets = ['one.example', 'one-page', 'Provider One', 'abuse@', 'reason-of-a-person']
    await world.item('item')
    const { caseId = '' } = await world.see('https://one.example/one-page.jpg', [
      matchOf('item', 'review', { reason: 'reason-of-a-person: matched' }),
    ])
    await world.transact((tx) =>
      world.cases.decide(tx, 'anna', caseId, 'accepted', 'reason-of-a-person'),
    )
    await world.host(caseId)
    await world.transact((tx) => world.cases.close(tx, 'anna', caseId, 'reason-of-a-person'))
    await world.context.store.close()
    const files = await readdir(world.context.directory, { recursive: true, withFileTypes: true })
    let bytes = 0
    for (const file of files.filter((entry) => entry.isFile())) {
      const content = await readFile(join(file.parentPath, file.name), 'latin1')
      bytes += content.length
      for (const secret of secrets) expect(content.includes(secret), secret).toBe(false)
    }
    expect(bytes).toBeGreaterThan(1_000)
  })
})

describe('filters of cases', () => {
  const ids = async (filter: Parameters<World['cases']['list']>[0]) =>
    (await world.cases.list(filter)).map(({ id }) => id)

  it('by host, country, class and age read the index that has the fewest', async () => {
    const old = await world.seen('https://cdn.one.example/1', 'item')
    world.pass(24 * 31)
    const young = await world.seen('https://two.example/2', 'item')
    await world.host(young.id)
    expect(await ids({ host: 'one.example' })).toEqual([old.id])
    expect(await ids({ host: 'Provider One' })).toEqual([young.id])
    expect(await ids({ country: 'NL' })).toEqual([young.id])
    expect(await ids({ country: 'NL', host: 'one.example' })).toEqual([])
    const { classification } = young
    expect(await ids({ classification })).toEqual([old.id, young.id])
    expect(await ids({ classification, after: old.id })).toEqual([young.id])
    expect(await ids({ olderThanDays: 30 })).toEqual([old.id])
    expect(await ids({ youngerThanDays: 30, classification })).toEqual([young.id])
    expect(await ids({ olderThanDays: 30, status: 'open', host: 'one.example' })).toEqual([old.id])
    expect(await ids({ status: 'closed', classification })).toEqual([])
    expect(await world.cases.count({ classification, status: 'open' }, 10)).toBe(2)
  })

  it('count as many as they list, whether ids alone tell or not', async () => {
    const one = await world.seen('https://one.example/1', 'item')
    const review = await world.seen('https://one.example/2', 'item', 'review')
    const other = await world.seen('https://two.example/3', 'item', 'review')
    await world.transact((tx) => world.cases.decide(tx, 'ann', other.id, 'rejected', 'another'))
    await world.host(one.id)
    for (const [count, filter] of [
      [3, {}],
      [1, { decision: 'pending' }],
      [1, { decision: 'rejected' }],
      [0, { decision: 'accepted' }],
      [0, { unverified: true }],
      [3, { unverified: false }],
      [1, { country: 'NL' }],
      [2, { host: 'one.example' }],
      [1, { decision: 'pending', host: 'one.example' }],
      [3, { holder: 'none' }],
      [0, { olderThanDays: 1 }],
      [3, { youngerThanDays: 1 }],
      [1, { decision: 'pending', status: review.status }],
    ] as const) {
      expect([filter, await world.cases.count(filter, 10)]).toEqual([filter, count])
      expect([filter, (await ids(filter)).length]).toEqual([filter, count])
    }
    expect(await world.cases.count({}, 2)).toBe(2)
    for (const status of ['open', 'closed', 'not-illegal', review.status] as const) {
      const listed = await ids({ status })
      expect(await world.cases.count({ status }, 10)).toBe(listed.length)
    }
  })

  it('leave nothing out while cases of before are still being taken into what they read', async () => {
    await world.context.dispose()
    let isTakingIn = true
    world = await openWorld({}, { areOldLeft: () => isTakingIn })
    const old = await world.seen('https://cdn.one.example/1', 'item')
    await world.host(old.id)
    const other = await world.seen('https://two.example/2', 'item')
    await world.transact(async (tx) => {
      for await (const { key } of tx.range({ prefix: ['case-found'] })) tx.delete(key)
    })
    const { classification } = old
    expect(await ids({ host: 'one.example' })).toEqual([old.id])
    expect(await ids({ host: 'Provider One', status: 'open' })).toEqual([old.id])
    expect(await ids({ country: 'NL' })).toEqual([old.id])
    expect(await ids({ country: 'NL', host: 'two.example' })).toEqual([])
    expect(await ids({ classification, after: old.id })).toEqual([other.id])
    expect(await world.cases.count({ classification }, 10)).toBe(2)
    // What finds them is gone indeed: it was not read.
    isTakingIn = false
    expect(await ids({ host: 'one.example' })).toEqual([])
  })
})
