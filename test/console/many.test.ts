import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/access/index.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'

let world: ConsoleWorld
beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false })
})
afterAll(() => world.dispose())

const WHY = { 'said.why': 'gone', 'said.reason': 'the album is not there any more' }

async function tip(url: string): Promise<string> {
  const { key } = await world.api.keyOf('intake')
  const body = { source: 'public', url }
  return ((await world.api.call('POST', '/v1/tips', { key, body })).body as { id: string }).id
}

async function statusOf(id: string): Promise<string> {
  const { tips, store } = world.api.engine.stages
  return (await store.transact((tx) => tips.read(tx, id))).status
}

describe('one act upon many tips in the console', () => {
  it('shows what it would do, does it when that is confirmed, and says to how many', async () => {
    const ids: string[] = []
    for (let n = 0; n < 3; n += 1) ids.push(await tip(`https://pictures.example/many/${n}.jpg`))
    const ann = await world.signIn('ANN', 'analyst')
    const queue = await ann.get('/console')
    for (const id of ids)
      expect(queue.html).toContain(`form="dismiss-many" name="ids" value="${id}"`)
    const dry = await ann.post('/console/many', { operation: 'tips.dismissMany', ids, ...WHY })
    expect(dry.status).toBe(200)
    expect(dry.html).toContain('It would be done to 3. Nothing is done yet.')
    expect(dry.html).toContain('the album is not there any more')
    expect(await Promise.all(ids.map(statusOf))).toEqual(['new', 'new', 'new'])
    const done = await ann.submit('tips.dismissMany', {})
    expect(done.html).toContain('Done: 3.')
    expect(await Promise.all(ids.map(statusOf))).toEqual(['dismissed', 'dismissed', 'dismissed'])
  })

  it('leaves out what a colleague works on, before and also when it is confirmed', async () => {
    const free = await tip('https://pictures.example/many/free.jpg')
    const taken = await tip('https://pictures.example/many/taken.jpg')
    const late = await tip('https://pictures.example/many/late.jpg')
    const bea = await world.signIn('BEA', 'analyst')
    const cid = await world.signIn('CID', 'analyst')
    await bea.get(`/console/tips/${taken}`)
    await bea.submit('tipAssignments.take', {})
    await cid.get('/console')
    const given = { operation: 'tips.dismissMany', ids: [free, taken, late], ...WHY }
    const dry = await cid.post('/console/many', given)
    expect(dry.html).toContain('It would be done to 2.')
    expect(dry.html).toMatch(/Left out, and why[^]*BEA works on the tip/)
    await bea.get(`/console/tips/${late}`)
    await bea.submit('tipAssignments.take', {})
    const done = await cid.submit('tips.dismissMany', {})
    expect(done.html).toContain('Done: 1. Left out, and still as they were: 2.')
    expect(await Promise.all([free, taken, late].map(statusOf))).toEqual([
      'dismissed',
      'new',
      'new',
    ])
  })

  it('asks for a number that was seen, for a reason, and for something that it can do', async () => {
    const id = await tip('https://pictures.example/many/one.jpg')
    const dan = await world.signIn('DAN', 'analyst')
    await dan.get('/console')
    const fields = { ids: id, 'said.reason': 'gone', 'said.why': 'gone' }
    const unseen = await dan.post('/console/do/tips.dismissMany', { ...fields, _place: '/console' })
    expect([unseen.status, await statusOf(id)]).toEqual([400, 'new'])
    const operation = 'tips.dismissMany'
    for (const given of [
      { ...fields, operation, 'said.reason': ' ' },
      { ...fields, operation: 'people.deactivate' },
      { operation, 'said.reason': 'gone', 'said.why': 'gone' },
    ]) {
      expect((await dan.post('/console/many', given)).status).toBe(400)
    }
    expect(await statusOf(id)).toBe('new')
  })

  it('is nothing for who may not do it to one', async () => {
    const id = await tip('https://pictures.example/many/other.jpg')
    const eve = await world.signIn('EVE', 'auditor')
    const queue = await eve.get('/console')
    expect(queue.html).not.toContain('dismiss-many')
    const given = { operation: 'tips.dismissMany', ids: id, ...WHY }
    expect((await eve.post('/console/many', given)).status).toBe(403)
    expect(await statusOf(id)).toBe('new')
  })
})

describe('one decision on all that stand on the same', () => {
  it('is nothing where Hindra has not seen on what, and says what to do then', async () => {
    const { engine } = world.api
    const as = async (role: Role) => engine.authenticate((await world.api.keyOf(role)).key)
    const [analyst, verifier, crawler] = [
      await as('analyst'),
      await as('verifier'),
      await as('crawler'),
    ]
    const media = await sceneJpeg(31, { width: 640, height: 480 })
    const { curation } = engine.stages
    const { id: itemId } = await curation.propose(analyst, {
      media,
      classification: 'Baseline',
    })
    await curation.verify(verifier, { itemId, acknowledgeFindings: true })
    await curation.dispute(verifier, { itemId }, 'is it this child?')
    const url = 'https://pictures.example/alike/1.jpg'
    await engine.as(crawler).sightings.submit({ url, media })
    const [waiting] = await engine.stages.cases.list({ decision: 'pending' })
    const fay = await world.signIn('FAY', 'analyst')
    const shown = await fay.get(`/console/cases/${waiting?.id ?? ''}`)
    expect(shown.html).toContain('name="query.alike"')
    const dry = await fay.post('/console/many', {
      operation: 'cases.decideMany',
      'query.alike': waiting?.id ?? '',
      'said.decision': 'rejected',
      'said.reason': 'somebody else',
    })
    expect([dry.status, dry.html.includes('Hindra has not seen what they stand on')]).toEqual([
      409,
      true,
    ])
    expect(await engine.stages.cases.list({ decision: 'pending' })).toHaveLength(1)
  })
})
