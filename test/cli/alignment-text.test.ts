import { expect, it } from 'vitest'
import { alignmentText } from '../../src/cli/alignment-text.ts'

it('draws how an item lies in a sighting, in numbers and as two rectangles', () => {
  const text = alignmentText({
    inliers: 41,
    inlierShare: 0.25,
    cells: 300,
    agreement: 0.91,
    strictAgreement: 0.84,
    mirrored: true,
    negative: false,
    sameFrame: false,
    region: { x: 0.5, y: 0, width: 0.5, height: 0.3 },
    itemRegion: { x: 0, y: 0, width: 1, height: 1 },
  })
  expect(text).toMatch(/^found by +41 local features, 25% of those there$/m)
  expect(text).toMatch(/^textured cells +91% of 300 agree$/m)
  expect(text).toMatch(/^with plain cells +84% agree$/m)
  expect(text).toMatch(/^mirrored +true$/m)
  const rows = text.split('\n').filter((line) => /^[.x]{32} {4}[.x]{32}$/.test(line))
  expect(rows).toHaveLength(10)
  expect(rows[0]).toBe(`${'.'.repeat(16)}${'x'.repeat(16)}    ${'x'.repeat(32)}`)
  expect(rows[9]).toBe(`${'.'.repeat(32)}    ${'x'.repeat(32)}`)
})

it('names the view that was near a hash', () => {
  const whole = { x: 0, y: 0, width: 1, height: 1 }
  const told = {
    cells: 40,
    agreement: 1,
    strictAgreement: 1,
    mirrored: false,
    negative: false,
    sameFrame: false,
  }
  const text = alignmentText({
    ...told,
    inliers: 0,
    view: 'trimmed',
    region: whole,
    itemRegion: whole,
  })
  expect(text).toMatch(/^found by +the view trimmed$/m)
})

it('prints which cells differ, where, and what was drawn over', () => {
  const whole = { x: 0, y: 0, width: 1, height: 1 }
  const text = alignmentText({
    inliers: 90,
    cells: 400,
    agreement: 0.8,
    strictAgreement: 0.8,
    drawn: { cells: 60, strictAgreement: 0.97 },
    differing: { share: 0.08, itemRegion: { x: 0.25, y: 0.5, width: 0.25, height: 0.5 } },
    map: `${'='.repeat(24 * 12)}${'#o'.repeat(6)}${'.'.repeat(12)}${'='.repeat(24 * 11)}`,
    mirrored: false,
    negative: false,
    sameFrame: true,
    region: whole,
    itemRegion: whole,
  })
  expect(text).toMatch(/^drawn over +60 cells; without them 97% agree$/m)
  expect(text).toMatch(/^shows something else +8% in one place: 25%-50% across, 50%-100% down$/m)
  const rows = text.split('\n').filter((line) => /^([.=#o] ){23}[.=#o]$/.test(line))
  expect(rows).toHaveLength(24)
  expect(rows[12]).toBe(`${'# o '.repeat(6)}${'. '.repeat(11)}.`)
})
