import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { createPageReader } from '../../src/intake/index.ts'
import { legiblePage } from '../../src/intake/page-legible.ts'
import { mediaOnPage } from '../../src/intake/page-media.ts'

const PAGE = Buffer.from(
  '<base href="/a/"><img srcset="1.jpg 1x, 2.jpg 2x"><video src=3.mp4>'.repeat(99),
)
const URL_OF_PAGE = 'https://host.example/'
const LIMITS = { mediaMax: 9, bytesMax: 5_000 }

const built = new URL('../../dist/src/intake/index.js', import.meta.url)
/** Reads a page and closes nothing. */
const SCRIPT = `
const { createPageReader } = await import(${JSON.stringify(built.href)})
const page = Buffer.from(${JSON.stringify(PAGE.toString())})
const { media } = createPageReader()
console.log(JSON.stringify(await media(page, ${JSON.stringify(URL_OF_PAGE)}, ${JSON.stringify(LIMITS)})))
`

describe('a page that is read in a thread of its own', () => {
  const reader = createPageReader()
  afterAll(() => reader.close())

  it('says what it says here, and the bytes stay with whoever asks', async () => {
    const before = Buffer.from(PAGE)
    const found = mediaOnPage(PAGE, URL_OF_PAGE, LIMITS)
    expect(found.map(({ url }) => url)).toContain('https://host.example/a/3.mp4')
    expect(await reader.media(PAGE, URL_OF_PAGE, LIMITS)).toEqual(found)
    expect(PAGE.equals(before)).toBe(true)
  })

  it('says what a page says in text, within the memory of the thread, whatever that page is', async () => {
    const limits = { textMax: 100, linksMax: 5, bytesMax: 2_000_000 }
    const origin = { pageUrl: URL_OF_PAGE, contentType: 'text/html' }
    for (const piece of ['<a href=b>c</a> ', 'a ', '<b>a', '&#8238;', 'å']) {
      const page = Buffer.from(`<html>${piece.repeat(2_100_000 / piece.length)}`)
      const read = await reader.text(page, origin, limits)
      expect(read).toEqual(legiblePage(page, origin, limits))
      expect(read.isWhole).toBe(false)
    }
  })

  it.runIf(existsSync(built))(
    'is read as plain JavaScript, by a thread that keeps no process (dist)',
    async () => {
      const args = ['--input-type=module', '-e', SCRIPT]
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 })
      expect(JSON.parse(stdout)).toEqual(mediaOnPage(PAGE, URL_OF_PAGE, LIMITS))
    },
  )
})
