import { expect, it } from 'vitest'
import { probesOf } from '../../src/known/probes.ts'

const PDQ = 'a5'.repeat(32)

it('looks for a view that may be off so much further, and never beyond the index', () => {
  const views = [undefined, 0, 9, 40].map((slack) => {
    const view = { name: 'whole', pdq: PDQ, quality: 90 } as const
    return slack === undefined ? view : { ...view, slack }
  })
  const radii = probesOf({ hasher: 'pdq-dc', views }, 31).map(({ radius }) => radius)
  expect(radii).toEqual([31, 31, 40, 64])
})
