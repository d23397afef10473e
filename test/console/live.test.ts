import { existsSync } from 'node:fs'
import { type Browser as Chromium, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog, type Server, startServer } from '../../src/http/index.ts'
import { freePort } from '../../fixtures/servers/free-port.ts'
import { type Browser, type ConsoleWorld, openConsole } from './browser.ts'
import { PATIENCE_MS } from './patience.ts'

const CHROMIUM = '/usr/bin/chromium'
const isThere = existsSync(CHROMIUM)
if (!isThere) console.warn(`skipped: live pages need ${CHROMIUM} (Debian: chromium)`)

describe.runIf(isThere)('a page that is open', () => {
  let world: ConsoleWorld
  let browser: Chromium
  let again: Server | undefined
  let ann: Browser
  let bea: Browser & { readonly id: string }
  let tipId: string

  beforeAll(async () => {
    world = await openConsole({ 'trace.registries': false, 'server.port': await freePort() })
    ann = await world.signIn('ANN', 'analyst')
    bea = await world.signIn('BEA', 'analyst')
    tipId = await tip('https://pictures.example/live/1.jpg')
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
    await again?.close()
    await world.dispose()
  })

  async function tip(url: string): Promise<string> {
    const { key } = await world.api.keyOf('intake')
    const body = { source: 'public', url }
    return ((await world.api.call('POST', '/v1/tips', { key, body })).body as { id: string }).id
  }

  async function open(by: Browser, path: string): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB' })
    context.setDefaultTimeout(PATIENCE_MS)
    const { url } = world.api
    await context.addCookies(Array.from(by.cookies, ([name, value]) => ({ name, value, url })))
    const page = await context.newPage()
    await page.goto(`${url}${path}`)
    return page
  }

  it('shows what came, and who took it, though nobody loads it again', async () => {
    const page = await open(ann, '/console')
    await page.getByRole('link', { name: /live\/1/ }).focus()
    await tip('https://pictures.example/live/2.jpg')
    await page.getByText('live/2.jpg').waitFor()
    const focused = await page.evaluate('document.activeElement.textContent')
    expect(focused).toContain('live/1.jpg')
    await bea.get(`/console/tips/${tipId}`)
    await bea.submit('tipAssignments.take', {})
    await page.getByRole('cell', { name: 'BEA' }).waitFor()
    await page.context().close()
  })

  it('leaves what somebody is writing alone, and tells beside it who has taken the tip', async () => {
    const other = await tip('https://pictures.example/live/3.jpg')
    const page = await open(ann, `/console/tips/${other}`)
    const reason = page.locator('#assess-reason')
    await reason.fill('seen there, and')
    await bea.get(`/console/tips/${other}`)
    await bea.submit('tipAssignments.take', {})
    await page.getByText('BEA works on it').waitFor()
    expect(await reason.inputValue()).toBe('seen there, and')
    await page.context().close()
  })

  it('says that the connection is lost, and is right again when the server is back', async () => {
    const page = await open(ann, '/console')
    const { server, engine, socket } = world.api
    await server.close()
    await page.getByText('No connection').waitFor()
    again = await startServer({ engine, socket: `${socket}2`, log: createLog('silent') })
    await tip('https://pictures.example/live/4.jpg')
    await page.getByText('live/4.jpg').waitFor()
    expect(await page.getByText('No connection').count()).toBe(0)
    await page.context().close()
  })

  it('prolongs no session by itself, and says when that has ended', async () => {
    const page = await open(bea, '/console')
    const { sessions } = world.api.engine.stages
    await page.getByText('live/4.jpg').waitFor()
    const [open1] = await sessions.list('BEA')
    const headers = { 'hindra-live': '1', cookie: cookieOf(bea) }
    for (const place of ['/console', `/console/tips/${tipId}`]) {
      expect((await fetch(`${world.api.url}${place}`, { headers })).status).toBe(200)
    }
    expect(await sessions.list('BEA')).toEqual([open1])
    await bea.post('/console/sign-out', {})
    await page.getByText('Your session has ended').waitFor({ timeout: 60_000 })
    await page.context().close()
  }, 90_000)

  it('tells nobody who has not signed in, and of nothing that there is not', async () => {
    const live = (query: string, cookie = '') =>
      fetch(`${world.api.url}/console/live${query}`, {
        headers: { accept: 'text/event-stream', cookie },
        redirect: 'manual',
      })
    expect((await live('?of=tips')).status).toBe(401)
    expect((await live('?of=secrets', cookieOf(ann))).status).toBe(400)
    expect((await live('', cookieOf(ann))).status).toBe(400)
  })
})

function cookieOf(browser: Browser): string {
  return Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join('; ')
}
