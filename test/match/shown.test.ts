import { describe, expect, it } from 'vitest'
import { type Match, shownBy } from '../../src/match/index.ts'
import { matchOf } from '../cases/world.ts'
import { ALIGNMENT } from './sample.ts'

function shown(change: Partial<Match>) {
  const { extent, moments } = shownBy(matchOf('item-1', 'confirmed', change))
  return [extent, ...moments]
}

describe('what of an item a match says is shown', () => {
  it('is the item itself, by equal bytes and of pictures', () => {
    expect(shown({ method: 'sha256' })).toEqual(['copy'])
    expect(shown({ method: 'pdq', distance: 0 })).toEqual(['copy'])
    expect(shown({ method: 'features', alignment: ALIGNMENT })).toEqual(['copy'])
  })

  it('is a film or a part of it, and when, of films', () => {
    const pieces = [
      { from: 3, to: 7, itemFrom: 12, itemTo: 8 },
      { from: 20, to: 21, itemFrom: 0, itemTo: 1 },
    ]
    expect(shown({ method: 'film', pieces })).toEqual([
      'piece',
      { from: 3, to: 7 },
      { from: 20, to: 21 },
    ])
    expect(
      shown({ method: 'film', alignment: { ...ALIGNMENT, seconds: 4, itemSeconds: 9 } }),
    ).toEqual(['piece'])
  })

  it('is one picture, where no more was found', () => {
    const both = { ...ALIGNMENT, seconds: 4, itemSeconds: 9 }
    expect(shown({ method: 'frame', alignment: both })).toEqual(['frame', { from: 4, to: 4 }])
    expect(shown({ method: 'frame', alignment: { ...ALIGNMENT, itemSeconds: 9 } })).toEqual([
      'frame',
    ])
    expect(shown({ method: 'frame', alignment: { ...ALIGNMENT, seconds: 4 } })).toEqual([
      'still',
      { from: 4, to: 4 },
    ])
  })

  it('is one picture, too, where only the hash of one frame was near', () => {
    expect(shown({ method: 'pdq', itemSeconds: 9 })).toEqual(['frame'])
    expect(shown({ method: 'pdq', seconds: 0 })).toEqual(['still', { from: 0, to: 0 }])
  })
})
