import { existsSync, readFileSync } from 'node:fs'
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
  type Request,
} from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { truncated } from '../../fixtures/index.ts'
import { bundleHasher } from '../../scripts/hasher/bundle.ts'
import { HASHER, HASHER_FILE } from '../../src/console/index.ts'
import { hammingDistance, packageFile, parseHash256 } from '../../src/core/index.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'
import type { ClientHash } from '../../src/intake/index.ts'
import { decodeLimits } from '../decode/limits.ts'
import { type Api, startApi } from '../http/api.ts'
import { IS_LONG } from '../long.ts'
import { hardPicture, hundredPictures, type ToldPicture } from './told-pictures.ts'

const CHROMIUM = '/usr/bin/chromium'
const isThere = existsSync(CHROMIUM)
if (!isThere) console.warn(`skipped: hashing in a browser needs ${CHROMIUM} (Debian: chromium)`)

/** Of each kind at which decoders differ, one. */
const TWELVE = [
  ...['jpeg-orientation-6', 'jpeg-orientation-7', 'png-orientation-6', 'avif-orientation-6'],
  ...['jpeg-p3', 'png-alpha', 'webp-lossless-alpha', 'avif-alpha'],
  ...['png-16', 'avif', 'jpeg-progressive', 'jpeg-grey'],
]
const AT_ONCE = 20
/** Bytes of a file that are looked for in what is sent, at so many places. */
const WINDOW_BYTES = 12
const WINDOWS = 200

describe.runIf(isThere)('pictures that are hashed in a browser', () => {
  let api: Api
  let browser: Browser
  let twelve: readonly ToldPicture[]

  beforeAll(async () => {
    const built = existsSync(packageFile(HASHER_FILE)) ? readFileSync(packageFile(HASHER_FILE)) : ''
    if (!Buffer.from(await bundleHasher()).equals(Buffer.from(built))) {
      throw new Error('dist/src/console/hasher.js is not of these sources: npm run build')
    }
    api = await startApi({ 'trace.registries': false, 'tipline.page': true, 'tipline.workBits': 8 })
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    twelve = await Promise.all(TWELVE.map(hardPicture))
  })
  afterAll(async () => {
    await browser.close()
    await api.dispose()
  })

  /** The page for the public, with all that it asks the network for. */
  async function openTip(patch?: string) {
    const context = await browser.newContext({ locale: 'sv-SE' })
    const requests: Request[] = []
    const faults: string[] = []
    context.on('request', (request) => requests.push(request))
    if (patch !== undefined) await patchHasher(context, patch)
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    await page.goto(`${api.url}/tip`)
    return { context, page, requests, faults }
  }

  /** What stands before our own lines in the worker, which keeps the headers that the server sends with it. */
  async function patchHasher(context: BrowserContext, patch: string): Promise<void> {
    await context.route('**/hasher-*.js', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${patch}\n${await response.text()}` })
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
    await page.getByText(/Fingeravtryck som skickas med: \d/).waitFor()
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
    timeout: 300_000,
  }, async () => {
    const pictures = IS_LONG ? await hundredPictures() : twelve
    const { context, page, faults } = await openTip()
    const kinds = pictures.filter(({ name }) => !name.includes('cmyk'))
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
    await choose(page, twelve)
    const hashes = await hashesIn(page)
    await page.getByRole('button', { name: 'Skicka' }).click()
    await page.getByRole('heading', { name: 'Tack' }).waitFor()

    const { origin } = new URL(api.url)
    expect(new Set(requests.map((request) => new URL(request.url()).origin))).toEqual(
      new Set([origin]),
    )
    const posts = requests.filter((request) => request.method() !== 'GET')
    expect(posts.map((request) => new URL(request.url()).pathname)).toEqual(['/tip'])
    const sent = requests.map(sentBy)
    // The search finds what is there: a hash that was sent.
    expect(sent.join()).toContain(hashes[0]?.[0]?.value ?? 'nothing')
    for (const { name, bytes } of twelve) {
      expect([
        name,
        piecesOf(bytes).filter((piece) => sent.some((one) => one.includes(piece))),
      ]).toEqual([name, []])
      expect(sent.join()).not.toContain(name)
    }
    expect(sent.join().length).toBeLessThan(16_384)
    expect(faults).toEqual([])
    await context.close()

    const [tip] = (await api.engine.stages.tips.list({ limit: 100 })).slice(-1)
    const [request] = await api.engine.stages.tipline.list({})
    expect(request).toMatchObject({ tipId: tip?.id, state: 'asked', pictures: TWELVE.length })
  })

  it('are refused in plain words where a browser cannot read them as the server does', async () => {
    const [jpeg, png] = await Promise.all([hardPicture('jpeg-progressive'), hardPicture('png-16')])
    const heic = Buffer.from('0000001866747970686569630000000068656963', 'hex')
    const { context, page } = await openTip()
    await choose(page, [
      { ...jpeg, name: 'half.jpg', bytes: truncated(jpeg.bytes, 0.5) },
      { ...png, name: 'half.png', bytes: truncated(png.bytes, 0.5) },
      { name: 'telephone.heic', type: 'image/heic', bytes: heic },
      await hardPicture('jpeg-cmyk'),
      { ...png, name: 'words.png', bytes: Buffer.from('no picture at all') },
    ])
    expect(await hashesIn(page)).toEqual([])
    const said = (await page.locator('[data-hasher] li').allTextContents()).join('\n')
    for (const name of ['half.jpg', 'half.png', 'telephone.heic', 'words.png']) {
      expect(said).toContain(`${name}: Webbläsaren kan inte läsa den bilden.`)
    }
    expect(said).toContain('jpeg-cmyk: Bilden har färger för tryck')
    await context.close()
  })

  it('are not hashed by a browser that changes pixels on reading, which is told', async () => {
    const noise = `const read = WebGL2RenderingContext.prototype.readPixels
      WebGL2RenderingContext.prototype.readPixels = function (...given) {
        read.apply(this, given)
        given[6][40] ^= 1
      }`
    const { context, page } = await openTip(noise)
    await choose(page, twelve.slice(0, 1))
    expect(await hashesIn(page)).toEqual([])
    expect(await page.locator('[data-hasher] li').textContent()).toContain(
      'Din webbläsare ändrar bilder när en sida läser dem',
    )
    await context.close()
  })

  it('could not leave by the worker, whatever ran in it', async () => {
    const leak =
      "addEventListener('message', ({ data }) => fetch('/tip', { method: 'POST', body: data.file }))"
    const { context, page, requests } = await openTip(leak)
    await choose(page, twelve.slice(0, 1))
    expect(await hashesIn(page)).toHaveLength(1)
    expect(requests.filter((request) => request.method() !== 'GET')).toEqual([])
    expect(
      (await fetch(new URL(HASHER?.place ?? '', api.url))).headers.get('content-security-policy'),
    ).toBe("default-src 'none'; frame-ancestors 'none'")
    await context.close()
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

/** What a request carries, as it is and as it is read: a form writes bytes in more than one way. */
function sentBy(request: Request): string {
  const body = request.postDataBuffer() ?? Buffer.alloc(0)
  const text = `${decodeURIComponent(request.url())} ${body.toString('latin1')}`
  return `${text} ${decodeURIComponent(body.toString('latin1').replaceAll('+', ' '))}`
}

/** Pieces of a file, each as bytes, in hex and in base64. */
function piecesOf(bytes: Uint8Array): readonly string[] {
  const step = Math.max(1, Math.floor(bytes.length / WINDOWS))
  return Array.from({ length: WINDOWS }, (_, at) => {
    // From a multiple of three, or base64 would cut it elsewhere.
    const from = Math.floor((at * step) / 3) * 3
    const piece = Buffer.from(bytes.subarray(from, from + WINDOW_BYTES))
    return piece.length < WINDOW_BYTES
      ? []
      : [piece.toString('latin1'), piece.toString('hex'), piece.toString('base64')]
  }).flat()
}
