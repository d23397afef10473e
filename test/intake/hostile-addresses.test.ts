import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { createFetcher } from '../../src/intake/index.ts'
import { tableResolver } from './table-resolver.ts'
import { specialHosts } from './address-notations.ts'
import { HOSTILE_URLS } from './hostile-urls.ts'

/** Nothing is allowed, and any name that is looked up is one that was not refused. */
const fetcher = createFetcher({
  settings: configWith({ 'fetch.firstByteSeconds': 0.5, 'fetch.totalSeconds': 1 }).fetch,
  resolver: tableResolver({}),
})

describe('a hostile URL', () => {
  it.each(HOSTILE_URLS)('is answered with %s: %s', async (code, url) => {
    const fetching = fetcher.fetch(url)
    await expect(fetching).rejects.toMatchObject({ code })
    await expect(fetching).rejects.not.toThrow(/\/\/|passwd|password|meta-data|127|169/)
  })
})

it('an address of a special range is refused in any notation', async () => {
  await fc.assert(
    fc.asyncProperty(specialHosts, async (host) => {
      await expect(fetcher.fetch(`http://${host}/`)).rejects.toMatchObject({
        code: 'FETCH_REFUSED',
      })
    }),
    { numRuns: 5_000 },
  )
})
