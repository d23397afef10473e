import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { ASSETS, HASHER } from '../../src/console/assets.ts'

/** Style and script of one page, as gzip has them. */
const WEIGHT_MAX = 40_000

it('weighs at most 40 kB in style and script, all of it together, whichever page asks for what', () => {
  const all = [...Object.values(ASSETS), ...(HASHER === undefined ? [] : [HASHER])]
  const weight = all.reduce((sum, { bytes }) => sum + gzipSync(bytes).length, 0)
  expect(weight).toBeGreaterThan(1_000)
  expect(weight).toBeLessThanOrEqual(WEIGHT_MAX)
})
