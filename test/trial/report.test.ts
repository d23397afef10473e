import { describe, expect, it } from 'vitest'
import { type TrialLook, reportOf } from '../../src/trial/report.ts'

const facts = { id: 'tiny@1#00', reviewDistance: 0.3 }

describe('the report of a trial', () => {
  it('counts as added what nothing else found, within the distance', () => {
    const looks = [
      copy({ isFound: true, ownDistance: 0.1 }),
      copy({ isFound: false, ownDistance: 0.2 }),
      copy({ isFound: false, ownDistance: 0.4 }),
      copy({ isFound: false, ownDistance: Infinity }),
      unknown([0.5, 0.9]),
    ]
    const report = reportOf(facts, 2, looks)
    expect(report).toMatchObject({
      copies: 4,
      unknown: 1,
      comparisons: 6,
      foundWithout: 1,
      adds: true,
      asItIs: { distance: 0.3, added: 1, found: 2, wrong: 0 },
      atNoneWrong: { distance: 0.4, added: 2, found: 3, wrong: 0 },
      ways: [{ way: 'turned', copies: 4, foundWithout: 1, added: 1 }],
    })
    expect(report.verdict).toBe(
      'adds 1 of 4 copies (25.0%) beside hashes and features, with no wrong one of 6 pairs, at ' +
        'reviewDistance 0.300; with none wrong it goes to 0.400, and adds 2 of 4 copies (50.0%)',
    )
  })

  it('says that the distance is too far where a wrong pair is within', () => {
    const looks = [copy({ isFound: false, ownDistance: 0.05 }), unknown([0.2, 0.9])]
    const report = reportOf(facts, 2, looks)
    expect(report).toMatchObject({ adds: false, asItIs: { added: 1, wrong: 1 } })
    expect(report.verdict).toMatch(/^reviewDistance 0.300 is too far: 1 of 3 pairs .* goes to 0.05/)
  })

  it('says that a model adds nothing: where all is found without it, and where it finds nothing', () => {
    const found = reportOf(facts, 2, [copy({ isFound: true, ownDistance: 0.1 })])
    expect(found).toMatchObject({ adds: false, asItIs: { added: 0, found: 1 } })
    expect(found.verdict).toMatch(/^adds nothing beside hashes and features/)
    const blind = reportOf(facts, 2, [
      copy({ isFound: false, ownDistance: 1 }),
      unknown([0.9, 0.9]),
    ])
    expect(blind).toMatchObject({ adds: false, atNoneWrong: null })
    expect(blind.verdict).toMatch(/at no distance does it find copies and nothing wrong$/)
  })
})

function copy(look: Pick<TrialLook, 'isFound' | 'ownDistance'>): TrialLook {
  return { way: 'turned', wrongDistances: [0.8], ...look }
}

function unknown(wrongDistances: readonly number[]): TrialLook {
  return { way: null, isFound: false, ownDistance: Infinity, wrongDistances }
}
