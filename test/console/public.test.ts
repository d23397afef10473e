import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal } from '../../src/access/index.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'
import { createLog } from '../../src/http/index.ts'
import type { LocalCalls } from '../../src/operations/index.ts'
import { decodeLimits } from '../decode/limits.ts'
import { type Api, startApi } from '../http/api.ts'
import { solved } from '../tipline/house.ts'
import { type Browser, openBrowser } from './browser.ts'

const SETTINGS = { 'trace.registries': false, 'tipline.page': true, 'tipline.workBits': 8 }
const AUDITOR: Principal = { id: 'aud', pseudonym: 'aud', kind: 'person', roles: ['auditor'] }
const person = (id: string, ...roles: Principal['roles']): Principal => ({
  id,
  pseudonym: id,
  kind: 'person',
  roles,
})
const FORM = 'application/x-www-form-urlencoded'
const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'

let api: Api
let browser: Browser
let ann: LocalCalls
let bob: LocalCalls
beforeAll(async () => {
  api = await startApi(SETTINGS)
  ann = api.engine.as(person('ann', 'analyst'))
  bob = api.engine.as(person('bob', 'verifier'))
  browser = openBrowser(api.url)
})
afterAll(() => api.dispose())

/** What a form carries, solved as its script does. */
function workIn(html: string): { readonly token: string; readonly nonce: string } {
  const token = /name="token" value="([^"]+)"/.exec(html)?.[1] ?? ''
  const bits = Number(/data-work="(\d+)"/.exec(html)?.[1])
  return solved({ token, bits })
}

async function tell(fields: Readonly<Record<string, string>>) {
  const { html } = await browser.get('/tip?language=sv')
  return browser.post('/tip', { language: 'sv', ...workIn(html), ...fields })
}

/** A page without what is drawn for each sender alone. */
const bare = (html: string) =>
  html.replaceAll(/\d{4} \d{4} \d{4} \d{4}|(?<=name="token" value=")[^"]+/g, '')
const receiptIn = (html: string) => /<code>([\d ]{19})<\/code>/.exec(html)?.[1] ?? ''

describe('the page for the public', () => {
  it('is not there unless the house wants it', async () => {
    const closed = await startApi()
    try {
      expect((await fetch(`${closed.url}/tip`)).status).toBe(404)
    } finally {
      await closed.dispose()
    }
  })

  it('takes a tip without account, cookie or script, and is read again by its receipt', async () => {
    const given = await tell({ url: 'https://pictures.example/7.jpg', words: 'I saw it there' })
    expect(given.status).toBe(201)
    const receipt = receiptIn(given.html)
    expect(receipt).toMatch(/^\d{4} \d{4} \d{4} \d{4}$/)
    const wrong = await browser.post('/tip/keep', { language: 'sv', receipt, end: '0000x' })
    expect([wrong.status, receiptIn(wrong.html)]).toEqual([400, receipt])
    const kept = await browser.post('/tip/keep', {
      language: 'sv',
      receipt,
      end: receipt.slice(-4),
    })
    expect(kept.html).toContain('Vi har fått ditt tips')
    const [tip] = await api.engine.stages.tips.list({ limit: 10 })
    expect(tip).toMatchObject({ url: 'https://pictures.example/7.jpg', note: 'I saw it there' })
    const { key } = await api.keyOf('analyst')
    await api.call('POST', `/v1/tips/${tip?.id ?? ''}/answer`, {
      key,
      body: { text: 'Tack. Vi läser.' },
    })
    const wrote = await browser.post('/tip/message', {
      language: 'sv',
      receipt,
      text: 'More of it',
    })
    expect(wrote.html).toContain('Vi har fått det du skrev')
    const shown = await browser.post('/tip/receipt', { language: 'sv', receipt })
    expect(shown.html).toContain('More of it')
    expect(shown.html).toContain('Tack. Vi läser.')
    expect(browser.cookies.size).toBe(0)
  })

  it('keeps what was typed where it cannot be sent, and says why in plain words', async () => {
    const refused = await tell({ words: 'a thing without a link or a category' })
    expect(refused.status).toBe(400)
    expect(refused.html).toContain('a thing without a link or a category')
    expect(refused.html).toContain('role="alert"')
    expect((await browser.post('/tip/receipt', { receipt: '1234 1234 1234 1234' })).status).toBe(
      404,
    )
  })

  it('takes no form twice, none without work, none that another site sends', async () => {
    const { html } = await browser.get('/tip')
    const fields = { ...workIn(html), url: 'https://pictures.example/8.jpg' }
    expect((await browser.post('/tip', fields)).status).toBe(201)
    expect((await browser.post('/tip', fields)).status).toBe(403)
    expect((await browser.post('/tip', { url: 'https://pictures.example/9.jpg' })).status).toBe(403)
    const answer = await fetch(`${api.url}/tip`, {
      method: 'POST',
      headers: {
        origin: 'https://evil.example',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'url=https://pictures.example/9.jpg',
    })
    expect(answer.status).toBe(403)
  })

  it('shows what is written as text, here and in the console', async () => {
    const refused = await tell({ words: HOSTILE, category: HOSTILE })
    expect(refused.html).toContain('&lt;script&gt;')
    expect(refused.html).not.toContain('<script>alert')
    const given = await tell({ words: HOSTILE, url: 'https://pictures.example/hostile' })
    const receipt = receiptIn(given.html)
    await browser.post('/tip/message', { receipt, text: HOSTILE })
    const shown = await browser.post('/tip/receipt', { receipt })
    expect(shown.html).not.toContain('<script>alert')
    expect(shown.html).toContain('&lt;script&gt;')
  })

  it('takes hashes of pictures of the sender, which a person must accept, and no others', async () => {
    const pictures = JSON.stringify([
      [{ type: 'pdq', value: 'a5'.repeat(32), quality: 90, hasher: 'pdq-browser' }],
    ])
    const broken = await tell({ pictures: '[[{' })
    expect([broken.status, broken.html.includes('Välj bilderna en gång till')]).toEqual([400, true])
    const foreign = await tell({
      pictures: JSON.stringify([[{ type: 'md4', value: HOSTILE }]]),
    })
    expect([foreign.status, foreign.html.includes('Välj bilderna en gång till')]).toEqual([
      400,
      true,
    ])
    expect(foreign.html).not.toContain('<script>alert')
    // Neither words nor a tick are needed: the form says above the field whose pictures they are.
    const given = await tell({ pictures })
    expect(given.status).toBe(201)
    const [request] = (await api.engine.stages.tipline.list({ limit: 100 })).slice(-1)
    expect(request).toMatchObject({ state: 'asked', pictures: 1, entered: 0 })
    expect(await ann.ownRequests.accept({ id: request?.tipId ?? '' })).toMatchObject({ entered: 1 })
    const items = await ann.items.list({ list: 'own-requests' })
    expect(items.flatMap(({ entries }) => entries.map(({ hasher }) => hasher))).toEqual([
      { name: 'pdq-browser', version: '1' },
    ])
  })

  it("tells who asks with a picture of the register, and with somebody else's, the same to the letter", async () => {
    const [known, portrait] = [await sceneJpeg(61), await sceneJpeg(62)]
    const media = Buffer.from(known).toString('base64')
    const { id } = await ann.items.propose({ media, classification: 'Baseline' })
    await bob.items.verify({ id })
    const asked: { readonly receipt: string; readonly tipId: string; readonly given: string }[] = []
    for (const picture of [known, portrait]) {
      const { sha256, views } = await fingerprintMedia(picture, decodeLimits())
      const pictures = [
        [
          { type: 'sha256', value: sha256, hasher: 'pdq-browser' },
          { type: 'pdq', value: views[0]?.pdq, quality: 100, hasher: 'pdq-browser' },
        ],
      ]
      const { html } = await tell({ pictures: JSON.stringify(pictures) })
      const [request] = (await api.engine.stages.tipline.list({ limit: 100 })).slice(-1)
      asked.push({ receipt: receiptIn(html), tipId: request?.tipId ?? '', given: bare(html) })
    }
    const [first, second] = asked
    expect(first?.given).toBe(second?.given)
    const seen = async () => {
      const pages = []
      for (const { receipt } of asked) {
        pages.push(bare((await browser.post('/tip/receipt', { language: 'sv', receipt })).html))
      }
      expect(pages[0]).toBe(pages[1])
      return pages[0]
    }
    const waiting = await seen()
    for (const { tipId } of asked) await ann.ownRequests.accept({ id: tipId })
    const accepted = await seen()
    expect(accepted).not.toBe(waiting)
    for (const { receipt } of asked) {
      await browser.post('/tip/withdraw', { language: 'sv', receipt })
    }
    expect(await seen()).not.toBe(accepted)
    expect((await ann.items.show({ id })).status).toBe('verified')
  })

  it('stands in the frames of the sites that are named, and of no other', async () => {
    const own = await fetch(`${api.url}/tip`)
    expect(own.headers.get('x-frame-options')).toBe('DENY')
    const origin = 'https://hotline.example'
    const framed = await startApi({ ...SETTINGS, 'tipline.frameOrigins': [origin] })
    try {
      const { headers } = await fetch(`${framed.url}/tip`)
      expect(headers.get('content-security-policy')).toContain(`frame-ancestors ${origin};`)
      expect(headers.get('x-frame-options')).toBeNull()
      const door = await fetch(`${framed.url}/console/sign-in`)
      expect(door.headers.get('x-frame-options')).toBe('DENY')
    } finally {
      await framed.dispose()
    }
  })

  it.each([
    ['a picture', 400, 'image/jpeg', () => sceneJpeg(63)],
    ['no kind of form', 400, 'application/json', () => Promise.resolve(Buffer.from('{"a":'))],
    ['too large a form', 413, FORM, () => Promise.resolve(Buffer.alloc(4_000_000, 'a'))],
    ['too many fields', 400, FORM, () => Promise.resolve(Buffer.from('a=1&'.repeat(5_000)))],
  ])('refuses %s as the fault of who sends it (%i)', async (_what, status, type, bodyOf) => {
    const { length } = await api.engine.stages.tipline.list({ limit: 1_000 })
    for (const place of ['/tip', '/tip/receipt', '/tip/withdraw']) {
      const body = new Uint8Array(await bodyOf())
      const headers = { 'content-type': type, 'sec-fetch-site': 'same-origin' }
      const answer = await fetch(`${api.url}${place}`, { method: 'POST', headers, body })
      expect([place, answer.status]).toEqual([place, status])
      expect(answer.headers.get('content-type')).toContain('text/html')
      expect(await answer.text()).toContain('role="alert"')
    }
    expect(await api.engine.stages.tipline.list({ limit: 1_000 })).toHaveLength(length)
  })

  it('leaves nothing of whoever writes in the log or the audit', async () => {
    const lines: string[] = []
    const quiet = createLog('silent')
    const note = (line: object) => lines.push(JSON.stringify(line))
    const log = { ...quiet, debug: note, info: note, warn: note, error: note }
    const logged = await startApi(SETTINGS, { log: log as unknown as typeof quiet })
    try {
      const visitor = openBrowser(logged.url)
      const { html } = await visitor.get('/tip')
      await visitor.post('/tip', { ...workIn(html), url: 'https://pictures.example/secret-path' })
      const audit = JSON.stringify(await logged.engine.as(AUDITOR).audit.list({ limit: 1000 }))
      expect(lines.length).toBeGreaterThan(1)
      for (const said of [lines.join('\n'), audit]) {
        expect(said).not.toMatch(/secret-path|127\.0\.0\.1|::1|::ffff/)
      }
    } finally {
      await logged.dispose()
    }
  })
})
