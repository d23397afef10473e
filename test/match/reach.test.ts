import { describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { reachOf } from '../../src/match/index.ts'

const { match: policy } = configWith({})

/** What is said of the frames of a film, without features. */
function saidOfFilm(hasher: { name: string; version: string } | null, isVetted: boolean) {
  const entry = { evidence: 'film', quality: 100, hasher } as const
  return reachOf(entry, isVetted, policy).map(({ says }) => says)
}

describe('what the frames of a film can be found by', () => {
  it('are those of a list, and a review, only where Hindra has not hashed the film itself', () => {
    expect(saidOfFilm(null, false)).toEqual(['film', 'film-of-list'])
    expect(saidOfFilm(null, true)).toEqual(['film'])
    expect(saidOfFilm({ name: 'pdq-fullres', version: '1' }, false)).toEqual(['film'])
  })
})
