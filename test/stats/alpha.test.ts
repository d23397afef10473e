import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import { krippendorffAlpha } from '../../src/stats/alpha.ts'

/** One line a person, one column a unit, a dot for what was not coded. */
function unitsOf(...lines: readonly string[]): readonly (readonly string[])[] {
  const coded = lines.map((line) => line.split(' '))
  return (coded[0] ?? []).map((_, unit) =>
    coded.flatMap((values) => values.filter((value, at) => at === unit && value !== '.')),
  )
}

describe("Krippendorff's alpha", () => {
  // K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), examples A, B and C.
  it.each([
    ['binary, two observers', 0.095, ['0 1 0 0 0 0 0 0 1 0', '1 1 1 0 0 1 0 0 0 0']],
    ['nominal, two observers', 0.692, ['a a b b d c c c e d d a', 'b a b b b c c c e d d d']],
    [
      'nominal, four observers, values missing',
      0.743,
      [
        '1 2 3 3 2 1 4 1 2 . . .',
        '1 2 3 3 2 2 4 1 2 5 . 3',
        '. 3 3 3 2 3 4 2 2 5 1 .',
        '1 2 3 3 2 4 4 1 2 5 1 .',
      ],
    ],
  ])('is what its author computed: %s', (_what, alpha, lines) => {
    expect(krippendorffAlpha(unitsOf(...lines))).toBeCloseTo(alpha, 3)
  })

  it('says nothing where there is nothing to compare, or nothing that varies', () => {
    expect(krippendorffAlpha([])).toBeNull()
    expect(krippendorffAlpha([['a'], ['b'], []])).toBeNull()
    expect(
      krippendorffAlpha([
        ['a', 'a'],
        ['a', 'a'],
      ]),
    ).toBeNull()
  })

  const value = fc.constantFrom('a', 'b', 'c', 'd')
  const units = fc.array(fc.array(value, { maxLength: 5 }), { maxLength: 40 })

  it('is 1 where all agree, and never more', () => {
    const agreed = fc.array(fc.tuple(value, fc.integer({ min: 2, max: 5 })), { minLength: 2 })
    fc.assert(
      fc.property(agreed, (all) => {
        const alpha = krippendorffAlpha(all.map(([one, count]) => Array<string>(count).fill(one)))
        const isVaried = new Set(all.map(([one]) => one)).size > 1
        expect(alpha).toEqual(isVaried ? 1 : null)
      }),
    )
    fc.assert(fc.property(units, (all) => (krippendorffAlpha(all) ?? 0) <= 1))
  })

  it('is the same in whatever order units and values come, and by whatever names', () => {
    fc.assert(
      fc.property(units, (all) => {
        const alpha = krippendorffAlpha(all)
        const turned = all.toReversed().map((unit) => unit.toReversed().map((one) => `${one}!`))
        const other = krippendorffAlpha(turned)
        expect(other === null).toBe(alpha === null)
        expect(other ?? 0).toBeCloseTo(alpha ?? 0, 9)
      }),
    )
  })

  it('is about 0 where values are drawn by chance', () => {
    const random = new SeededRandom(7)
    const drawn = () => String((random.bytes(1)[0] ?? 0) % 4)
    const chance = Array.from({ length: 20_000 }, () => [drawn(), drawn()])
    expect(Math.abs(krippendorffAlpha(chance) ?? 1)).toBeLessThan(0.02)
  })

  it('is below 0 where two always differ', () => {
    expect(
      krippendorffAlpha([
        ['a', 'b'],
        ['b', 'a'],
        ['a', 'b'],
      ]),
    ).toBeLessThan(0)
  })
})
