import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, startApi } from '../http/api.ts'
import { server } from '../simulation/iccam/certificates.ts'
import { PATIENCE_MS } from './patience.ts'

const CHROMIUM = '/usr/bin/chromium'
const isThere = existsSync(CHROMIUM)
if (!isThere) console.warn(`skipped: the page in a frame needs ${CHROMIUM} (Debian: chromium)`)

const [HOUSE, TIPS, LEFT] = [
  'https://hotline.example',
  'https://tips.hotline.example',
  'https://weather.example',
]
/** The page of the hotline's own site, as the manual shows it. */
const [, FRAME = ''] =
  /```html frame\.html\n([\s\S]*?)```/.exec(
    readFileSync(new URL('../../docs/tipline.md', import.meta.url), 'utf8'),
  ) ?? []

describe.runIf(isThere)("the page for the public within the hotline's own site", () => {
  let api: Api
  let browser: Browser
  const directory = mkdtempSync(join(tmpdir(), 'hindra-embedded-'))

  beforeAll(async () => {
    const file = (name: string, text: string): string => {
      writeFileSync(join(directory, name), text)
      return join(directory, name)
    }
    api = await startApi({
      'trace.registries': false,
      'server.tlsCertFile': file('cert.pem', server.cert),
      'server.tlsKeyFile': file('key.pem', server.key),
      'tipline.page': true,
      'tipline.workBits': 8,
      'tipline.frameOrigins': [HOUSE],
      'tipline.leaveTo': `${LEFT}/`,
    })
    const tips = `MAP ${new URL(TIPS).host} ${new URL(api.url).host}`
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      // The tip line of this test stands on loopback, which a browser shields from sites of the Internet.
      args: [
        '--no-sandbox',
        `--host-resolver-rules=${tips}`,
        '--disable-features=LocalNetworkAccessChecks',
      ],
    })
  })
  afterAll(async () => {
    await browser.close()
    await api.dispose()
    rmSync(directory, { recursive: true })
  })

  /** A page of that site; what it asks of the tip line goes to the real server. */
  async function opened(site: string) {
    const context = await browser.newContext({ locale: 'sv-SE', ignoreHTTPSErrors: true })
    context.setDefaultTimeout(PATIENCE_MS)
    const html = (body: string) => (route: Route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body })
    await context.route(`${site}/**`, html(`<!doctype html><title>Us</title>${FRAME}`))
    await context.route(`${LEFT}/**`, html('<!doctype html><title>Weather</title>'))
    const page = await context.newPage()
    await page.goto(`${site}/tipsa`)
    return { context, page, frame: page.frameLocator('iframe') }
  }

  it('takes a tip, and sets no cookie', async () => {
    const { context, frame } = await opened(HOUSE)
    await frame.locator('[name=words]').fill('En man i ett spel vill ha bilder')
    await frame.locator('[name=category]').selectOption('grooming')
    await frame.getByRole('button', { name: 'Skicka' }).click()
    await frame.getByText(/\d{4} \d{4} \d{4} \d{4}/).waitFor()
    expect(await context.cookies()).toEqual([])
    const [tip] = await api.engine.stages.tips.list({ limit: 2 })
    expect(tip?.words).toBe('En man i ett spel vill ha bilder')
    await context.close()
  })

  it('leaves with the whole window, and not within the frame', async () => {
    const { context, page, frame } = await opened(HOUSE)
    await frame.locator('[data-leave]').click()
    await page.waitForURL(`${LEFT}/`)
    expect(page.frames()).toHaveLength(1)
    await context.close()
  })

  it('is shown by no other site', async () => {
    const { context, frame } = await opened('https://thief.example')
    expect(await frame.locator('[name=words]').count()).toBe(0)
    await context.close()
  })
})
