import { describe, expect, it } from 'vitest'
import type { Hash256 } from '../../src/core/index.ts'
import type { Shot } from '../../src/fingerprint/index.ts'
import { judge, type Judgement } from '../../src/match/index.ts'
import { filmOf, fingerprintOf, hitOf, itemOf, POLICY, scenes } from './sample.ts'

/** What is kept of a picture with so many textured cells, as far as these are read of it. */
function keptOf(cells: number): string {
  const kept = Buffer.alloc(8 + 1_296)
  for (let cell = 0; cell < cells; cell += 1) {
    const at = kept.length - 2 * 72 + (cell >> 3)
    kept[at] = (kept[at] ?? 0) | (1 << (cell & 7))
  }
  return kept.toString('base64')
}

const TITLE = scenes(1, 3)
const KNOWN = scenes(2, 17)
const OTHER = scenes(3, 17)
/** A title, and behind it pictures. */
const SHOTS: readonly Shot[] = [
  { seconds: 0, features: keptOf(90) },
  ...KNOWN.map((_, index) => ({ seconds: 3 + index, features: keptOf(400) })),
]

/** Films of one frame a second: what one is taken for where the other is known. */
function judged(
  seen: readonly Hash256[],
  known: readonly Hash256[],
  shots: readonly Shot[] = SHOTS,
): Judgement {
  const hits = seen.flatMap((hash, seconds) => {
    const itemSeconds = known.indexOf(hash)
    return itemSeconds === -1 ? [] : [hitOf({ seconds, itemSeconds })]
  })
  const set = fingerprintOf({ kind: 'film', views: filmOf(known), shots })
  const items = new Map([['item-1', itemOf({ fingerprints: [set] })]])
  const fingerprint = fingerprintOf({ kind: 'film', views: filmOf(seen) })
  return judge({ fingerprint, hits, items, policy: POLICY })
}

describe('a title that two films have', () => {
  it('says nothing of what follows', () => {
    expect(judged([...TITLE, ...OTHER], [...TITLE, ...KNOWN]).verdict).toBe('none')
    const atEnd = SHOTS.map(({ seconds, features }) => ({ seconds: (seconds + 17) % 20, features }))
    const inOrder = atEnd.toSorted((a, b) => a.seconds - b.seconds)
    expect(judged([...OTHER, ...TITLE], [...KNOWN, ...TITLE], inOrder).verdict).toBe('none')
  })

  it('is left to a person where it has texture, or nothing is kept by which to tell', () => {
    const textured = [{ seconds: 0, features: keptOf(200) }]
    expect(judged([...TITLE, ...OTHER], [...TITLE, ...KNOWN], textured).verdict).toBe('review')
    expect(judged([...TITLE, ...OTHER], [...TITLE, ...KNOWN], []).verdict).toBe('review')
  })

  it('is left to a person where it stands elsewhere, or is half of one of them', () => {
    expect(judged([...OTHER, ...TITLE], [...TITLE, ...KNOWN]).verdict).toBe('review')
    const short = [...TITLE, ...OTHER.slice(0, 2)]
    expect(judged(short, [...TITLE, ...KNOWN]).verdict).toBe('review')
    // All of a short film is near to its start.
    const moment = [...OTHER.slice(0, 1), ...TITLE.slice(0, 2), ...OTHER.slice(1, 3)]
    expect(judged(moment, [...TITLE, ...KNOWN]).verdict).toBe('review')
  })

  it('takes nothing away where more of the film is there', () => {
    const copy = [...TITLE, ...KNOWN]
    expect(judged(copy, copy).verdict).toBe('confirmed')
    const some = [...TITLE, ...OTHER.slice(0, 8), ...KNOWN.slice(4, 7)]
    expect(judged(some, copy).verdict).toBe('review')
  })
})
