import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOST } from '../cases/world.ts'
import { IS_LONG } from '../long.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { IS_WIDE, violationsOf } from './axe.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'

const CHROMIUM = '/usr/bin/chromium'
/** CSS pixels of a telephone, which is as narrow as a page gets. */
const NARROW = 390
const isThere = existsSync(CHROMIUM)
if (!isThere) console.warn(`skipped: the console in a browser needs ${CHROMIUM} (Debian: chromium)`)

interface Look {
  readonly language: 'en' | 'sv'
  readonly colorScheme: 'light' | 'dark'
  readonly width: number
}

/** Every page in each of them takes minutes: the first two show both languages, widths and grounds. */
const LOOKS: readonly Look[] = [
  { language: 'en', colorScheme: 'light', width: 1280 },
  { language: 'sv', colorScheme: 'dark', width: 390 },
  { language: 'en', colorScheme: 'dark', width: 390 },
  { language: 'sv', colorScheme: 'light', width: 1280 },
]

/** Whom one can press or type into, and of those what something else lies upon, or what is cut off. */
const HIDDEN_BY_OTHERS = `Array.from(document.querySelectorAll('a, button, input, select, textarea, summary'))
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.type !== 'hidden' && !one.closest('.scroll, .skip'))
  .filter((one) => {
    one.scrollIntoView({ block: 'center', behavior: 'instant' })
    const [{ left, top, width, height } = { width: 0 }] = one.getClientRects()
    if (width < 2) return false
    const there = document.elementFromPoint(left + width / 2, top + height / 2)
    return there === null || !(one.contains(there) || there.contains(one) || there.closest('label')?.contains(one))
  })
  .map((one) => one.outerHTML.slice(0, 120))`

describe.runIf(isThere)('the console in a browser', () => {
  let world: ConsoleWorld
  let browser: Browser
  let cookies: ReadonlyMap<string, string>
  let tipId: string
  let caseId: string
  let itemId: string
  let importId: string
  let host: Host
  /** Of a tip whose URL shows a picture. */
  let shownId: string
  /** Of a host that was told of the case, and what follows from that. */
  let places: readonly string[]

  async function toldPlaces(): Promise<readonly string[]> {
    const { store, cases, takedown, hosts } = world.api.engine.stages
    const host = { ...HOST, tracedAt: new Date().toISOString(), contactSource: 'rdap-ip' } as const
    await store.transact((tx) => cases.setHost(tx, 'hindra', caseId, host))
    await takedown.queueDue('hindra')
    const [notice] = await takedown.list({ caseId })
    const said = { caseId, objector: 'host', way: 'phone', words: 'It is not there.' } as const
    const objection = await store.transact((tx) => takedown.objections.add(tx, 'hindra', said))
    return [
      '/console/hosts',
      `/console/hosts/${hosts.idOf(HOST.name)}`,
      '/console/notices',
      `/console/notices/${notice?.id ?? ''}`,
      `/console/objections?caseId=${caseId}`,
      `/console/objections/${objection.id}`,
      `/console/dossiers?caseId=${caseId}`,
    ]
  }
  let personId: string

  beforeAll(async () => {
    const picture = await sceneJpeg(12, { width: 900, height: 600 })
    const board = `<html><title>A board</title><p>${'x'.repeat(900)}<a href=/${'y'.repeat(900)}>see</a>`
    host = await httpHost(({ url }, response) => {
      response.writeHead(200, { connection: 'close' }).end(url === '/board' ? board : picture)
    })
    world = await openConsole({
      'trace.registries': false,
      'looks.enabled': true,
      'fetch.allowNetworks': ['127.0.0.0/8'],
      'fetch.allowPorts': [443, host.port],
      'tipline.page': true,
      'tipline.leaveTo': 'https://leave.invalid/',
    })
    const { key } = await world.api.keyOf('intake')
    const submit = async (url: string, more: object = {}) => {
      const body = { source: 'public', url, ...more }
      return (await world.api.call('POST', '/v1/tips', { key, body })).body as { id: string }
    }
    const first = await submit('https://pictures.example/album/1.jpg')
    const origin = `http://127.0.0.1:${String(host.port)}`
    shownId = (await submit(`${origin}/shown.jpg`, { pageUrl: `${origin}/board` })).id
    tipId = (await submit('https://pictures.example/album/2.jpg', { inDangerNow: true })).id
    const ann = await world.signIn(
      'ANN',
      ...(['analyst', 'officer', 'verifier', 'exchange', 'auditor', 'admin'] as const),
    )
    personId = ann.id
    await ann.get(`/console/tips/${first.id}`)
    await ann.submit('assessments.assess', { classification: 'Baseline', reason: 'seen there' })
    caseId =
      (await world.api.engine.stages.cases.forUrl('https://pictures.example/album/1.jpg'))[0]?.id ??
      ''
    const calls = world.api.engine.as({
      id: ann.id,
      pseudonym: 'ANN',
      kind: 'person',
      roles: ['analyst', 'officer', 'exchange'],
    })
    await calls.lists.create({ name: 'partner', kind: 'partner' })
    const { id } = await calls.imports.begin({
      list: 'partner',
      format: 'csv',
      digest: 'a'.repeat(64),
    })
    const refused = {
      change: 'refused',
      line: 1,
      field: 'hashes.0',
      message: 'is no hash',
    } as const
    await calls.imports.takeLines({ id, from: 0, lines: [refused] })
    importId = id
    const hashes = [{ type: 'pdq', value: 'ac'.repeat(32) }] as const
    itemId = (await calls.items.propose({ hashes: [...hashes], classification: 'National' })).id
    places = await toldPlaces()
    cookies = ann.cookies
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
    await world.dispose()
    await host.close()
  })

  async function signedIn(
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<BrowserContext> {
    const context = await browser.newContext({ locale: 'sv-SE', ...options })
    const { url } = world.api
    await context.addCookies(Array.from(cookies, ([name, value]) => ({ name, value, url })))
    return context
  }

  /** As at 200%: half as wide, and as wide as before with letters twice as large (WCAG 2.2, 1.4.4 and 1.4.10). */
  async function checkZoomed(page: Page, place: string, width: number): Promise<void> {
    await page.setViewportSize({ width: width / 2, height: 450 })
    const zoomed = [await page.evaluate(IS_WIDE), await page.evaluate(HIDDEN_BY_OTHERS)]
    await page.setViewportSize({ width, height: 900 })
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    const enlarged = [await page.evaluate(IS_WIDE), await page.evaluate(HIDDEN_BY_OTHERS)]
    expect([place, zoomed, enlarged]).toEqual([place, [false, []], [false, []]])
  }

  it.each(LOOKS.slice(0, IS_LONG ? LOOKS.length : 2))(
    'has nothing that axe objects to, and nothing beside the screen ($language, $colorScheme, $width px)',
    async ({ language, colorScheme, width }) => {
      // Axe is put into the page, which no policy of ours lets anybody do.
      const context = await signedIn({
        viewport: { width, height: 900 },
        colorScheme,
        bypassCSP: true,
      })
      const { url } = world.api
      await context.addCookies([{ name: 'hindra-language', value: language, url }])
      const page = await context.newPage()
      const all = [
        ...places,
        '/console',
        '/console/cases',
        `/console/cases/${caseId}`,
        `/console/tips/${tipId}`,
        '/console/items',
        `/console/items/${itemId}`,
        '/console/verify',
        '/console/register',
        `/console/items/${itemId}/own-copy`,
        '/console/lists',
        '/console/lists/partner',
        '/console/imports',
        `/console/imports/${importId}`,
        '/console/sources',
        '/console/waiting',
        '/console/mails',
        '/console/contacts',
        '/console/files',
        '/console/iccam',
        '/console/find',
        '/console/statistics',
        '/console/reports',
        '/console/reports/ecpat',
        '/console/figures/tips',
        '/console/policy',
        '/console/policy?file=routes.yaml',
        '/console/policy/route',
        '/console/account',
        '/console/second',
        '/console/again',
        '/console/people',
        `/console/people/${personId}`,
        '/console/audit',
        '/console/system',
        '/console/sign-in',
        '/console/welcome',
        `/tip?language=${language}`,
        `/tip/receipt?language=${language}`,
      ]
      for (const place of all) {
        await page.goto(`${url}${place}`)
        expect([place, await violationsOf(page)]).toEqual([place, []])
        expect([place, await page.evaluate(IS_WIDE)]).toEqual([place, false])
        if (width > NARROW) await checkZoomed(page, place, width)
      }
      await context.close()
    },
    300_000,
  )

  it.each(LOOKS.slice(0, 2))(
    'shows a look, and what a page says, in tabs of their own, and leaves what is typed ($language, $width px)',
    async ({ language, colorScheme, width }) => {
      const { url } = world.api
      for (const bypassCSP of [false, true]) {
        const viewport = { width, height: 900 }
        const context = await signedIn({ viewport, colorScheme, bypassCSP })
        await context.addCookies([{ name: 'hindra-language', value: language, url }])
        const page = await context.newPage()
        await page.goto(`${url}/console/tips/${shownId}`)
        if (bypassCSP) expect(await violationsOf(page)).toEqual([])
        await page.locator('#assess-reason').fill('half a sentence')
        const opened = context.waitForEvent('page')
        await page.locator('form[action$="looks.take"] button').press('Enter')
        const tab = await opened
        const still = tab.locator('img.still')
        await still.waitFor()
        const size = 'document.querySelector("img.still").naturalWidth'
        expect(await tab.evaluate(size)).toBe(160)
        expect(await page.locator('#assess-reason').inputValue()).toBe('half a sentence')
        if (bypassCSP) {
          expect(await violationsOf(tab)).toEqual([])
          const isWide =
            'document.documentElement.scrollWidth > document.documentElement.clientWidth'
          expect(await tab.evaluate(isWide)).toBe(false)
        }
        const read = context.waitForEvent('page')
        await page.locator('form[action$="looks.text"] button').last().press('Enter')
        const text = await read
        await text.locator('#links').waitFor()
        if (bypassCSP) expect(await violationsOf(text)).toEqual([])
        expect(await text.evaluate(IS_WIDE)).toBe(false)
        await context.close()
      }
    },
  )

  it('is worked by keyboard alone, under the policy that every page carries', async () => {
    const context = await signedIn()
    const page = await context.newPage()
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    await page.goto(`${world.api.url}/console`)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/tips\//)
    await page.keyboard.press('t')
    await page.waitForURL(/done=1/)
    expect(await page.locator('.message').textContent()).toContain('Klart')
    await page.keyboard.press('?')
    const keys = page.getByRole('dialog')
    expect(await keys.isVisible()).toBe(true)
    await keys.getByRole('checkbox').uncheck()
    await page.keyboard.press('Escape')
    await page.keyboard.press('q')
    expect(page.url()).toContain('/console/tips/')
    expect(said).toEqual([])
    await context.close()
  })

  it('lets the public tell, works for it unseen, and asks nobody else for anything', async () => {
    const context = await browser.newContext({ locale: 'sv-SE' })
    const page = await context.newPage()
    const asked = new Set<string>()
    page.on('request', (request) => asked.add(new URL(request.url()).origin))
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    await page.goto(`${world.api.url}/tip`)
    await page.getByLabel('Länk').fill('https://pictures.example/told-in-a-browser')
    await page.getByRole('button', { name: 'Skicka' }).click()
    await page.getByRole('heading', { name: 'Tack' }).waitFor()
    const receipt = (await page.locator('.receipt').textContent()) ?? ''
    await page.getByRole('textbox').fill(receipt.trim().slice(-4))
    await page.getByRole('button', { name: 'Jag har skrivit upp koden' }).click()
    await page.getByText('Vi har fått ditt tips').waitFor()
    expect([...asked]).toEqual([new URL(world.api.url).origin])
    expect([faults, await context.cookies()]).toEqual([[], []])
    await context.close()
  })

  it('keeps the code of an invitation out of what the server sees', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`))
    await page.goto(`${world.api.url}/console/welcome#ABCDE-FGHJK`)
    expect(await page.locator('input[name=code]').inputValue()).toBe('ABCDE-FGHJK')
    expect(page.url()).not.toContain('ABCDE')
    expect(asked.join('\n')).not.toContain('ABCDE')
    await context.close()
  })

  it('tells by its tree alone what a decision is about, and what can be done', async () => {
    const context = await signedIn()
    const page = await context.newPage()
    await page.goto(`${world.api.url}/console/tips/${tipId}`)
    const tree = await page.locator('main').ariaSnapshot()
    expect(tree).toContain('heading "Tips" [level=1]')
    for (const words of [
      'hxxps://pictures[.]example/album/2.jpg',
      'Ett barn är i fara nu',
      'button "Spara bedömningen"',
      'button "Skriv av tipset"',
    ]) {
      expect(tree).toContain(words)
    }
    await context.close()
  })
})
