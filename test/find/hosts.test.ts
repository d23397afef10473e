import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/index.ts'
import { type FindWorld, openFindWorld } from './world.ts'

const ALPHA = 'http://alpha.example/'
const BETA = 'http://beta.example/'

let world: FindWorld
beforeEach(async () => {
  world = await openFindWorld()
})
afterEach(() => world.dispose())

async function of(name: string) {
  const { rows } = await (await world.hosts()).list({ name, limit: 10 })
  return rows[0]
}

/** A case of which its host was told so many hours after it was opened. */
async function toldAfter(hours: number, url: string): Promise<string> {
  const id = await world.assessed(url)
  world.pass(hours)
  await world.run()
  return id
}

describe('what a host did', () => {
  it('is counted from its own first notice, and of how many is said', async () => {
    const id = await toldAfter(30, `${ALPHA}1.jpg`)
    const [notice] = await world.takedown.list({ caseId: id })
    expect(await of('Alpha')).toMatchObject({
      name: 'Alpha Hosting',
      country: 'SE',
      cases: 1,
      open: 1,
      told: 1,
      toldAndOpen: 1,
      toldAndOpenSince: notice?.sentAt,
      removed: 0,
      timed: 0,
      hoursToRemovalMedian: null,
      returned: 0,
    })
    const { removedAt } = await world.remove(id)
    const hours = (Date.parse(removedAt ?? '') - Date.parse(notice?.sentAt ?? '')) / HOUR_MS
    expect(hours).toBeLessThan(30)
    expect(await of('Alpha')).toMatchObject({
      cases: 1,
      open: 0,
      told: 1,
      toldAndOpen: 0,
      toldAndOpenSince: null,
      removed: 1,
      timed: 1,
      hoursToRemovalMedian: Math.round(hours * 100) / 100,
    })
  })

  it('has no time for what was gone before it was told, nor for a letter that came back', async () => {
    const id = await world.assessed(`${ALPHA}2.jpg`)
    await world.host(id)
    await world.remove(id)
    const hosts = await world.hosts()
    const { rows } = await hosts.list({ limit: 10 })
    expect(rows).toMatchObject([{ removed: 1, timed: 0, told: 0, hoursToRemovalMedian: null }])
    const other = await world.assessed(`${BETA}2.jpg`)
    world.server.behave('refuse-recipient')
    await world.run()
    expect(await of('Beta')).toMatchObject({ told: 0, open: 1, toldAndOpen: 0 })
    const beta = await hosts.show((await of('Beta'))?.id ?? '')
    expect(beta.notices.find(({ caseId }) => caseId === other)).toMatchObject({ state: 'failed' })
  })

  it('tells what came back, and takes nobody to account for what was taken back', async () => {
    const id = await toldAfter(1, `${ALPHA}3.jpg`)
    await world.remove(id)
    world.pass(24)
    await world.look(id, 'present')
    expect(await of('Alpha')).toMatchObject({ cases: 1, removed: 1, returned: 1 })
    await world.transact((tx) =>
      world.cases.takeBack(tx, 'olga', id, 'not-illegal', 'it is a painting'),
    )
    expect(await of('Alpha')).toMatchObject({ cases: 0, removed: 0, returned: 0, timed: 0 })
    expect((await of('Alpha'))?.told).toBeGreaterThan(0)
  })

  it('goes on behind a host, counts all pages, and narrows by name and by what is open', async () => {
    await world.assessed(`${ALPHA}4.jpg`)
    await world.assessed(`${ALPHA}5.jpg`)
    const id = await toldAfter(1, `${BETA}4.jpg`)
    const hosts = await world.hosts()
    const first = await hosts.list({ limit: 1 })
    expect([first.rows.map(({ name }) => name), first.count]).toEqual([['Alpha Hosting'], 2])
    const second = await hosts.list({ limit: 1, after: first.next ?? '' })
    expect([second.rows.map(({ name }) => name), second.next]).toEqual([['Beta Cloud'], null])
    await world.remove(id)
    const names = async (filter: object) =>
      (await hosts.list({ limit: 10, ...filter })).rows.map(({ name }) => name)
    expect(await names({ open: true })).toEqual(['Alpha Hosting'])
    expect(await names({ open: false })).toEqual(['Beta Cloud'])
    expect(await names({ name: 'CLOUD' })).toEqual(['Beta Cloud'])
    expect(await names({ country: 'NO' })).toEqual([])
    expect(await names({ returned: true })).toEqual([])
  })

  it('is known by an id that says nothing, and by no other', async () => {
    await toldAfter(1, `${ALPHA}6.jpg`)
    const hosts = await world.hosts()
    const { id = '' } = (await of('Alpha')) ?? {}
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(hosts.idOf('Alpha Hosting')).toBe(id)
    const shown = await hosts.show(id)
    expect(shown.contacts).toMatchObject([
      { role: 'host', address: 'abuse@alpha.example', source: 'settings', approval: 'not-needed' },
    ])
    expect(shown.openCases).toHaveLength(1)
    expect([shown.noticeCount, shown.notices.length]).toEqual([1, 1])
    for (const unknown of ['Alpha Hosting', id.slice(0, 8), hosts.idOf('Alpha hosting')]) {
      await expect(hosts.show(unknown)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })
})
