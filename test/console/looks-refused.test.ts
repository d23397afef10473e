import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/index.ts'
import { type LookingHouse, openLookingHouse, stillsOf } from './looking-house.ts'

let house: LookingHouse
let host: LookingHouse['host']
let world: LookingHouse['world']
let clock: LookingHouse['clock']
let picture: Buffer

beforeAll(async () => {
  house = await openLookingHouse()
  ;({ host, world, clock, picture } = house)
})
afterAll(() => house.dispose())
beforeEach(() => {
  clock.advance(2 * HOUR_MS)
})

describe('who looks', () => {
  it('is a person in a browser, who assesses or decides: no key, and nobody else', async () => {
    const { id } = await house.tipOf(picture)
    const { key } = await world.api.keyOf('analyst')
    for (const path of ['/v1/looks', '/v1/looks/url']) {
      const answer = await world.api.call('POST', path, { key, body: { of: 'tip', id } })
      expect([answer.status, answer.body]).toMatchObject([403, { code: 'LOOK_BY_PERSON' }])
    }
    const officer = await world.signIn('NOLOOKER', 'officer', 'intake')
    const { html } = await officer.get(`/console/tips/${id}`)
    expect(html).not.toContain('looks.take')
    const refused = await officer.post('/console/do/looks.take', { of: 'tip', id })
    expect(refused.status).toBe(403)
    expect(await house.entriesOf(id)).toEqual([])
  })

  it('names a record, and no URL', async () => {
    const ann = await house.analyst()
    await ann.get('/console/account')
    const url = `http://127.0.0.1:${String(host.port)}/file-1.jpg`
    const asUrl = await ann.post('/console/do/looks.take', { of: 'tip', id: url })
    expect(asUrl.status).toBeGreaterThanOrEqual(400)
    await ann.get('/console/account')
    const beside = await ann.post('/console/do/looks.take', { of: 'tip', id: 'a', url })
    expect(beside.status).toBeGreaterThanOrEqual(400)
  })

  it('is whoever works on it: what a colleague has taken is not looked at', async () => {
    const { id } = await house.tipOf(picture)
    const ann = await house.analyst()
    const bea = await house.analyst()
    await ann.get(`/console/tips/${id}`)
    await ann.submit('tipAssignments.take', {})
    await bea.get(`/console/tips/${id}`)
    const refused = await bea.submit('looks.take', {})
    expect(refused.status).toBe(409)
    expect(stillsOf(refused)).toEqual([])
  })

  it('copies the URL by an act of its own: as text, with no link, in the audit', async () => {
    const ann = await house.analyst()
    const { id, url } = await house.tipOf(picture)
    const page = await ann.get(`/console/tips/${id}`)
    expect(page.html).not.toContain(`>${url}<`)
    const copied = await ann.submit('looks.url', {})
    expect(copied.html).toContain(`>${url}</code>`)
    expect(copied.html).not.toContain(`href="${url}`)
    expect(copied.headers.get('cache-control')).toBe('no-store')
    expect(await house.entriesOf(id)).toEqual([{ action: 'look.url', detail: { of: 'tip' } }])
  })
})

describe('where the house does not look', () => {
  it('nothing is fetched, and the URL can be copied all the same', async () => {
    const off = await house.openWorld({ 'looks.enabled': false })
    const ann = await house.analyst(off)
    const { id, path, url } = await house.tipOf(picture, { from: off })
    const page = await ann.get(`/console/tips/${id}`)
    expect(page.html).toContain('The safe look is switched off')
    expect(page.html).not.toContain('/console/do/looks.take')
    expect((await ann.submit('looks.url', {})).html).toContain(`>${url}</code>`)
    await ann.get(`/console/tips/${id}`)
    const refused = await ann.post('/console/do/looks.take', { of: 'tip', id })
    expect([refused.status, refused.html.includes('<img')]).toEqual([403, false])
    expect(house.asked).not.toContain(path)
    await off.dispose()
  })
})
