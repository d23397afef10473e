import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { MINUTE_MS } from '../../src/core/index.ts'
import { freePort } from '../../fixtures/servers/free-port.ts'
import { Authenticator } from '../sessions/authenticator.ts'
import { IS_WIDE, violationsOf } from './axe.ts'
import { type Browser as Visitor, type ConsoleWorld, openBrowser, openConsole } from './browser.ts'
import { PATIENCE_MS } from './patience.ts'

const CHROMIUM = '/usr/bin/chromium'
const isThere = existsSync(CHROMIUM)
if (!isThere) console.warn(`skipped: passkeys in a browser need ${CHROMIUM} (Debian: chromium)`)
/** The second factor was shown longer ago than that. */
const STALE_MS = 11 * MINUTE_MS

let world: ConsoleWorld
let origin: string

beforeAll(async () => {
  const port = await freePort()
  origin = `http://localhost:${port}`
  world = await openConsole({ 'server.port': port, 'sessions.url': origin })
})
afterAll(() => world.dispose())
afterEach(() => {
  vi.restoreAllMocks()
})

/** The server's clock goes on; sessions stay open. */
function later(ms: number): void {
  const now = Date.now.bind(Date)
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ms)
}

/** What a script asks for, by the token of the page that was shown last. */
async function asked(visitor: Visitor, path: string): Promise<object> {
  return JSON.parse((await visitor.post(path, {})).html) as object
}

async function addTo(visitor: Visitor, name: string): Promise<Authenticator> {
  const key = new Authenticator(origin)
  await visitor.get('/console/account')
  const page = await visitor.post('/console/account/passkey', {})
  const token = /name="_token" value="([^"]*)"/.exec(page.html)?.[1] ?? ''
  const registration = key.create(await asked(visitor, '/console/account/passkey/challenge'))
  const sent = { _token: token, name, registration }
  const { url } = await visitor.post('/console/account/passkey/add', sent)
  expect(url).toBe('/console/account?done=1')
  return key
}

describe('the console by passkeys', () => {
  it('lists those of a person, signs in by one, and ends that with the removal', async () => {
    const ann = await world.signIn('ANN', 'analyst')
    const key = await addTo(ann, '<b>blue</b> key')
    const { html } = await ann.get('/console/account')
    expect(html).toContain('&lt;b&gt;blue&lt;/b&gt; key')
    const other = openBrowser(world.api.url)
    const door = await other.get('/console/sign-in?next=/console/cases')
    expect(door.html).toContain('data-passkey="get"')
    const shown = key.get(await asked(other, '/console/sign-in/challenge'))
    const elsewhere = await openBrowser(world.api.url).post('/console/sign-in/passkey', {
      _passkey: shown,
      next: '/console/cases',
    })
    expect([elsewhere.status, elsewhere.html.includes('role="alert"')]).toEqual([401, true])
    const opened = await other.post('/console/sign-in/passkey', {
      _passkey: shown,
      next: '/console/cases',
    })
    expect([opened.url, opened.status]).toEqual(['/console/cases', 200])
    await ann.get('/console/account')
    expect((await ann.submit('sessions.removePasskey', {})).url).toContain('done=1')
    const last = openBrowser(world.api.url)
    const again = key.get(await asked(last, '/console/sign-in/challenge'))
    const refused = await last.post('/console/sign-in/passkey', { _passkey: again })
    expect(refused.status).toBe(401)
    expect(refused.html).toContain('That passkey does not open this')
    expect(last.cookies.has('hindra-session')).toBe(false)
  })

  it('asks for the second factor before one is added, and takes no form of another site', async () => {
    const bo = await world.signIn('BO', 'analyst')
    later(STALE_MS)
    await bo.get('/console/account')
    const proof = await bo.post('/console/account/passkey', {})
    expect(proof.status).toBe(403)
    expect(proof.html).toContain('name="_code"')
    // They have none: there is none to show.
    expect(proof.html).not.toContain('data-passkey="get"')
    expect((await bo.post('/console/account/passkey/challenge', {})).status).toBe(403)
    const wrong = await bo.post('/console/account/passkey', { _code: '000000' })
    expect([wrong.status, wrong.html.includes('role="alert"')]).toEqual([403, true])
    await bo.get('/console/account')
    for (const path of ['', '/challenge', '/add']) {
      const sent = { _token: 'x', name: 'x', registration: '{}' }
      expect((await bo.post(`/console/account/passkey${path}`, sent)).status).toBe(403)
    }
    const foreign = await fetch(`${world.api.url}/console/sign-in/passkey`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ _passkey: '{}' }),
    })
    expect(foreign.status).toBe(403)
  })

  it('has none, and offers none, where no address of the console is set', async () => {
    const without = await openConsole()
    try {
      const cy = await without.signIn('CY', 'analyst')
      expect((await cy.get('/console/account')).html).not.toContain('passkey"')
      const stranger = openBrowser(without.api.url)
      expect((await stranger.get('/console/sign-in')).html).not.toContain('data-passkey')
      expect((await stranger.post('/console/sign-in/challenge', {})).status).toBe(404)
      expect((await stranger.post('/console/sign-in/passkey', {})).status).toBe(404)
    } finally {
      await without.dispose()
    }
  })
})

describe.runIf(isThere)('passkeys in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

  /** A page of somebody who has signed in, on a computer whose authenticator verifies whoever sits there. */
  async function pageOf(
    pseudonym: string,
    options: Parameters<Browser['newContext']>[0] & { readonly language: 'en' | 'sv' },
  ): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
    const { language, ...others } = options
    const { cookies } = await world.signIn(pseudonym, 'analyst')
    const context = await browser.newContext(others)
    context.setDefaultTimeout(PATIENCE_MS)
    const all = [...cookies, ['hindra-language', language] as const]
    await context.addCookies(all.map(([name, value]) => ({ name, value, url: origin })))
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('WebAuthn.enable')
    await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    return { context, page }
  }

  it('are added, sign in, and are shown again for what binds, under the policy of every page', async () => {
    const { context, page } = await pageOf('DAN', { language: 'en' })
    const said: string[] = []
    // Advice about the form of the password is none of ours here.
    page.on('console', (message) => {
      if (!message.text().startsWith('[DOM]')) said.push(message.text())
    })
    page.on('pageerror', (error) => said.push(error.message))
    await page.goto(`${origin}/console/account`)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByLabel('What you call it').fill('this laptop')
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.waitForURL(/account\?done=1/)
    expect(await page.getByRole('row', { name: 'this laptop' }).count()).toBe(1)
    await page.locator('form[action="/console/sign-out"] button').click()
    await page.waitForURL(/sign-in/)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.waitForURL(`${origin}/console`)
    expect(said).toEqual([])

    later(STALE_MS)
    await page.goto(`${origin}/console/account`)
    await page.getByRole('button', { name: 'Remove it' }).click()
    await page.getByRole('heading', { name: 'Once more' }).waitFor()
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.waitForURL(/done=1/)
    expect(await page.getByRole('row', { name: 'this laptop' }).count()).toBe(0)
    await page.locator('form[action="/console/sign-out"] button').click()
    await page.waitForURL(/sign-in/)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('That passkey does not open this').waitFor()
    await context.close()
  })

  it('leave the password as it was, without script and without an authenticator', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false, locale: 'en' })
    const page = await plain.newPage()
    await page.goto(`${origin}/console/sign-in`)
    expect(await page.getByRole('button').allTextContents()).toEqual(['Sign in'])
    await plain.close()
    // A browser that has no passkey of this console says so, and the other way stays.
    const { context, page: other } = await pageOf('EVE', { language: 'en' })
    await context.clearCookies({ name: 'hindra-session' })
    await other.goto(`${origin}/console/sign-in`)
    await other.getByRole('button', { name: 'Use a passkey' }).click()
    await other.getByText('No passkey was shown').waitFor({ timeout: 50_000 })
    await context.close()
  })

  it.each([
    { language: 'en', colorScheme: 'light', width: 1280 },
    { language: 'sv', colorScheme: 'dark', width: 390 },
  ] as const)(
    'have nothing that axe objects to ($language, $colorScheme, $width px)',
    async ({ language, colorScheme, width }) => {
      const { context, page } = await pageOf(`F-${language}`, {
        language,
        colorScheme,
        viewport: { width, height: 900 },
        bypassCSP: true,
      })
      const isFine = async (place: string) => {
        expect([place, await violationsOf(page)]).toEqual([place, []])
        expect([place, await page.evaluate(IS_WIDE)]).toEqual([place, false])
      }
      await page.goto(`${origin}/console/account`)
      await page.locator('form[action="/console/account/passkey"] button').click()
      await page.locator('form[data-passkey="create"]').waitFor()
      await isFine('add')
      await page.locator('input[name=name]').fill('den här datorn')
      await page.locator('form[data-passkey="create"] button').click()
      await page.waitForURL(/done=1/)
      await isFine('account')
      later(STALE_MS)
      await page.locator('form[action="/console/do/sessions.removePasskey"] button').click()
      await page.locator('input[name=_code]').waitFor()
      await isFine('prove')
      await page.goto(`${origin}/console/sign-in`)
      await isFine('sign-in')
      await context.close()
    },
  )
})
