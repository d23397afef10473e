import { existsSync, readFileSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleHasher } from '../../scripts/hasher/bundle.ts'
import { HASHER_FILE } from '../../src/console/index.ts'
import { packageFile } from '../../src/core/index.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'
import { decodeLimits } from '../decode/limits.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'
import { hardPicture, type ToldPicture } from './told-pictures.ts'
import { openWire, piecesIn, type Wire } from './wire.ts'
import { PATIENCE_MS } from './patience.ts'

const CHROMIUM = '/usr/bin/chromium'
const isThere = existsSync(CHROMIUM)
if (!isThere) console.warn(`skipped: registering in a browser needs ${CHROMIUM} (Debian: chromium)`)

const HASHES = [
  { type: 'sha256', value: 'ab'.repeat(32) },
  { type: 'pdq', value: '0123456789abcdef'.repeat(4), quality: 90 },
] as const
const WORKER = "worker-src 'self'"

let world: ConsoleWorld

beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false })
})
afterAll(() => world.dispose())

const itemsOf = () => world.api.engine.stages.register.list({ limit: 100 })

describe('registering in the console, without script', () => {
  it('is offered to those who may propose, on the one page that may start a worker', async () => {
    const ann = await world.signIn('ANNA', 'analyst')
    const { html, headers } = await ann.get('/console/register')
    expect(headers.get('content-security-policy')).toContain(WORKER)
    expect(html).toContain('<a href="/console/register" aria-current="page">Register</a>')
    expect(html).toMatch(/<input id="own-files" type="file"/)
    expect(html).not.toMatch(/type="file"[^>]* name=/)
    expect(html).toMatch(/<form [^>]*hidden[^>]*data-hashes-files="files"/)
    for (const place of ['/console', '/console/verify', '/console/items', '/console/account']) {
      const page = await ann.get(place)
      expect(page.headers.get('content-security-policy')).not.toContain('worker-src')
      expect(page.html).not.toContain('register-')
    }
    const reader = await world.signIn('READER', 'auditor')
    expect((await reader.get('/console/register')).status).toBe(403)
    expect((await reader.get('/console')).html).not.toContain('/console/register')
  })

  it('proposes the hashes that the form holds, and says what became of each', async () => {
    const ann = await world.signIn('ANTON', 'analyst')
    await ann.get('/console/register?caseId=')
    const typed = {
      files: JSON.stringify([{ hashes: HASHES }, { hashes: HASHES, fileName: 'a<b>.jpg' }]),
      classification: 'National',
      'description.reference': 'H-2026-18',
      'description.selfGenerated': 'true',
      'description.ucs': 'A1',
    }
    const { html, status } = await ann.submit('items.proposeHashed', typed)
    expect([status, /role="alert".*?<\/div>/s.exec(html)?.[0]]).toEqual([200, undefined])
    expect(html).toContain('Proposed: 1. Not taken: 1.')
    expect(html).toContain('hashed in a browser')
    expect(html).toContain('the list own has this already')
    const item = (await itemsOf()).at(-1)
    expect(item?.entries).toMatchObject([
      {
        hasher: { name: 'pdq-browser' },
        classification: 'National',
        reference: 'H-2026-18',
        selfGenerated: true,
        ucs: ['A1'],
      },
    ])
    const shown = await ann.get(`/console/items/${item?.id ?? ''}`)
    expect(shown.html).toContain('a browser (pdq-browser): Hindra has not seen the picture')
  })

  it('keeps what was typed, the hashes too, where a form is refused', async () => {
    const ann = await world.signIn('AGNES', 'analyst')
    await ann.get('/console/register')
    const files = JSON.stringify([
      { hashes: HASHES.map((one) => ({ ...one, value: 'cd'.repeat(32) })) },
    ])
    const { html, status, headers } = await ann.submit('items.proposeHashed', {
      files,
      classification: 'Baseline',
      caseId: '00000000-0000-7000-8000-000000000000',
      'description.note': 'seen in a chat',
    })
    expect(status).toBe(404)
    expect(html).toContain('seen in a chat')
    expect(html).toContain('cd'.repeat(32))
    expect(headers.get('content-security-policy')).toContain(WORKER)
    for (const wrong of ['', 'no JSON', '[]', '[{"hashes":[]}]', '[{"hashes":"x","more":1}]']) {
      const { status: refused } = await ann.submit('items.proposeHashed', {
        files: wrong,
        classification: 'Baseline',
      })
      expect([wrong, refused]).toEqual([wrong, 400])
    }
  })

  it('shows the second person how a copy compares, and never what is held', async () => {
    const ann = await world.signIn('ALMA', 'analyst', 'verifier')
    const held = HASHES.map((one) => ({ ...one, value: one.value.replaceAll(/[0-9a-f]/g, 'e') }))
    await ann.get('/console/register')
    await ann.submit('items.proposeHashed', {
      files: JSON.stringify([{ hashes: held }]),
      classification: 'Baseline',
    })
    const id = (await itemsOf()).at(-1)?.id ?? ''
    const place = `/console/items/${id}/own-copy`
    const own = await ann.get(place)
    expect(own.html).toContain('Nothing of the item waits for you.')
    const mine = await ann.post(place, { hashes: JSON.stringify(held) })
    expect(mine.html).toContain('You proposed it. Another person verifies it.')
    expect(mine.html).not.toContain('action="/console/do/items.verify"')

    const vera = await world.signIn('VERA', 'verifier')
    expect((await vera.get(`/console/items/${id}`)).html).toContain(`href="${place}"`)
    expect((await vera.get(place)).headers.get('content-security-policy')).toContain(WORKER)
    const other = await vera.post(place, { hashes: JSON.stringify(HASHES) })
    expect(other.html).toContain('Your file is not what was proposed.')
    expect(other.html).not.toContain('action="/console/do/items.verify"')
    expect(other.html).not.toContain(held[0]?.value)
    expect(other.html).not.toContain(held[1]?.value)
    const wrong = await vera.post(place, { hashes: '{' })
    expect(wrong.status).toBe(400)
    const same = await vera.post(place, { hashes: JSON.stringify(held) })
    expect(same.html).toContain('is the proposed one, to the byte')
    const done = await vera.submit('items.verify', { acknowledgeFindings: 'true' })
    expect([done.status, done.url]).toEqual([200, `/console/items/${id}?done=1`])
    expect(done.html).toContain('by the hashes of their browser')
    const { entries } = await world.api.engine.stages.register.get(id)
    expect(entries).toMatchObject([{ verifiedWith: 'same-bytes', verifiedByHasher: 'pdq-browser' }])
  })
})

describe.runIf(isThere)('registering in the console, in a browser', () => {
  let browser: Browser
  let wire: Wire
  let pictures: readonly ToldPicture[]

  beforeAll(async () => {
    const built = existsSync(packageFile(HASHER_FILE)) ? readFileSync(packageFile(HASHER_FILE)) : ''
    if (!Buffer.from(await bundleHasher()).equals(Buffer.from(built))) {
      throw new Error('dist/src/console/hasher.js is not of these sources: npm run build')
    }
    wire = await openWire(world.api.url)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    const kinds = ['jpeg-orientation-6', 'png-16']
    pictures = await Promise.all(kinds.map((name, seed) => hardPicture(name, seed)))
  })
  afterAll(async () => {
    await browser.close()
    await wire.close()
  })

  async function signedIn(
    pseudonym: string,
    role: 'analyst' | 'verifier',
    lines = '',
  ): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
    const { cookies } = await world.signIn(pseudonym, role)
    const context = await browser.newContext({ locale: 'en-GB' })
    context.setDefaultTimeout(PATIENCE_MS)
    await context.addCookies(
      Array.from(cookies, ([name, value]) => ({ name, value, url: wire.url })),
    )
    await context.route('**/hasher-*.js', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${lines}\n${await response.text()}` })
    })
    const page = await context.newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => faults.push(message.text()))
    return { context, page, faults }
  }

  async function choose(page: Page, chosen: readonly ToldPicture[]): Promise<void> {
    const files = chosen.map(({ name, type, bytes }) => ({
      name: `holiday-${name}`,
      mimeType: type,
      buffer: Buffer.from(bytes),
    }))
    // It is hidden until the script listens.
    await page.locator('form[data-hashes-files]').waitFor()
    await page.locator('#own-files').setInputFiles(files)
    await page.getByText(/^Hashed: \d/).waitFor()
  }

  it('sends hashes alone, as they were shown, and another person verifies with their copy', async () => {
    const { context, page, faults } = await signedIn('BO', 'analyst')
    await page.goto(`${wire.url}/console/register`)
    const send = page.getByRole('button', { name: 'Propose them' })
    expect(await send.isDisabled()).toBe(true)
    wire.clear()
    await choose(page, pictures)
    const told = (await page.locator('[data-told]').textContent()) ?? ''
    await page.getByText('National').first().click()
    await page.getByLabel('Our reference').fill('H-2026-19')
    await send.click()
    await page.getByText('Proposed: 2. Not taken: 0.').waitFor()
    const sent = wire.sent()
    const posted = /[?&]?files=([^&\s]*)/.exec(sent)?.[1] ?? ''
    const decoded = decodeURIComponent(posted.replaceAll('+', ' '))
    expect(JSON.parse(decoded)).toEqual(JSON.parse(told))
    for (const { name, bytes } of pictures) {
      expect([name, piecesIn(sent, bytes)]).toEqual([name, []])
      expect(sent).not.toContain(`holiday-${name}`)
    }
    expect(faults).toEqual([])
    await context.close()

    const items = (await itemsOf()).slice(-2)
    for (const [at, { bytes }] of pictures.entries()) {
      const { sha256, sha1, md5, views } = await fingerprintMedia(bytes, decodeLimits())
      const { hashes } =
        (JSON.parse(told) as { hashes: { type: string; value: string }[] }[])[at] ?? {}
      const values = Object.fromEntries((hashes ?? []).map(({ type, value }) => [type, value]))
      expect(values).toEqual({ sha256, sha1, md5, pdq: views[0]?.pdq })
      expect(items[at]?.entries).toMatchObject([{ reference: 'H-2026-19', status: 'proposed' }])
    }
    await verifies(items[0]?.id ?? '')
  })

  async function verifies(id: string): Promise<void> {
    const { context, page, faults } = await signedIn('VIVI', 'verifier')
    await page.goto(`${wire.url}/console/items/${id}`)
    await page.getByRole('link', { name: 'Compare a copy of your own in this browser' }).click()
    wire.clear()
    await choose(page, pictures.slice(1, 2))
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByText('Your file is not what was proposed.').waitFor()
    await choose(page, pictures.slice(0, 1))
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByText('is the proposed one, to the byte').waitFor()
    await page.getByLabel('I have looked at what the checks found').check()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.waitForURL(/done=1/)
    for (const { name, bytes } of pictures) {
      expect([name, piecesIn(wire.sent(), bytes)]).toEqual([name, []])
    }
    expect(faults).toEqual([])
    await context.close()
    expect((await world.api.engine.stages.register.get(id)).entries).toMatchObject([
      { status: 'verified', verifiedWith: 'same-bytes', verifiedByHasher: 'pdq-browser' },
    ])
  }

  it('takes what is dropped, sends names where it is told to, and says of the rest what to do', async () => {
    const { context, page } = await signedIn('DISA', 'analyst')
    await page.goto(`${wire.url}/console/register`)
    await page.locator('form[data-hashes-files]').waitFor()
    const [png] = pictures.slice(1)
    const heic = Buffer.from('0000001866747970686569630000000068656963', 'hex')
    const film = Buffer.from('000000186674797069736f6d0000000069736f6d', 'hex')
    const dropped = [
      { name: 'one.png', bytes: Buffer.from(png?.bytes ?? []) },
      { name: 'telephone.heic', bytes: heic },
      { name: 'film.mp4', bytes: film },
      { name: 'words.png', bytes: Buffer.from('no picture') },
    ].map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }))
    await page.evaluate(`(() => {
      const carried = new DataTransfer()
      for (const { name, base64 } of ${JSON.stringify(dropped)}) {
        const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
        carried.items.add(new File([bytes], name))
      }
      document.querySelector('[data-drop]').dispatchEvent(
        new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: carried }),
      )
    })()`)
    await page.getByText('Hashed: 1/4').waitFor()
    const rows = await page.locator('[data-rows] tr').allTextContents()
    expect(rows[0]).toContain('hashed here: SHA-256, PDQ, SHA-1, MD5')
    for (const [at, words] of ['HEIC', 'A film', 'cannot read it'].entries()) {
      expect(rows[at + 1]).toContain(words)
      expect(rows[at + 1]).toContain('hindra register')
    }
    const told = page.locator('[data-told]')
    expect(await told.textContent()).not.toContain('one.png')
    await page.getByLabel('Send the names of the files too').check()
    expect(await told.textContent()).toContain('"fileName": "one.png"')
    expect(await told.textContent()).not.toContain('film.mp4')
    await context.close()
  })

  it('hashes nothing in a browser that changes pixels on reading, and says so', async () => {
    const noise = `const read = WebGL2RenderingContext.prototype.readPixels
      WebGL2RenderingContext.prototype.readPixels = function (...given) {
        read.apply(this, given)
        given[6][40] ^= 1
      }`
    const { context, page } = await signedIn('EBBA', 'analyst', noise)
    await page.goto(`${wire.url}/console/register`)
    await choose(page, pictures.slice(0, 1))
    expect(await page.locator('[data-rows]').textContent()).toContain(
      'changes pictures when a page reads them',
    )
    expect(await page.getByRole('button', { name: 'Propose them' }).isDisabled()).toBe(true)
    expect(await page.locator('input[name=files]').inputValue()).toBe('')
    await context.close()
  })
})
