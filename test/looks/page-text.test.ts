import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/core/index.ts'
import type { ShownPage } from '../../src/looks/terms.ts'
import { type LookingHouse, openLookingHouse } from '../console/looking-house.ts'
import { storedText } from '../stored-text.ts'

const WORDS = 'Swap with us, ask for the blue room'
const PAGE = `<!doctype html><title>The board</title>
  <link rel=stylesheet href=/style.css><link rel=preload as=image href=/pre.jpg><script src=/a.js></script>
  <p>${WORDS}</p><img src=/one.jpg srcset="/two.jpg 2x"><video src=/film.mp4 poster=/poster.jpg></video>
  <iframe src=/within></iframe><a href=/next>more</a><meta http-equiv=refresh content="0;url=/forward">`

let house: LookingHouse
let world: LookingHouse['world']
let key: string

beforeAll(async () => {
  house = await openLookingHouse()
  ;({ world } = house)
})
afterAll(() => house.dispose())
beforeEach(async () => {
  house.clock.advance(2 * HOUR_MS)
  key = (await world.api.keyOf('analyst')).key
})

interface Answer {
  readonly status: number
  readonly body: Partial<ShownPage> & { readonly code?: string; readonly field?: string }
}

async function read(id: string, more: object = {}, by = key): Promise<Answer> {
  const body = { of: 'tip', id, ...more }
  // The test asks for what the API describes.
  return (await world.api.call('POST', '/v1/looks/text', { key: by, body })) as Answer
}

/** Every record of the store, by the part of it that it is in. */
async function stored(): Promise<ReadonlyMap<string, string>> {
  return world.api.engine.stages.store.transact(async (tx) => {
    const records = new Map<string, string>()
    for await (const { key: at, value } of tx.range({ prefix: [] })) {
      records.set(JSON.stringify(at), Buffer.from(value).toString('base64'))
    }
    return records
  })
}

describe('what a page says', () => {
  it('is read by an act in the audit: text and links, and nothing else of it is fetched', async () => {
    const { id, path, url } = await house.tipOf(PAGE)
    const before = house.asked.length
    const { status, body } = await read(id)
    expect(status).toBe(200)
    expect(body).toMatchObject({ of: 'tip', id, at: 'url', finalUrl: url, fault: null })
    expect(body.page).toMatchObject({ title: 'The board', text: `${WORDS}\nmore`, isWhole: true })
    expect(body.page?.links.map(({ kind, url: to }) => [kind, new URL(to).pathname])).toEqual([
      ['frame', '/within'],
      ['link', '/next'],
      ['forward', '/forward'],
    ])
    expect(house.asked.slice(before)).toEqual([path])
    expect(await house.entriesOf(id)).toEqual([
      { action: 'look.text', detail: { of: 'tip', at: 'url' } },
    ])
  })

  it('is kept nowhere: not in the store, not on the disk, not in the log', async () => {
    const { id } = await house.tipOf(PAGE)
    // What is written once for whoever asks first is none of it.
    await read((await house.tipOf(PAGE)).id)
    const before = await stored()
    await read(id)
    const changed = Array.from(await stored()).flatMap(([at, value]) =>
      before.get(at) === value ? [] : [String((JSON.parse(at) as unknown[])[0])],
    )
    expect([...new Set(changed)].filter((part) => !part.startsWith('audit'))).toEqual(['look-day'])
    const kept = storedText(world.api.engine.config.data) + house.logged.join('\n')
    expect(kept).toContain('/v1/looks/text')
    for (const words of [WORDS, 'The board', 'blue room', '/next']) {
      expect(kept).not.toContain(words)
    }
  })

  it('is answered to be kept by nobody on the way', async () => {
    const { id } = await house.tipOf(PAGE)
    const body = { of: 'tip', id }
    const { headers } = await world.api.call('POST', '/v1/looks/text', { key, body })
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('is of the page on which it was seen, where that is asked for', async () => {
    const { url: pageUrl } = await house.tipOf(PAGE)
    const { url } = await house.tipOf(house.picture)
    const { key: intake } = await world.api.keyOf('intake')
    const tip = { source: 'public', url: `${url}?1`, pageUrl }
    const made = await world.api.call('POST', '/v1/tips', { key: intake, body: tip })
    const { id } = made.body as { id: string }
    expect((await read(id, { at: 'pageUrl' })).body.page?.title).toBe('The board')
    const { id: other } = await house.tipOf(PAGE)
    const refused = await read(other, { at: 'pageUrl' })
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { code: 'INVALID_INPUT', field: 'at' },
    ])
    expect(await house.entriesOf(other)).toEqual([])
  })

  it('is of a case, too, while it is worked on', async () => {
    const { id, url } = await house.tipOf(PAGE)
    const judged = { classification: 'Baseline', reason: 'the page itself', pageItself: true }
    const assessed = { url, tipId: id, ...judged }
    const made = await world.api.call('POST', '/v1/assessments', { key, body: assessed })
    expect(made.status).toBe(201)
    const [entry] = await world.api.engine.stages.cases.forUrl(url)
    const caseId = entry?.id ?? ''
    expect((await read(caseId, { of: 'case' })).body.page?.title).toBe('The board')
    // The tip is settled, and is no door any more.
    expect((await read(id)).body.code).toBe('CONFLICT')
    const close = { key, body: { reason: 'tried' } }
    expect((await world.api.call('POST', `/v1/cases/${caseId}/close`, close)).status).toBe(200)
    expect((await read(caseId, { of: 'case' })).body.code).toBe('CASE_STATE')
  })
})

describe('where there is nothing to read', () => {
  it.each([
    ['a picture', () => house.picture, {}, 'no-page'],
    ['a picture that its host calls a page', () => house.picture, { headers: html() }, 'no-page'],
    ['text', () => 'just words', { headers: { 'content-type': 'text/plain' } }, 'no-page'],
    ['nothing', () => '', {}, 'no-page'],
    ['what is gone', () => PAGE, { status: 410 }, 'status'],
    ['what is not found', () => PAGE, { status: 404 }, 'status'],
    [
      'what leads inside',
      () => '',
      { status: 302, headers: { location: 'http://10.0.0.1/' } },
      'address',
    ],
    [
      'what leads to the machine itself, by another port',
      () => '',
      { status: 302, headers: { location: 'http://127.0.0.1:22/' } },
      'address',
    ],
    [
      'what leads to where clouds keep their keys',
      () => '',
      { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data/' } },
      'address',
    ],
  ])('%s says so, and the audit does', async (_what, body, answer, fault) => {
    const { id } = await house.tipOf(body(), answer)
    const { status, body: answered } = await read(id)
    expect([status, answered]).toMatchObject([200, { fault, page: null, finalUrl: null }])
    expect(answered.status).toBe(fault === 'status' && 'status' in answer ? answer.status : null)
    expect(await house.entriesOf(id)).toContainEqual({
      action: 'look.nothing',
      detail: { of: 'tip', at: 'url', why: fault },
    })
  })

  it.each(['http://192.168.0.1/', 'http://router.internal/', 'http://[::1]/'])(
    '%s is not fetched from',
    async (url) => {
      expect((await read(await house.tipAt(url))).body.fault).toBe('address')
    },
  )

  function html() {
    return { 'content-type': 'text/html' }
  }
})

describe('a hostile page', () => {
  it('is read in the thread for pages, a hundred thousand elements deep', async () => {
    const { id } = await house.tipOf(`<html>${'<div>'.repeat(100_000)}deep down`)
    expect((await read(id)).body.page?.text).toBe('deep down')
  })

  it('is cut to what the house set, and says what was left out', async () => {
    const links = Array.from({ length: 30 }, (_, at) => `<a href=/${String(at)}>x</a>`).join('')
    const own = await house.openWorld({
      'fetch.pageTextMax': 10,
      'fetch.pageLinksMax': 3,
      'fetch.pageBytesMax': 1_000,
    })
    const { id } = await house.tipOf(`<html><p>${'y'.repeat(50)}<p>${links}${' '.repeat(1_000)}`, {
      from: own,
    })
    const body = { of: 'tip', id }
    const { key: by } = await own.api.keyOf('analyst')
    const answer = (await own.api.call('POST', '/v1/looks/text', { key: by, body })) as Answer
    expect(answer.body.page).toMatchObject({
      text: 'y'.repeat(10),
      textLeftOut: 71,
      linksLeftOut: 27,
      isWhole: false,
    })
    expect(answer.body.page?.links).toHaveLength(3)
    await own.dispose()
  })

  it('is read in the encoding that its host says', async () => {
    const headers = { 'content-type': 'text/html; charset=windows-1252' }
    const bytes = Buffer.from('<html><p>\x93Sm\xe5 bilder\x94 \x80 5', 'latin1')
    const { id } = await house.tipOf(bytes, { headers })
    expect((await read(id)).body.page?.text).toBe('“Små bilder” € 5')
  })
})

describe('who reads it', () => {
  it('works with tips or cases, and is a person', async () => {
    const { id, path } = await house.tipOf(PAGE)
    for (const role of ['intake', 'officer', 'auditor', 'admin', 'crawler'] as const) {
      const { key: other } = await world.api.keyOf(role)
      const refused = await read(id, {}, other)
      expect([role, refused.status, refused.body.code]).toEqual([role, 403, 'FORBIDDEN'])
    }
    const as = world.api.engine.as(OPERATOR)
    const machine = await as.people.add({
      name: 'Rack',
      pseudonym: 'RACK',
      kind: 'machine',
      roles: ['analyst'],
    })
    const { secret } = await as.keys.create({ personId: machine.id, label: 'rack' })
    expect((await read(id, {}, secret)).body.code).toBe('FORBIDDEN')
    expect(house.asked).not.toContain(path)
    expect(await house.entriesOf(id)).toEqual([])
  })

  it('names a record, and no URL', async () => {
    const { id, url } = await house.tipOf(PAGE)
    expect((await read(id, { url })).body.code).toBe('INVALID_INPUT')
    expect((await read(url)).body.code).toBe('INVALID_INPUT')
    expect((await read(`${id.slice(0, -1)}x`)).body.code).toBe('NOT_FOUND')
    expect((await read('none', { of: 'page' })).body).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'of',
    })
  })

  it('is whoever works on it: what a colleague has taken is not read', async () => {
    const { id, path } = await house.tipOf(PAGE)
    const { key: other } = await world.api.keyOf('analyst')
    await world.api.call('POST', `/v1/tips/${id}/take`, { key, body: {} })
    const refused = await read(id, {}, other)
    expect([refused.status, refused.body.code]).toEqual([409, 'ASSIGNED'])
    expect(house.asked).not.toContain(path)
    expect((await read(id)).body.page?.title).toBe('The board')
  })

  it('may be two at once, where nobody has taken it, each in the audit', async () => {
    const { id } = await house.tipOf(PAGE)
    const { key: other } = await world.api.keyOf('analyst')
    const answers = await Promise.all([key, other].map((one) => read(id, {}, one)))
    expect(answers.map(({ body }) => body.page?.title)).toEqual(['The board', 'The board'])
    expect(await house.entriesOf(id)).toHaveLength(2)
  })
})

describe('the day of a person', () => {
  it('counts the time, no picture, and has its break', async () => {
    const { id } = await house.tipOf(PAGE)
    const first = await read(id)
    expect(first.body.today).toMatchObject({ looks: 0, minutes: 1, bar: null })
    for (let minute = 0; minute < 48; minute += 8) {
      expect((await read(id)).status).toBe(200)
      house.clock.advance(8 * MINUTE_MS)
    }
    await read(id)
    house.clock.advance(4 * MINUTE_MS)
    const asking = house.asked.length
    const due = await read(id)
    expect([due.status, due.body.code]).toEqual([429, 'LOOK_LIMIT'])
    expect(house.asked).toHaveLength(asking)
    house.clock.advance(10 * MINUTE_MS)
    expect((await read(id)).status).toBe(200)
  })

  it('is that of a house that shows no pictures, too', async () => {
    const off = await house.openWorld({ 'looks.enabled': false })
    const { id } = await house.tipOf(PAGE, { from: off })
    const { key: by } = await off.api.keyOf('analyst')
    const ask = async () =>
      (await off.api.call('POST', '/v1/looks/text', { key: by, body: { of: 'tip', id } })) as Answer
    expect((await ask()).body.page?.title).toBe('The board')
    for (let minute = 0; minute < 48; minute += 8) {
      house.clock.advance(8 * MINUTE_MS)
      await ask()
    }
    house.clock.advance(4 * MINUTE_MS)
    expect((await ask()).body.code).toBe('LOOK_LIMIT')
    await off.dispose()
  })
})
