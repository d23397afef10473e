import { existsSync, readFileSync } from 'node:fs'
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
  type Request,
} from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { truncated } from '../../fixtures/index.ts'
import { bundleHasher } from '../../scripts/hasher/bundle.ts'
import { HASHER_FILE } from '../../src/console/index.ts'
import { hammingDistance, packageFile, parseHash256 } from '../../src/core/index.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'
import type { ClientHash } from '../../src/intake/index.ts'
import { decodeLimits } from '../decode/limits.ts'
import { type Api, startApi } from '../http/api.ts'
import { IS_LONG } from '../long.ts'
import { hardPicture, hundredPictures, type ToldPicture } from './told-pictures.ts'
import { openWire, piecesIn, type Wire } from './wire.ts'
import { PATIENCE_MS } from './patience.ts'

const CHROMIUM = '/usr/bin/chromium'
const isThere = existsSync(CHROMIUM)
if (!isThere) console.warn(`skipped: hashing in a browser needs ${CHROMIUM} (Debian: chromium)`)

/** Of each kind at which decoders differ, one. */
const TWELVE = [
  ...['jpeg-orientation-6', 'jpeg-orientation-7', 'png-orientation-6', 'webp-orientation-8'],
  ...['jpeg-p3', 'png-alpha', 'webp-alpha', 'webp-lossless-alpha'],
  ...['png-16', 'png-palette', 'jpeg-progressive', 'jpeg-grey'],
]
const AT_ONCE = 20

interface HasherPatch {
  readonly lines: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Beside another browser, on two cores, Chromium twice did not come to its first picture, among many runs that did: each test begins in a browser of its own, and once more where that hangs. What is hashed wrongly is so each time.
 */
const RETRIES = 2

describe.runIf(isThere)('pictures that are hashed in a browser', { retry: RETRIES }, () => {
  let api: Api
  let browser: Browser
  let wire: Wire
  let twelve: readonly ToldPicture[]
  /** What each page asked the network for. */
  const asked = new WeakMap<Page, readonly Request[]>()

  beforeAll(async () => {
    const built = existsSync(packageFile(HASHER_FILE)) ? readFileSync(packageFile(HASHER_FILE)) : ''
    if (!Buffer.from(await bundleHasher()).equals(Buffer.from(built))) {
      throw new Error('dist/src/console/hasher.js is not of these sources: npm run build')
    }
    api = await startApi({ 'trace.registries': false, 'tipline.page': true, 'tipline.workBits': 8 })
    wire = await openWire(api.url)
    twelve = await Promise.all(TWELVE.map((name, seed) => hardPicture(name, seed)))
  })
  beforeEach(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterEach(() => browser.close())
  afterAll(async () => {
    await wire.close()
    await api.dispose()
  })

  /** The page for the public, with all that it asks the network for. */
  async function openTip(patch?: HasherPatch) {
    const context = await browser.newContext({ locale: 'sv-SE' })
    context.setDefaultTimeout(PATIENCE_MS)
    const requests: Request[] = []
    const faults: string[] = []
    context.on('request', (request) => requests.push(request))
    if (patch !== undefined) await patchHasher(context, patch)
    const page = await context.newPage()
    asked.set(page, requests)
    page.on('pageerror', (error) => faults.push(error.message))
    wire.clear()
    await page.goto(`${wire.url}/tip`)
    return { context, page, requests, faults }
  }

  /** What is put before our own lines in the worker, and over the headers that the server sends with it. */
  async function patchHasher(
    context: BrowserContext,
    { lines, headers }: HasherPatch,
  ): Promise<void> {
    await context.route('**/hasher-*.js', async (route) => {
      const response = await route.fetch()
      await route.fulfill({
        response,
        headers: { ...response.headers(), ...headers },
        body: `${lines}\n${await response.text()}`,
      })
    })
  }

  async function choose(page: Page, pictures: readonly ToldPicture[]): Promise<void> {
    await page.getByLabel('Välj bilder').setInputFiles(
      pictures.map(({ name, type, bytes }) => ({
        name,
        mimeType: type,
        buffer: Buffer.from(bytes),
      })),
    )
    const isHashed = await page
      .getByText(/Fingeravtryck som skickas med: \d/)
      .waitFor()
      .then(
        () => true,
        () => false,
      )
    if (isHashed) return
    const loaded = (asked.get(page) ?? []).map((request) => {
      const end = request.failure()?.errorText ?? `${request.timing().responseEnd} ms`
      return `${new URL(request.url()).pathname} ${end}`
    })
    throw new Error(`hashed nothing: ${page.workers().length} workers; ${loaded.join(', ')}`)
  }

  async function hashesIn(page: Page): Promise<readonly (readonly ClientHash[])[]> {
    const text = await page.locator('input[name=pictures]').inputValue()
    return text === '' ? [] : (JSON.parse(text) as (readonly ClientHash[])[])
  }

  /** Bits by which each differs from what the server makes of the file. */
  async function bitsOff(page: Page, pictures: readonly ToldPicture[]) {
    await choose(page, pictures)
    const hashes = await hashesIn(page)
    expect(await page.locator('fieldset li').allTextContents()).toHaveLength(4)
    return Promise.all(
      pictures.map(async ({ name, bytes }, at) => {
        const { views, sha256 } = await fingerprintMedia(bytes, decodeLimits())
        const [digest, pdq] = hashes[at] ?? []
        expect([name, digest?.value]).toEqual([name, sha256])
        const [whole] = views
        const bits = hammingDistance(parseHash256(whole?.pdq ?? ''), parseHash256(pdq?.value ?? ''))
        return { name, bits, quality: (pdq?.quality ?? 0) - (whole?.quality ?? 0) }
      }),
    )
  }

  it('have the hashes that the server makes of them, to the bit', {
    timeout: 900_000,
  }, async () => {
    const pictures = IS_LONG ? await hundredPictures() : twelve
    const { context, page, faults } = await openTip()
    const kinds = pictures.filter(({ name }) => !/cmyk|avif/.test(name))
    for (let from = 0; from < kinds.length; from += AT_ONCE) {
      const some = kinds.slice(from, from + AT_ONCE)
      const same = some.map(({ name }) => ({ name, bits: 0, quality: 0 }))
      expect(await bitsOff(page, some)).toEqual(same)
    }
    expect(faults).toEqual([])
    await context.close()
  })

  it('stay where they are: hashes leave, and no byte of a file', async () => {
    const { context, page, requests, faults } = await openTip()
    expect(requests.filter((request) => request.url().includes('hasher-'))).toEqual([])
    // What a file is called says something too.
    await choose(
      page,
      twelve.map((picture) => ({ ...picture, name: `summer-${picture.name}` })),
    )
    const hashes = await hashesIn(page)
    await page.getByRole('button', { name: 'Skicka' }).click()
    await page.getByRole('heading', { name: 'Tack' }).waitFor()

    const { origin } = new URL(wire.url)
    expect(new Set(requests.map((request) => new URL(request.url()).origin))).toEqual(
      new Set([origin]),
    )
    const posts = requests.filter((request) => request.method() !== 'GET')
    expect(posts.map((request) => new URL(request.url()).pathname)).toEqual(['/tip'])
    const sent = wire.sent()
    expect(sent).toContain(hashes[0]?.[0]?.value ?? 'nothing')
    for (const { name, bytes } of twelve) {
      expect([name, piecesIn(sent, bytes)]).toEqual([name, []])
      expect(sent).not.toContain(`summer-${name}`)
    }
    expect(faults).toEqual([])
    await context.close()

    const [tip] = (await api.engine.stages.tips.list({ limit: 100 })).slice(-1)
    const [request] = await api.engine.stages.tipline.list({})
    expect(request).toMatchObject({ tipId: tip?.id, state: 'asked', pictures: TWELVE.length })
  })

  it('are refused in plain words where a browser cannot read them as the server does', async () => {
    const [jpeg, png, gif, webp] = await Promise.all([
      hardPicture('jpeg-progressive'),
      hardPicture('png-16'),
      hardPicture('gif'),
      hardPicture('webp-p3'),
    ])
    const heic = Buffer.from('0000001866747970686569630000000068656963', 'hex')
    const { context, page } = await openTip()
    await choose(page, [
      { ...jpeg, name: 'half.jpg', bytes: truncated(jpeg.bytes, 0.5) },
      { ...png, name: 'half.png', bytes: truncated(png.bytes, 0.5) },
      { ...gif, name: 'half.gif', bytes: truncated(gif.bytes, 0.5) },
      { ...webp, name: 'half.webp', bytes: truncated(webp.bytes, 0.5) },
      { name: 'telephone.heic', type: 'image/heic', bytes: heic },
      await hardPicture('jpeg-cmyk'),
      await hardPicture('avif'),
      { ...png, name: 'words.png', bytes: Buffer.from('no picture at all') },
    ])
    expect(await hashesIn(page)).toEqual([])
    const said = (await page.locator('[data-hasher] li').allTextContents()).join('\n')
    for (const name of ['jpg', 'png', 'gif', 'webp'].map((one) => `half.${one}`)) {
      expect(said).toContain(`${name}: Webbläsaren kan inte läsa den bilden.`)
    }
    expect(said).toContain('telephone.heic: Webbläsaren kan inte läsa den bilden: telefonen')
    expect(said).toContain('words.png: Webbläsaren kan inte läsa den bilden.')
    for (const name of ['jpeg-cmyk', 'avif']) {
      expect(said).toContain(`${name}: Den sortens bild läser webbläsare olika`)
    }
    await context.close()
  })

  it('are not hashed by a browser that changes pixels on reading, which is told', async () => {
    const noise = `const read = WebGL2RenderingContext.prototype.readPixels
      WebGL2RenderingContext.prototype.readPixels = function (...given) {
        read.apply(this, given)
        given[6][40] ^= 1
      }`
    const { context, page } = await openTip({ lines: noise })
    await choose(page, twelve.slice(0, 1))
    expect(await hashesIn(page)).toEqual([])
    expect(await page.locator('[data-hasher] li').textContent()).toContain(
      'Din webbläsare ändrar bilder när en sida läser dem',
    )
    await context.close()
  })

  it('are given up where the browser falls silent over one, so that the form goes without them', async () => {
    const silence = 'crypto.subtle.digest = () => new Promise(() => undefined)'
    const { context, page } = await openTip({ lines: silence })
    await page.clock.install()
    const chosen = choose(page, twelve.slice(0, 2))
    await page.getByText('Gör fingeravtryck').waitFor()
    await page.clock.fastForward('01:01')
    await chosen
    expect(await hashesIn(page)).toEqual([])
    const said = await page.locator('[data-hasher] li').allTextContents()
    expect(said).toHaveLength(2)
    for (const line of said) expect(line).toContain('Din webbläsare kan inte göra fingeravtryck')
    await context.close()
  })

  it('could not leave by the worker, whatever ran in it: its policy lets it ask nobody', async () => {
    const lines =
      "addEventListener('message', ({ data }) => fetch('/tip', { method: 'POST', body: data.file }))"
    const [picture] = twelve
    const piecesSent = async (patch: HasherPatch) => {
      const { context, page } = await openTip(patch)
      await choose(page, twelve.slice(0, 1))
      expect(await hashesIn(page)).toHaveLength(1)
      await context.close()
      return piecesIn(wire.sent(), picture?.bytes ?? Buffer.alloc(0))
    }
    expect(await piecesSent({ lines })).toEqual([])
    // Without the policy it goes, and the search finds it.
    const headers = { 'content-security-policy': "default-src 'self'" }
    expect((await piecesSent({ lines, headers })).length).toBeGreaterThan(100)
  })

  it('are told without script what to do instead, and no field asks for a file', async () => {
    const context = await browser.newContext({ locale: 'sv-SE', javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${api.url}/tip`)
    expect(await page.getByText('För fingeravtryck behövs JavaScript').isVisible()).toBe(true)
    expect(await page.locator('input[type=file]').isVisible()).toBe(false)
    expect(await page.locator('input[type=file]').getAttribute('name')).toBeNull()
    await context.close()
  })
})
