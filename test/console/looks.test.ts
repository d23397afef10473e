import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { filmMp4, pngBomb, sceneJpeg, truncated } from '../../fixtures/index.ts'
import { OPERATOR } from '../../src/access/index.ts'
import { HOUR_MS, ManualClock, MINUTE_MS } from '../../src/core/index.ts'
import { createLog } from '../../src/http/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { storedText } from '../stored-text.ts'
import { type Browser, type ConsoleWorld, openConsole, type ShownPage } from './browser.ts'

/** Noon in Stockholm on a day of work. */
const NOON_MS = Date.UTC(2026, 10, 2, 11)

let host: Host
let world: ConsoleWorld
let clock: ManualClock
let picture: Buffer
const shown = new Map<string, { readonly status?: number; readonly body: Uint8Array | string }>()
const asked: string[] = []
const logged: string[] = []
const log = createLog('debug', { write: (line: string) => void logged.push(line) })
let told = 0
let people = 0

async function openWorld(settings: Readonly<Record<string, unknown>> = {}): Promise<ConsoleWorld> {
  return openConsole(
    {
      'trace.registries': false,
      'fetch.allowNetworks': ['127.0.0.0/8'],
      'fetch.allowPorts': [host.port],
      'decode.pixelsMax': 4_000_000,
      'looks.enabled': true,
      ...settings,
    },
    { clock, log },
  )
}

beforeAll(async () => {
  host = await httpHost((request, response) => {
    asked.push(request.url ?? '')
    const { status = 200, body } = shown.get(request.url ?? '') ?? { status: 404, body: 'no' }
    response.writeHead(status, { connection: 'close' }).end(body)
  })
  clock = new ManualClock(NOON_MS)
  picture = await sceneJpeg(7, { width: 900, height: 600 })
  world = await openWorld()
})
afterAll(async () => {
  await world.dispose()
  await host.close()
})
beforeEach(() => {
  clock.advance(2 * HOUR_MS)
})

async function tipOf(
  body: Uint8Array | string,
  { status = 200, from = world }: { readonly status?: number; readonly from?: ConsoleWorld } = {},
): Promise<{ readonly id: string; readonly path: string; readonly url: string }> {
  told += 1
  const path = `/file-${String(told)}.jpg`
  shown.set(path, { status, body })
  const url = `http://127.0.0.1:${String(host.port)}${path}`
  return { id: await tipAt(url, from), path, url }
}

async function tipAt(url: string, from = world): Promise<string> {
  const { key } = await from.api.keyOf('intake')
  const { body } = await from.api.call('POST', '/v1/tips', { key, body: { source: 'public', url } })
  return (body as { id: string }).id
}

async function analyst(from = world) {
  people += 1
  return from.signIn(`LOOKER-${String(people)}`, 'analyst')
}

/** The pictures of a page, as bytes. */
function stillsOf({ html }: ShownPage): readonly Buffer[] {
  return Array.from(html.matchAll(/src="data:image\/png;base64,([^"]+)"/g), ([, text = '']) =>
    Buffer.from(text, 'base64'),
  )
}

async function stillOf(page: ShownPage) {
  const stills = stillsOf(page)
  expect(stills).toHaveLength(1)
  return sharp(stills[0]).metadata()
}

async function entriesOf(subject: string): Promise<readonly { action: string; detail: unknown }[]> {
  const entries = await world.api.engine.stages.audit.search({ subject, limit: 100 })
  return entries.rows
    .filter(({ action }) => action.startsWith('look.'))
    .map(({ action, detail }) => ({ action, detail }))
}

describe('a look', () => {
  it('shows nothing on the page of the tip, and a small grey still by an act of its own', async () => {
    const ann = await analyst()
    const { id, path } = await tipOf(picture)
    const before = await ann.get(`/console/tips/${id}`)
    expect(before.html).not.toMatch(/<img|data:image/)
    expect(asked).not.toContain(path)
    const page = await ann.submit('looks.take', {})
    expect(page.status).toBe(200)
    const still = await stillOf(page)
    expect(still).toMatchObject({ format: 'png', width: 160, height: 107, channels: 1 })
    expect(still.exif ?? still.icc ?? still.xmp).toBeUndefined()
    expect(page.html).toContain('Nothing says whether the sender saw the same')
    expect(await entriesOf(id)).toEqual([
      { action: 'look.take', detail: { of: 'tip', way: 'small-grey' } },
    ])
  })

  it('is kept by nobody: not by the browser, not on the disk', async () => {
    const ann = await analyst()
    const { id } = await tipOf(picture)
    await ann.get(`/console/tips/${id}`)
    const page = await ann.submit('looks.take', {})
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('content-security-policy')).toContain("img-src 'self' data:;")
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const other = await ann.get(`/console/tips/${id}`)
    expect(other.headers.get('content-security-policy')).toContain("img-src 'self';")
    const [still = Buffer.alloc(0)] = stillsOf(page)
    const kept = storedText(world.api.engine.config.data) + logged.join('\n')
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
    const ann = await analyst()
    const { id } = await tipOf(picture)
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
    const ways = (await entriesOf(id)).map(({ detail }) => (detail as { way: string }).way)
    expect(ways.toSorted()).toEqual(['large-colour', 'large-grey', 'small-grey', 'small-grey'])
    clock.advance(11 * MINUTE_MS)
    await ann.get(`/console/tips/${id}`)
    expect((await ann.submit('looks.take', { way: 'large-grey' })).status).toBe(409)
  })

  it('of a film is a few frames side by side', async () => {
    const ann = await analyst()
    const { id } = await tipOf(await filmMp4(3, { seconds: 4, width: 320, height: 240 }))
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
    const ann = await analyst()
    const { id } = await tipOf(body, { status })
    await ann.get(`/console/tips/${id}`)
    const page = await ann.submit('looks.take', {})
    expect(page.status).toBe(200)
    expect(page.html).toContain(words)
    expect(page.html).not.toContain('<img')
    expect(page.html).toContain('0 of 100 pictures')
    const actions = (await entriesOf(id)).map(({ action }) => action)
    expect(actions.toSorted()).toEqual(['look.nothing', 'look.take'])
  })

  it('of a broken file shows nothing of it', async () => {
    const ann = await analyst()
    const { id } = await tipOf(truncated(picture, 0.5))
    await ann.get(`/console/tips/${id}`)
    expect((await ann.submit('looks.take', {})).html).toContain('The file is damaged')
  })

  it.each([
    ['an inner address', 'http://192.168.0.1:PORT/a.jpg'],
    ['an inner name', 'http://router.internal:PORT/a.jpg'],
    ['where clouds keep their keys', 'http://169.254.169.254:PORT/latest/meta-data'],
    ['another port', 'http://127.0.0.1:22/a.jpg'],
  ])('fetches nothing from %s', async (_what, place) => {
    const ann = await analyst()
    const id = await tipAt(place.replace('PORT', String(host.port)))
    await ann.get(`/console/tips/${id}`)
    const page = await ann.submit('looks.take', {})
    expect(page.html).toContain('where Hindra fetches nothing from')
  })

  it('is no redirect to an inner address either', async () => {
    const inner = await httpHost((_request, response) => {
      response.writeHead(302, { location: 'http://10.0.0.1/a.jpg' }).end()
    })
    const own = await openWorld({ 'fetch.allowPorts': [inner.port] })
    const ann = await analyst(own)
    const id = await tipAt(`http://127.0.0.1:${String(inner.port)}/a.jpg`, own)
    await ann.get(`/console/tips/${id}`)
    const page = await ann.submit('looks.take', {})
    expect(page.html).toContain('where Hindra fetches nothing from')
    await own.dispose()
    await inner.close()
  })

  it('says whether what is there now is what the case stands on', async () => {
    const ann = await analyst()
    const { id, path, url } = await tipOf(picture)
    await ann.get(`/console/tips/${id}`)
    await ann.submit('assessments.assess', { classification: 'Baseline', reason: 'seen there' })
    const [entry] = await world.api.engine.stages.cases.forUrl(url)
    const look = async () => {
      await ann.get(`/console/cases/${entry?.id ?? ''}`)
      return (await ann.submit('looks.take', {})).html
    }
    expect(await look()).toContain('is the very file')
    shown.set(path, { body: await sharp(picture).resize(500).jpeg({ quality: 60 }).toBuffer() })
    expect(await look()).toMatch(/is the same picture or film[^<]*differs in \d+ of 256 bits/)
    shown.set(path, { body: await sceneJpeg(99) })
    expect(await look()).toContain('is something else')
  })
})

describe('the day of a person', () => {
  const ownOf = async (browser: Browser) => (await browser.get('/console/account')).html

  it('counts their own looks and time, on their own page, and on nobody else’s', async () => {
    const ann = await analyst()
    const bea = await analyst()
    const { id } = await tipOf(picture)
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
    const ann = await analyst()
    const { id } = await tipOf(picture)
    await ann.get(`/console/tips/${id}`)
    await ann.submit('tipAssignments.take', {})
    for (let minute = 0; minute < 50; minute += 8) {
      await ann.get(`/console/tips/${id}`)
      expect((await ann.submit('looks.take', {})).status).toBe(200)
      clock.advance(8 * MINUTE_MS)
    }
    const asking = asked.length
    const due = await ann.get(`/console/tips/${id}`)
    expect(due.html).toContain('A break is due')
    expect(due.html).not.toContain('action="/console/do/looks.take"')
    const refused = await ann.post('/console/do/looks.take', { of: 'tip', id })
    expect([refused.status, asked.length]).toEqual([429, asking])
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
    const own = await openWorld({ 'policy.directory': policy })
    const ann = await analyst(own)
    const { id } = await tipOf(picture, { from: own })
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
    const own = await openWorld({ 'policy.directory': policy })
    const ann = await analyst(own)
    const { id } = await tipOf(picture, { from: own })
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
    const ann = await analyst()
    const { id } = await tipOf(picture)
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

describe('who looks', () => {
  it('is a person in a browser, who assesses or decides: no key, and nobody else', async () => {
    const { id } = await tipOf(picture)
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
    expect(await entriesOf(id)).toEqual([])
  })

  it('names a record, and no URL', async () => {
    const ann = await analyst()
    await ann.get('/console/account')
    const url = `http://127.0.0.1:${String(host.port)}/file-1.jpg`
    const asUrl = await ann.post('/console/do/looks.take', { of: 'tip', id: url })
    expect(asUrl.status).toBeGreaterThanOrEqual(400)
    await ann.get('/console/account')
    const beside = await ann.post('/console/do/looks.take', { of: 'tip', id: 'a', url })
    expect(beside.status).toBeGreaterThanOrEqual(400)
  })

  it('is whoever works on it: what a colleague has taken is not looked at', async () => {
    const { id } = await tipOf(picture)
    const ann = await analyst()
    const bea = await analyst()
    await ann.get(`/console/tips/${id}`)
    await ann.submit('tipAssignments.take', {})
    await bea.get(`/console/tips/${id}`)
    const refused = await bea.submit('looks.take', {})
    expect(refused.status).toBe(409)
    expect(stillsOf(refused)).toEqual([])
  })

  it('copies the URL by an act of its own: as text, with no link, in the audit', async () => {
    const ann = await analyst()
    const { id, url } = await tipOf(picture)
    const page = await ann.get(`/console/tips/${id}`)
    expect(page.html).not.toContain(`>${url}<`)
    const copied = await ann.submit('looks.url', {})
    expect(copied.html).toContain(`>${url}</code>`)
    expect(copied.html).not.toContain(`href="${url}`)
    expect(copied.headers.get('cache-control')).toBe('no-store')
    expect(await entriesOf(id)).toEqual([{ action: 'look.url', detail: { of: 'tip' } }])
  })
})

describe('where the house does not look', () => {
  it('nothing is fetched, and the URL can be copied all the same', async () => {
    const off = await openWorld({ 'looks.enabled': false })
    const ann = await analyst(off)
    const { id, path, url } = await tipOf(picture, { from: off })
    const page = await ann.get(`/console/tips/${id}`)
    expect(page.html).toContain('The safe look is switched off')
    expect(page.html).not.toContain('/console/do/looks.take')
    expect((await ann.submit('looks.url', {})).html).toContain(`>${url}</code>`)
    await ann.get(`/console/tips/${id}`)
    const refused = await ann.post('/console/do/looks.take', { of: 'tip', id })
    expect([refused.status, refused.html.includes('<img')]).toEqual([403, false])
    expect(asked).not.toContain(path)
    await off.dispose()
  })
})
