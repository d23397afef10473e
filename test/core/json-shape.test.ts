import { describe, expect, it } from 'vitest'
import { checkJsonShape, SeededRandom } from '../../src/core/index.ts'

const SHAPE = { depthMax: 4, partsMax: 12 }
const check = (text: string) => () => {
  checkJsonShape(Buffer.from(text), SHAPE)
}

describe('the shape of JSON', () => {
  it.each(['[[[[1]]]]', '{"a":{"b":[{}]}}', '"[[[[[["', '', 'no JSON', '[1,2,3]'])(
    'lets %s be',
    (text) => {
      expect(check(text)).not.toThrow()
    },
  )

  it('counts no bracket in a string, however its quotes are escaped', () => {
    expect(check(JSON.stringify({ a: '"[[[[[\\', b: '\\"' }))).not.toThrow()
    expect(check('["\\\\",[[[[1]]]]]')).toThrow(/deeper than 4/)
    expect(check('["\\"[[[[[","]')).not.toThrow()
    expect(check('["never closed [[[[[')).not.toThrow()
  })

  it.each([
    ['depth', '[[[[[', /deeper than 4 levels/],
    ['objects', '{"a":'.repeat(5), /deeper than 4 levels/],
    ['elements', `[${'1,'.repeat(20)}1]`, /more than 12 parts/],
    ['keys', `{${'"k":1,'.repeat(20)}"z":1}`, /more than 12 parts/],
  ])('refuses too much: %s', (_what, text, message) => {
    expect(check(text)).toThrow(message)
  })

  it('counts as the parser does, whatever the text is made of', () => {
    const random = new SeededRandom(17)
    const pick = (max: number) => (random.bytes(1)[0] ?? 0) % max
    function made(depth: number): unknown {
      const kind = depth === 0 ? pick(2) : pick(4)
      if (kind === 0) return 'a"\\[{,:'.slice(pick(9))
      if (kind === 1) return pick(100)
      const parts = Array.from({ length: pick(4) }, () => made(depth - 1))
      return kind === 2 ? parts : Object.fromEntries(parts.map((part, at) => [`"${at}[`, part]))
    }
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
        : 0
    for (let times = 0; times < 500; times += 1) {
      const value = made(6)
      const text = Buffer.from(JSON.stringify(value))
      const depth = depthOf(value)
      const wide = { depthMax: depth, partsMax: 1_000_000 }
      expect(() => {
        checkJsonShape(text, wide)
      }).not.toThrow()
      if (depth === 0) continue
      expect(() => {
        checkJsonShape(text, { ...wide, depthMax: depth - 1 })
      }).toThrow(/deeper/)
    }
  })
})
