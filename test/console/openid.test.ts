import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { MINUTE_MS } from '../../src/core/index.ts'
import { freePort } from '../../fixtures/servers/free-port.ts'
import { CLIENT, type OpenidProvider, startProvider } from '../sessions/openid-provider.ts'
import { IS_WIDE, violationsOf } from './axe.ts'
import { type ConsoleWorld, openBrowser, openConsole } from './browser.ts'
import { PATIENCE_MS } from './patience.ts'

const CHROMIUM = '/usr/bin/chromium'
const isThere = existsSync(CHROMIUM)
if (!isThere) console.warn(`skipped: a provider in a browser needs ${CHROMIUM} (Debian: chromium)`)
const MFA = { amr: ['pwd', 'mfa'] } as const

let provider: OpenidProvider
let world: ConsoleWorld
let origin: string

beforeAll(async () => {
  const port = await freePort()
  // Another site than the provider's: what a browser sends along from there is part of it.
  origin = `http://localhost:${port}`
  provider = await startProvider(`${origin}/console/openid/callback`)
  world = await openConsole({
    'server.port': port,
    'sessions.url': origin,
    'openid.issuer': provider.issuer,
    'openid.clientId': CLIENT.id,
    'openid.clientSecret': CLIENT.secret,
    'openid.amr': ['mfa'],
    'openid.label': 'the County',
  })
})
afterAll(async () => {
  await world.dispose()
  await provider.close()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('the console by a provider', () => {
  it('tells a stranger nothing but that it did not work, and keeps the password way', async () => {
    const stranger = openBrowser(world.api.url)
    for (const query of ['', 'state=x', 'state=sign-in.a.b&code=c', 'state=prove.a.b&code=c']) {
      const { status, html, url } = await stranger.post('/console/openid/finish', { query })
      if (query.includes('prove')) expect(url).toBe('/console/sign-in')
      else expect([status, html.includes('role="alert"')]).toEqual([401, true])
      expect(html).toContain('name="password"')
    }
    const hostile = '"><script>alert(1)</script>'
    const back = await stranger.get(`/console/openid/callback?code=${encodeURIComponent(hostile)}`)
    expect(back.html).not.toContain('<script>')
    const without = await fetch(`${world.api.url}/console/openid/finish`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ query: 'state=x' }),
    })
    expect(without.status).toBe(403)
  })

  it('has an admin link and unlink somebody on their page', async () => {
    const ada = await world.signIn('ADA', 'admin')
    const bo = await world.signIn('BO', 'analyst')
    const page = `/console/people/${bo.id}`
    await ada.get(page)
    const linked = await ada.submit('sessions.linkOpenid', { subject: 'sub-BO' })
    expect(linked.url).toContain('done=1')
    expect((await ada.get(page)).html).toContain('linked')
    await ada.submit('sessions.unlinkOpenid', {})
    expect((await ada.get(page)).html).not.toContain('>linked<')
    expect((await bo.get('/console')).url).toContain('/console/sign-in')
  })
})

describe.runIf(isThere)('a provider in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

  async function link(pseudonym: string): Promise<void> {
    const as = world.api.engine.as(OPERATOR)
    await as.people.add({ name: pseudonym, pseudonym, kind: 'person', roles: ['admin'] })
    await as.sessions.linkOpenid({ person: pseudonym, subject: `sub-${pseudonym}` })
    provider.comer = { subject: `sub-${pseudonym}`, ...MFA }
  }

  it('signs in and is asked again for what binds, though no cookie comes along from its site', async () => {
    await link('DAN')
    const context = await browser.newContext({ locale: 'en' })
    context.setDefaultTimeout(PATIENCE_MS)
    const page = await context.newPage()
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    await page.goto(`${origin}/console/people`)
    await page.getByRole('link', { name: 'Sign in by the County' }).click()
    await page.waitForURL(`${origin}/console/people`)
    expect(said).toEqual([])

    const now = Date.now.bind(Date)
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 11 * MINUTE_MS)
    await page.getByRole('main').getByRole('link', { name: 'DAN' }).click()
    await page.getByRole('button', { name: 'Make an invitation' }).click()
    const goOn = page.getByRole('button', { name: 'I have shown it: go on' })
    // Whoever says so and has not is asked again, with the form that waits.
    await goOn.click()
    await page.getByRole('heading', { name: 'Once more, your second factor' }).waitFor()
    const tab = context.waitForEvent('page')
    await page.getByRole('link', { name: 'Show it to the County instead (in a new tab)' }).click()
    await (await tab).getByRole('heading', { name: 'Shown' }).waitFor()
    await goOn.click()
    // Shown just now: the act is done, and nothing was typed twice.
    await page
      .getByText(/(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}/)
      .first()
      .waitFor()
    await context.close()
  })

  it('tells who is not linked, or could not reach it, and needs no script', async () => {
    provider.comer = { subject: 'somebody else', ...MFA }
    const context = await browser.newContext({ locale: 'sv', javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${origin}/console/sign-in`)
    await page.getByRole('link', { name: 'Logga in med the County' }).click()
    await page.getByRole('button', { name: 'Vidare' }).click()
    await page.getByText('Ingen här är kopplad till det kontot').waitFor()
    await context.close()
  })

  it.each([
    { locale: 'en', colorScheme: 'light', width: 1280 },
    { locale: 'sv', colorScheme: 'dark', width: 390 },
  ] as const)(
    'has nothing that axe objects to ($locale, $colorScheme, $width px)',
    async (look) => {
      const { locale, colorScheme, width } = look
      const viewport = { width, height: 900 }
      const context = await browser.newContext({ locale, colorScheme, viewport, bypassCSP: true })
      const page = await context.newPage()
      for (const place of ['sign-in', 'openid/callback?code=x']) {
        if (place.startsWith('openid'))
          await page.route('**/openid/finish', (route) => route.fulfill({ status: 204 }))
        // The form of the second one is sent before all has been loaded.
        await page.goto(`${origin}/console/${place}`, { waitUntil: 'commit' })
        await page.getByRole('button').first().waitFor()
        expect([place, await violationsOf(page)]).toEqual([place, []])
        expect([place, await page.evaluate(IS_WIDE)]).toEqual([place, false])
      }
      await context.close()
    },
  )
})
