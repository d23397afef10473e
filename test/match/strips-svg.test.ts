import { expect, it } from 'vitest'
import { drawnMatches } from '../../src/match/alignment-svg.ts'
import type { Match } from '../../src/match/index.ts'
import { bandOf, pieceText, piecesOnStrips } from '../../src/match/strips-svg.ts'

const PIECES = [
  { from: 5, to: 10, itemFrom: 20, itemTo: 25 },
  { from: 12, to: 20, itemFrom: 50, itemTo: 42 },
]

it('pieces lie on two strips of one scale, in shares of the longer film', () => {
  expect(piecesOnStrips(PIECES)).toEqual([
    { from: 0.1, to: 0.2, itemFrom: 0.4, itemTo: 0.5, isBackwards: false },
    { from: 0.24, to: 0.4, itemFrom: 0.84, itemTo: 1, isBackwards: true },
  ])
})

it('a piece without length is drawn all the same', () => {
  const [piece] = piecesOnStrips([{ from: 3, to: 3, itemFrom: 9, itemTo: 9 }])
  expect(piece?.to).toBeGreaterThan(piece?.from ?? 1)
  expect(piece?.itemTo).toBeGreaterThan(piece?.itemFrom ?? 1)
})

it('the band of a piece crosses itself where the film runs backwards', () => {
  const [forwards, backwards] = piecesOnStrips(PIECES)
  const strips = { width: 100, top: 10, bottom: 50 }
  expect(forwards && bandOf(forwards, strips)).toBe('10,10 20,10 50,50 40,50')
  expect(backwards && bandOf(backwards, strips)).toBe('24,10 40,10 84,50 100,50')
})

it('a match of films is drawn with its seconds in words, and shows no picture', () => {
  const match = {
    itemId: 'i',
    verdict: 'confirmed',
    method: 'film',
    clientSupplied: false,
  } as const
  const drawn = drawnMatches([{ ...match, reason: '', pieces: PIECES } satisfies Match])
  expect(drawn).toHaveLength(1)
  expect(drawn[0]?.svg).toContain(
    '<title>5.0-10.0 s is 20.0-25.0 s of the known film; 12.0-20.0 s is 50.0-42.0 s of the known film</title>',
  )
  expect(drawn[0]?.svg).not.toMatch(/<image|href|data:/)
  expect(pieceText(PIECES[0] ?? { from: 0, to: 0, itemFrom: 0, itemTo: 0 })).toBe(
    '5.0-10.0 s is 20.0-25.0 s of the known film',
  )
})
