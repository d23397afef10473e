import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'
import type { Fetcher } from '../../src/intake/index.ts'

/** What a host answers to a path; undefined where it breaks the line without an answer. */
export type Site = (
  path: string,
  referrer: string | undefined,
) =>
  | {
      readonly status: number
      readonly body: string
      readonly contentType: string
      readonly location?: string
    }
  | undefined

export interface TestNetwork {
  readonly fetcher: Fetcher
  /** The origin of the one host that there is, `media.example`; its address is 127.0.0.1. */
  readonly origin: string
  close(): Promise<void>
}

const site: Site = (path, referrer) => {
  const page = (status: number, body: string) => ({ status, body, contentType: 'image/png' })
  switch (path) {
    case '/dead':
      return undefined
    case '/referrer':
      return page(200, referrer ?? 'none')
    case '/moved':
      return { ...page(302, ''), location: '/there?a=1' }
    case '/loop':
      return { ...page(301, ''), location: '/loop' }
    case '/gone':
      return page(410, 'gone')
    case '/broken':
      return page(503, 'broken')
    default:
      return page(200, path)
  }
}

/** What every fetcher must do; `open` is called anew for each test. */
export function fetcherContract(name: string, open: (site: Site) => Promise<TestNetwork>): void {
  describe(`${name}: fetcher`, () => {
    let network: TestNetwork
    beforeEach(async () => {
      network = await open(site)
    })
    afterEach(() => network.close())

    async function textOf(path: string, referrer?: string): Promise<string> {
      const options = defined({ referrer })
      const { bytes } = await network.fetcher.fetch(network.origin + path, options)
      return Buffer.from(bytes).toString()
    }

    it('brings the bytes, and says what it saw', async () => {
      const url = `${network.origin}/one?b=2`
      expect(await network.fetcher.fetch(url)).toEqual({
        bytes: new Uint8Array(Buffer.from('/one?b=2')),
        status: 200,
        contentType: 'image/png',
        finalUrl: url,
        address: '127.0.0.1',
      })
    })

    it.each([
      ['/gone', 410],
      ['/broken', 503],
    ])('takes any status for an answer: %s', async (path, status) => {
      expect(await network.fetcher.fetch(network.origin + path)).toMatchObject({ status })
    })

    it('says where it comes from, or nothing', async () => {
      const referrer = `${network.origin}/thread`
      expect(await textOf('/referrer', referrer)).toBe(referrer)
      expect(await textOf('/referrer')).toBe('none')
    })

    it('follows redirects, until there are too many', async () => {
      const { finalUrl, bytes } = await network.fetcher.fetch(`${network.origin}/moved`)
      expect(finalUrl).toBe(`${network.origin}/there?a=1`)
      expect(Buffer.from(bytes).toString()).toBe('/there?a=1')
      await expect(textOf('/loop')).rejects.toMatchObject({
        code: 'FETCH_FAILED',
        message: expect.stringContaining('redirects') as string,
      })
    })

    it('fails as connection where the line breaks, as DNS where there is no such name', async () => {
      await expect(textOf('/dead')).rejects.toMatchObject({
        code: 'FETCH_FAILED',
        message: expect.stringMatching(/^connection failed/) as string,
      })
      const { port } = new URL(network.origin)
      await expect(
        network.fetcher.fetch(`http://unknown.example${port && `:${port}`}/`),
      ).rejects.toMatchObject({
        code: 'FETCH_FAILED',
        message: expect.stringMatching(/^DNS gave no address/) as string,
      })
    })

    it('fetches nothing once it is closed', async () => {
      await network.fetcher.close()
      await expect(textOf('/one')).rejects.toMatchObject({ code: 'FETCH_FAILED' })
    })
  })
}
