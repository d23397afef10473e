import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { httpHost } from '../intake/hosts.ts'
import { filmMp4, pngBomb, sceneJpeg, truncated } from '../../fixtures/index.ts'
import { OPERATOR } from '../../src/access/index.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/core/index.ts'
import { storedText } from '../stored-text.ts'
import type { Browser } from './browser.ts'
import { type LookingHouse, openLookingHouse, stillOf, stillsOf } from './looking-house.ts'

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

describe('a look', () => {
  it('shows nothing on the page of the tip, and a small grey still by an act of its own', async () => {
    const ann = await house.analyst()
    const { id, path } = await house.tipOf(picture)
    const before = await ann.get(`/console/tips/${id}`)
    expect(before.html).not.toMatch(/<img|data:image/)
    expect(house.asked).not.toContain(path)
    const page = await ann.submit('looks.take', {})
    expect(page.status).toBe(200)
    const still = await stillOf(page)
    expect(still).toMatchObject({ format: 'png', width: 160, height: 107, channels: 1 })
    expect(still.exif ?? still.icc ?? still.xmp).toBeUndefined()
    expect(page.html).toContain('Nothing says whether the sender saw the same')
    expect(await house.entriesOf(id)).toEqual([
      { action: 'look.take', detail: { of: 'tip', way: 'small-grey' } },
    ])
  })

  it('is kept by nobody: not by the browser, not on the disk', async () => {
    const ann = await house.analyst()
    const { id } = await house.tipOf(picture)
    await ann.get(`/console/tips/${id}`)
    const page = await ann.submit('looks.take', {})
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('content-security-policy')).toContain("img-src 'self' data:;")
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const other = await ann.get(`/console/tips/${id}`)
    expect(other.headers.get('content-security-policy')).toContain("img-src 'self';")
    const [still = Buffer.alloc(0)] = stillsOf(page)
    const kept = storedText(world.api.engine.config.data) + house.logged.join('\n')
    expect(kept).toContain('/console/do/:operation')
    expect(kept).toMatch(/"day":"2026-11-\d\d"/)
    for (const bytes of [picture, still]) {
      for (const at of [64, Math.floor(bytes.length / 2), bytes.length - 48]) {
        expect(kept).not.toContain(bytes.subarray(at, at + 24).toString('latin1'))
      }
    }
    expect(kept).not.toContain(still.toString('base64').slice(200, 232))
  })

  it('is larger or in colour by further acts, one step at a time, each in the audit', async () => {
    const ann = await house.analyst()
    const { id } = await house.tipOf(picture)
    await ann.get(`/console/tips/${id}`)
    const early = await ann.submit('looks.take', { way: 'large-grey' })
    expect(early.status).toBe(409)
    expect(stillsOf(early)).toEqual([])
    const first = await ann.submit('looks.take', {})
    expect(first.html).not.toContain('value="large-colour"')
    const jump = await ann.post('/console/do/looks.take', { of: 'tip', id, way: 'large-colour' })
    expect(jump.status).toBe(409)
    await ann.get(`/console/tips/${id}`)
    await ann.submit('looks.take', {})
    const large = await ann.submit('looks.take', { way: 'large-grey' })
    expect(await stillOf(large)).toMatchObject({ width: 640, height: 427, channels: 1 })
    const colour = await ann.submit('looks.take', { way: 'large-colour' })
    expect(await stillOf(colour)).toMatchObject({ width: 640, height: 427, channels: 3 })
    const ways = (await house.entriesOf(id)).map(({ detail }) => (detail as { way: string }).way)
    expect(ways.toSorted()).toEqual(['large-colour', 'large-grey', 'small-grey', 'small-grey'])
    clock.advance(11 * MINUTE_MS)
    await ann.get(`/console/tips/${id}`)
    expect((await ann.submit('looks.take', { way: 'large-grey' })).status).toBe(409)
  })

  it('of a film is a few frames side by side', async () => {
    const ann = await house.analyst()
    const { id } = await house.tipOf(await filmMp4(3, { seconds: 4, width: 320, height: 240 }))
    await ann.get(`/console/tips/${id}`)
    const page = await ann.submit('looks.take', {})
    expect(await stillOf(page)).toMatchObject({ width: 640, height: 120, channels: 1 })
    expect(page.html).toContain('4 frames of what moves')
  })

  it.each([
    [
      'a page',
      '<!doctype html><html><body><img src="/a.jpg"></body></html>',
      200,
      'A page is there',
    ],
    ['what is gone', 'gone', 410, 'status 410'],
    ['text', 'just words, and no picture', 200, 'no picture and no film'],
    ['a bomb', pngBomb(30_000, 30_000), 200, 'larger than Hindra decodes'],
  ])('of %s shows nothing, says why, and does not count', async (_what, body, status, words) => {
    const ann = await house.analyst()
    const { id } = await house.tipOf(body, { status })
    await ann.get(`/console/tips/${id}`)
    const page = await ann.submit('looks.take', {})
    expect(page.status).toBe(200)
    expect(page.html).toContain(words)
    expect(page.html).not.toContain('<img')
    expect(page.html).toContain('0 of 100 pictures')
    const actions = (await house.entriesOf(id)).map(({ action }) => action)
    expect(actions.toSorted()).toEqual(['look.nothing', 'look.take'])
  })

  it('of a broken file shows nothing of it', async () => {
    const ann = await house.analyst()
    const { id } = await house.tipOf(truncated(picture, 0.5))
    await ann.get(`/console/tips/${id}`)
    expect((await ann.submit('looks.take', {})).html).toContain('The file is damaged')
  })

  it.each([
    ['an inner address', 'http://192.168.0.1:PORT/a.jpg'],
    ['an inner name', 'http://router.internal:PORT/a.jpg'],
    ['where clouds keep their keys', 'http://169.254.169.254:PORT/latest/meta-data'],
    ['another port', 'http://127.0.0.1:22/a.jpg'],
  ])('fetches nothing from %s', async (_what, place) => {
    const ann = await house.analyst()
    const id = await house.tipAt(place.replace('PORT', String(host.port)))
    await ann.get(`/console/tips/${id}`)
    const page = await ann.submit('looks.take', {})
    expect(page.html).toContain('where Hindra fetches nothing from')
  })

  it('is no redirect to an inner address either', async () => {
    const inner = await httpHost((_request, response) => {
      response.writeHead(302, { location: 'http://10.0.0.1/a.jpg' }).end()
    })
    const own = await house.openWorld({ 'fetch.allowPorts': [inner.port] })
    const ann = await house.analyst(own)
    const id = await house.tipAt(`http://127.0.0.1:${String(inner.port)}/a.jpg`, own)
    await ann.get(`/console/tips/${id}`)
    const page = await ann.submit('looks.take', {})
    expect(page.html).toContain('where Hindra fetches nothing from')
    await own.dispose()
    await inner.close()
  })

  it('says whether what is there now is what the case stands on', async () => {
    const ann = await house.analyst()
    const { id, path, url } = await house.tipOf(picture)
    await ann.get(`/console/tips/${id}`)
    await ann.submit('assessments.assess', { classification: 'Baseline', reason: 'seen there' })
    const [entry] = await world.api.engine.stages.cases.forUrl(url)
    const look = async () => {
      await ann.get(`/console/cases/${entry?.id ?? ''}`)
      return (await ann.submit('looks.take', {})).html
    }
    expect(await look()).toContain('is the very file')
    house.shown.set(path, {
      body: await sharp(picture).resize(500).jpeg({ quality: 60 }).toBuffer(),
    })
    expect(await look()).toMatch(/shows what the case stands on[^<]*differs in \d+ of 256 bits/)
    house.shown.set(path, { body: await sceneJpeg(99) })
    expect(await look()).toContain('is something else')
  })
})

describe('the day of a person', () => {
  const ownOf = async (browser: Browser) => (await browser.get('/console/account')).html

  it('counts their own looks and time, on their own page, and on nobody else’s', async () => {
    const ann = await house.analyst()
    const bea = await house.analyst()
    const { id } = await house.tipOf(picture)
    await ann.get(`/console/tips/${id}`)
    await ann.submit('looks.take', {})
    clock.advance(9 * MINUTE_MS)
    await ann.get(`/console/tips/${id}`)
    await ann.submit('tips.dismiss', { why: 'not-illegal', reason: 'a landscape' })
    const own = await ownOf(ann)
    expect(own).toContain('1 of at most 100')
    expect(own).toContain('10 min of at most 4 h')
    expect(await ownOf(bea)).toContain('0 of at most 100')
    const { key } = await world.api.keyOf('admin', 'auditor', 'officer', 'statistics')
    const { body } = await world.api.call('GET', '/v1/looks/own', { key })
    expect(body).toMatchObject({ looks: 0, minutes: 0 })
  })

  it('has a break in each hour, which loses nothing, and looks open again at its end', async () => {
    const ann = await house.analyst()
    const { id } = await house.tipOf(picture)
    await ann.get(`/console/tips/${id}`)
    await ann.submit('tipAssignments.take', {})
    for (let minute = 0; minute < 50; minute += 8) {
      await ann.get(`/console/tips/${id}`)
      expect((await ann.submit('looks.take', {})).status).toBe(200)
      clock.advance(8 * MINUTE_MS)
    }
    const asking = house.asked.length
    const due = await ann.get(`/console/tips/${id}`)
    expect(due.html).toContain('A break is due')
    expect(due.html).not.toContain('action="/console/do/looks.take"')
    const refused = await ann.post('/console/do/looks.take', { of: 'tip', id })
    expect([refused.status, house.asked.length]).toEqual([429, asking])
    // What was refused prolongs no break, and keeps what they hold.
    clock.advance(2 * MINUTE_MS)
    const { until } = (await world.api.engine.stages.assignments.list({ by: ann.id }))[0] ?? {}
    expect(Date.parse(until ?? '') - clock.now()).toBe(58 * MINUTE_MS)
    const after = await ann.get(`/console/tips/${id}`)
    expect(after.html).toContain('You work on it')
    expect((await ann.submit('looks.take', {})).status).toBe(200)
  })

  it('ends at midnight of the house, and no break does', async () => {
    const policy = mkdtempSync(join(tmpdir(), 'hindra-looks-'))
    const laid = 'version: "1"\nlooksADay: 2\nhoursADay: 4\nbreakMinutes: 10\n'
    writeFileSync(join(policy, 'looks.yaml'), laid)
    // 23:50 in Stockholm, which is 22:50 in UTC.
    clock.advance(Date.UTC(2026, 10, 20, 22, 50) - clock.now())
    const own = await house.openWorld({ 'policy.directory': policy })
    const ann = await house.analyst(own)
    const { id } = await house.tipOf(picture, { from: own })
    const look = async () => {
      await ann.get(`/console/tips/${id}`)
      return ann.post('/console/do/looks.take', { of: 'tip', id })
    }
    expect([(await look()).status, (await look()).status]).toEqual([200, 200])
    const third = await look()
    expect(third.status).toBe(429)
    expect(third.html).toContain('2026-11-21 00:00')
    clock.advance(9 * MINUTE_MS)
    expect((await look()).status).toBe(429)
    clock.advance(MINUTE_MS)
    expect((await look()).status).toBe(200)
    expect(await ownOf(ann)).toContain('1 min of at most 4 h')
    await own.dispose()
    rmSync(policy, { recursive: true })
  })

  it('is as long as the house lets it be, and assessing goes on', async () => {
    const policy = mkdtempSync(join(tmpdir(), 'hindra-looks-'))
    const laid = 'version: "1"\nlooksADay: 100\nhoursADay: 0.25\nbreakMinutes: 10\n'
    writeFileSync(join(policy, 'looks.yaml'), laid)
    const own = await house.openWorld({ 'policy.directory': policy })
    const ann = await house.analyst(own)
    const { id } = await house.tipOf(picture, { from: own })
    const look = async () => {
      await ann.get(`/console/tips/${id}`)
      return (await ann.post('/console/do/looks.take', { of: 'tip', id })).status
    }
    expect(await look()).toBe(200)
    clock.advance(9 * MINUTE_MS)
    expect(await look()).toBe(200)
    clock.advance(9 * MINUTE_MS)
    expect(await look()).toBe(200)
    expect(await look()).toBe(429)
    await ann.get(`/console/tips/${id}`)
    const judged = await ann.submit('assessments.assess', {
      classification: 'Ignore',
      reason: 'a landscape',
    })
    expect(judged.html).toContain('role="status"')
    await own.dispose()
    rmSync(policy, { recursive: true })
  })

  it('is erased in time', async () => {
    const ann = await house.analyst()
    const { id } = await house.tipOf(picture)
    await ann.get(`/console/tips/${id}`)
    await ann.submit('looks.take', {})
    const days = async () => {
      const lines = await world.api.engine.stages.keeping.retention.due()
      return lines.find(({ type }) => type === 'days of looking')?.records
    }
    expect(await days()).toBe(0)
    clock.advance(40 * 24 * HOUR_MS)
    expect(await days()).toBeGreaterThan(0)
    await world.api.engine.stages.keeping.retention.apply(OPERATOR)
    expect(await days()).toBe(0)
    clock.advance(-40 * 24 * HOUR_MS)
  })
})
