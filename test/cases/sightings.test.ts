import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { matchOf, openWorld, type World } from './world.ts'

const URL_A = 'https://one.example/a.jpg'
const URL_B = 'https://two.example/b.jpg'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.context.dispose())

describe('a first sighting', () => {
  it('opens a case on the strongest match and keeps the others as evidence', async () => {
    await world.item('weak')
    await world.item('strong')
    const matches = [matchOf('weak', 'review'), matchOf('strong', 'confirmed')]
    const { caseId = '', ...result } = await world.see(URL_A, matches)
    expect(result).toEqual({ verdict: 'confirmed', opened: true })
    const entry = await world.cases.get(caseId)
    expect(entry).toMatchObject({
      status: 'open',
      subject: { kind: 'item', id: 'strong' },
      verdict: 'confirmed',
      decision: 'not-needed',
      sightings: 1,
      url: URL_A,
      openedAt: world.now(),
      matches,
    })
    expect(entry.history).toEqual([
      { at: world.now(), by: 'crawler', from: null, to: 'open', reason: null },
    ])
    expect(await world.alertKinds()).toEqual(['opened'])
    const [audited] = await world.audit.entries({})
    expect(audited).toMatchObject({ by: 'crawler', action: 'case.open', subject: caseId })
  })

  it('waits for a person in the review band, and says so', async () => {
    const entry = await world.seen(URL_A, 'item', 'review')
    expect(entry).toMatchObject({ verdict: 'review', decision: 'pending', nextRecheckAt: null })
    expect(await world.alertKinds()).toEqual(['review'])
  })

  it('opens nothing without a match, or where no item of the matches stands', async () => {
    await world.item('gone', { status: 'retracted' })
    await world.item('harmless', { classification: 'Ignore' })
    const none = { verdict: 'none', opened: false }
    expect(await world.see(URL_A, [])).toEqual(none)
    expect(
      await world.see(URL_A, [matchOf('gone'), matchOf('harmless'), matchOf('unknown')]),
    ).toEqual(none)
    expect(await world.cases.list()).toEqual([])
    expect(await world.alertKinds()).toEqual([])
  })

  it.each(['proposed', 'disputed'] as const)('is review at most when %s', async (status) => {
    await world.item('item', { status })
    const { caseId = '', verdict } = await world.see(URL_A, [matchOf('item', 'exact')])
    expect(verdict).toBe('review')
    const entry = await world.cases.get(caseId)
    expect(entry).toMatchObject({ decision: 'pending', itemVerified: false })
  })

  it('prefers a verified item to a stronger match that is only proposed', async () => {
    await world.item('proposed', { status: 'proposed' })
    await world.item('verified')
    const { caseId = '' } = await world.see(URL_A, [
      matchOf('proposed', 'exact'),
      matchOf('verified', 'review'),
    ])
    expect((await world.cases.get(caseId)).subject.id).toBe('verified')
  })

  it('refuses what is no URL', async () => {
    await world.item('item')
    await expect(world.see('ftp://one.example/a', [matchOf('item')])).rejects.toMatchObject({
      code: 'URL_INVALID',
    })
  })
})

describe('a further sighting', () => {
  it('only counts where nothing changed, under any spelling of the URL', async () => {
    const first = await world.seen('https://cdn.example/a.jpg?token=1', 'item')
    world.pass(1)
    const second = await world.seen('https://CDN.example:443/x/../a.jpg?token=2#top', 'item')
    expect(second).toMatchObject({ id: first.id, sightings: 2, lastSeenAt: world.now() })
    expect(second.rawUrl).toContain('token=2')
    expect(second.history).toHaveLength(1)
    expect(await world.alertKinds()).toEqual(['opened'])
  })

  it('makes the verdict stronger, never weaker', async () => {
    await world.seen(URL_A, 'item', 'review')
    const confirmed = await world.seen(URL_A, 'item', 'confirmed')
    expect(confirmed).toMatchObject({ verdict: 'confirmed', decision: 'not-needed' })
    expect(confirmed.nextRecheckAt).not.toBeNull()
    const again = await world.seen(URL_A, 'item', 'review')
    expect(again).toMatchObject({ verdict: 'confirmed', decision: 'not-needed', sightings: 3 })
    expect(again.matches[0]?.verdict).toBe('confirmed')
    expect(await world.alertKinds()).toEqual(['review', 'seen-again'])
  })

  it('of another item at the same URL opens a case of its own', async () => {
    const first = await world.seen(URL_A, 'one')
    const second = await world.seen(URL_A, 'two')
    expect(second.id).not.toBe(first.id)
  })

  it('stays with the live case where two items match equally well', async () => {
    const first = await world.seen(URL_A, 'one')
    await world.item('twin')
    const { caseId } = await world.see(URL_A, [matchOf('twin'), matchOf('one')])
    expect(caseId).toBe(first.id)
  })

  it('resets the misses, unless it is old or only somebody else’s word', async () => {
    const { id } = await world.seen(URL_A, 'item')
    world.pass(4)
    await world.look(id, 'gone')
    await world.see(URL_A, [matchOf('item')], { fetchedAt: '2026-11-02T09:00:00.000Z' })
    await world.see(URL_A, [matchOf('item', 'review', { clientSupplied: true })])
    expect((await world.cases.get(id)).missesInRow).toBe(1)
    expect(await world.seen(URL_A, 'item')).toMatchObject({ missesInRow: 0, sightings: 4 })
  })

  it('was there last when somebody saw it, not when a crawler sent its hashes', async () => {
    const { id, lastSeenAt } = await world.seen(URL_A, 'item')
    world.pass(4)
    await world.see(URL_A, [matchOf('item', 'review', { clientSupplied: true })])
    const { sightings, observations, ...counted } = await world.cases.get(id)
    expect(counted.lastSeenAt).toBe(lastSeenAt)
    expect([sightings, observations.length]).toEqual([2, 2])
    expect((await world.seen(URL_A, 'item')).lastSeenAt).toBe(world.now())
  })

  it('is not what was found for certain where it is merely alike, as the room without its subject is', async () => {
    const { id, lastSeenAt } = await world.seen(URL_A, 'item', 'confirmed')
    world.pass(4)
    await world.look(id, 'gone')
    expect(await world.seen(URL_A, 'item', 'review')).toMatchObject({ lastSeenAt, missesInRow: 1 })
    const alike = await world.seen(URL_B, 'item', 'review')
    world.pass(4)
    expect(await world.seen(URL_B, 'item', 'review')).toMatchObject({ lastSeenAt: world.now() })
    expect(alike.lastSeenAt).not.toBe(world.now())
  })
})

describe('what a sighting says of itself', () => {
  it('is kept with its case, by name, and nothing else that came along', async () => {
    await world.item('item')
    const told = {
      pageUrl: 'https://one.example/page',
      referrer: 'https://one.example/list',
      fetchedAt: world.now(),
      httpStatus: 200,
      contentType: 'image/jpeg',
      vantage: 'lagos',
      resolvedIp: '192.0.2.7',
      reference: 'r-1',
      source: 'north-3',
    }
    const line = { ...told, media: Buffer.from('never kept'), hashes: [], idempotencyKey: 'k' }
    const { caseId = '' } = await world.see(URL_A, [matchOf('item')], line)
    world.pass(1)
    await world.see(URL_A, [matchOf('item')])
    const first = { at: told.fetchedAt, by: 'crawler', url: URL_A, ...told }
    expect((await world.cases.get(caseId)).observations).toEqual([
      first,
      { at: world.now(), by: 'crawler', url: URL_A },
    ])
  })

  it('is kept of the first and of the latest', async () => {
    for (let reference = 1; reference <= 14; reference += 1) {
      await world.item('item')
      await world.see(URL_A, [matchOf('item')], { reference: String(reference) })
    }
    const [entry] = await world.cases.list()
    const kept = entry?.observations.map(({ reference }) => Number(reference))
    expect(kept).toEqual([1, 6, 7, 8, 9, 10, 11, 12, 13, 14])
  })

  it('is kept also of what re-opens a case, or comes after a person settled it', async () => {
    const { id } = await world.seen(URL_A, 'item', 'review')
    await world.transact((tx) => world.cases.decide(tx, 'anna', id, 'rejected', 'another dog'))
    await world.see(URL_A, [matchOf('item', 'review')], { reference: 'settled' })
    await world.see(URL_A, [matchOf('item', 'exact')], { reference: 'reopening' })
    const { status, observations } = await world.cases.get(id)
    expect(status).toBe('open')
    expect(observations.slice(1).map(({ reference }) => reference)).toEqual([
      'settled',
      'reopening',
    ])
  })

  it('goes when the case is erased, and so does all that finds it', async () => {
    const { id } = await world.seen(URL_A, 'item')
    await world.transact((tx) => world.cases.close(tx, 'anna', id, 'done'))
    await world.transact((tx) => world.cases.erase(tx, id))
    const left = await world.transact(async (tx) => {
      const keys: string[] = []
      for await (const { key } of tx.range({ prefix: [] })) keys.push(String(key[0]))
      return keys.filter((name) => name.startsWith('case'))
    })
    expect(left).toEqual([])
  })
})

describe('what comes back', () => {
  it('re-opens a removed case at the same URL', async () => {
    const { id } = await world.seen(URL_A, 'item')
    await world.host(id)
    await world.notify(id)
    expect((await world.remove(id)).status).toBe('removed')
    world.pass(1)
    const back = await world.seen(URL_A, 'item', 'confirmed')
    expect(back).toMatchObject({
      id,
      status: 'open',
      verdict: 'confirmed',
      reopened: 1,
      removedAt: null,
      firstNoticeAt: null,
      returned: false,
    })
    expect(back.history.at(-1)).toMatchObject({ from: 'removed', to: 'open' })
    expect(await world.alertKinds()).toEqual(['opened', 'removed', 'reopened'])
    expect(await world.cases.dueForTrace(world.context.clock.now())).toHaveLength(1)
  })

  it('does so also when the case was closed after its removal', async () => {
    const { id } = await world.seen(URL_A, 'item')
    await world.remove(id)
    await world.transact((tx) => world.cases.close(tx, 'anna', id, 'done'))
    const back = await world.seen(URL_A, 'item')
    expect(back).toMatchObject({ id, status: 'open', reopened: 1, closedReason: null })
  })

  it('but not when the sighting is older than the removal', async () => {
    const { id } = await world.seen(URL_A, 'item')
    const before = world.now()
    await world.remove(id)
    const { caseId } = await world.see(URL_A, [matchOf('item')], { fetchedAt: before })
    expect(caseId).toBe(id)
    expect(await world.cases.get(id)).toMatchObject({ status: 'removed', sightings: 2 })
  })

  it('asks a person again where the evidence is weaker than before, or not our own', async () => {
    const { id } = await world.seen(URL_A, 'item', 'review')
    await world.transact((tx) => world.cases.decide(tx, 'anna', id, 'accepted', 'the same'))
    await world.remove(id)
    await world.see(URL_A, [matchOf('item', 'review', { clientSupplied: true })])
    expect(await world.cases.get(id)).toMatchObject({ status: 'open', decision: 'pending' })

    const exact = await world.seen(URL_B, 'item', 'exact')
    await world.remove(exact.id)
    const back = await world.seen(URL_B, 'item', 'review')
    expect(back).toMatchObject({ id: exact.id, verdict: 'review', decision: 'pending' })
  })

  it('stays accepted where a person accepted no less', async () => {
    const { id } = await world.seen(URL_A, 'item', 'review')
    await world.transact((tx) => world.cases.decide(tx, 'anna', id, 'accepted', 'the same'))
    await world.remove(id)
    expect(await world.seen(URL_A, 'item', 'review')).toMatchObject({ decision: 'accepted' })
  })

  it('says that it returned when it comes under another URL', async () => {
    const first = await world.seen(URL_A, 'item')
    expect((await world.seen(URL_B, 'item')).returned).toBe(false)
    await world.remove(first.id)
    const third = await world.seen('https://three.example/c.jpg', 'item')
    expect(third).toMatchObject({ returned: true, status: 'open' })
    expect((await world.alertKinds()).at(-1)).toBe('returned')
  })

  it('is not called returned once the removed copy itself is back', async () => {
    const first = await world.seen(URL_A, 'item')
    await world.remove(first.id)
    await world.seen(URL_A, 'item')
    expect((await world.seen(URL_B, 'item')).returned).toBe(false)
  })
})

describe('what a person settled', () => {
  it('a rejected match is not re-opened by the same evidence', async () => {
    const { id } = await world.seen(URL_A, 'item', 'review')
    await world.transact((tx) => world.cases.decide(tx, 'anna', id, 'rejected', 'another dog'))
    const again = await world.see(URL_A, [matchOf('item', 'review')])
    expect(again).toEqual({ verdict: 'review', caseId: id, opened: false })
    expect(await world.cases.get(id)).toMatchObject({
      status: 'closed',
      closedReason: 'rejected-match',
      sightings: 2,
    })
  })

  it('a confirmed match asks again, only equal bytes overrule a person', async () => {
    const { id } = await world.seen(URL_A, 'item', 'review')
    await world.transact((tx) => world.cases.decide(tx, 'anna', id, 'rejected', 'another dog'))
    const confirmed = await world.seen(URL_A, 'item', 'confirmed')
    expect(confirmed).toMatchObject({ id, status: 'open', decision: 'pending', reopened: 1 })
    const exact = await world.seen(URL_A, 'item', 'exact')
    expect(exact).toMatchObject({ id, verdict: 'exact', decision: 'not-needed' })
  })

  it('does not hide another item that matches at the same URL', async () => {
    const { id } = await world.seen(URL_A, 'one', 'review')
    await world.transact((tx) => world.cases.decide(tx, 'anna', id, 'rejected', 'another dog'))
    await world.item('two')
    const { caseId, opened } = await world.see(URL_A, [
      matchOf('one', 'review'),
      matchOf('two', 'review'),
    ])
    expect(opened).toBe(true)
    expect(caseId).not.toBe(id)
  })

  it('a case closed by hand while the media was there stays closed', async () => {
    const { id } = await world.seen(URL_A, 'item')
    await world.transact((tx) => world.cases.close(tx, 'anna', id, 'with the police'))
    expect(await world.seen(URL_A, 'item')).toMatchObject({ id, status: 'closed', sightings: 2 })
  })
})

describe('many at once', () => {
  it('two sightings of one URL make one case', async () => {
    await world.item('item')
    const results = await Promise.all(
      Array.from({ length: 12 }, () => world.see(URL_A, [matchOf('item')])),
    )
    expect(new Set(results.map(({ caseId }) => caseId)).size).toBe(1)
    expect(results.filter(({ opened }) => opened)).toHaveLength(1)
    const [only, ...others] = await world.cases.list()
    expect(others).toEqual([])
    expect(only?.sightings).toBe(12)
    expect(await world.alertKinds()).toEqual(['opened'])
  })

  it('an item retracted meanwhile is left without a live case', async () => {
    for (let round = 0; round < 8; round += 1) {
      const item = `item-${round}`
      await world.item(item)
      await Promise.all([
        ...['a', 'b', 'c'].map((name) =>
          world.see(`https://one.example/${round}/${name}`, [matchOf(item)]),
        ),
        world
          .item(item, { status: 'retracted' })
          .then(() => world.transact((tx) => world.cases.retractItem(tx, 'bert', item))),
      ])
      const statuses = (await world.cases.forItem(item)).map(({ status }) => status)
      expect(statuses.filter((status) => status !== 'retracted')).toEqual([])
    }
  })
})
