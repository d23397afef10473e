import { describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { createFetcher, tableResolver } from '../../src/intake/index.ts'
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
