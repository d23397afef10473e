import { describe, expect, it } from 'vitest'
import type { Alignment } from '../../src/match/index.ts'
import { judge } from '../../src/match/index.ts'
import type { RawHit } from '../../src/known/index.ts'
import { ALIGNMENT, filmOf, fingerprintOf, hitOf, itemOf, POLICY, scenes, WHOLE } from './sample.ts'

/** What is said of an item that lies like this in a sighting none of whose hashes is near. */
function matchOf(
  change: Omit<Partial<Alignment>, 'inlierShare'> & { inlierShare?: number | null },
  ...hits: RawHit[]
) {
  const { inlierShare = 0.3, ...others } = change
  const alignment: Alignment = {
    inliers: 40,
    ...(inlierShare === null ? {} : { inlierShare }),
    cells: 300,
    agreement: 0.9,
    strictAgreement: 0.88,
    mirrored: false,
    negative: false,
    sameFrame: false,
    region: WHOLE,
    itemRegion: WHOLE,
    ...others,
  }
  const item = itemOf()
  return judge({
    fingerprint: fingerprintOf(),
    hits,
    items: new Map([[item.id, item]]),
    alignments: new Map([[item.id, alignment]]),
    policy: POLICY,
  }).matches[0]
}

describe('frames of a film', () => {
  it('confirm nothing by what agrees beside what was drawn over alone, as a picture does', () => {
    const drawn = { strictAgreement: 0.63, drawn: { cells: 150, strictAgreement: 0.9 } }
    expect(matchOf(drawn)?.verdict).toBe('confirmed')
    const item = itemOf({
      fingerprints: [fingerprintOf({ kind: 'film', views: filmOf(scenes(1, 12)) })],
    })
    const judged = (change: Partial<Alignment>) =>
      judge({
        fingerprint: fingerprintOf({ kind: 'film', views: filmOf(scenes(2, 12)) }),
        hits: [],
        items: new Map([[item.id, item]]),
        frames: [2, 5].map((seconds) => {
          const laid = { ...ALIGNMENT, ...change, seconds, itemSeconds: seconds + 3 }
          return new Map([[item.id, laid]])
        }),
        policy: POLICY,
      }).verdict
    expect(judged({})).toBe('confirmed')
    expect(judged(drawn)).not.toBe('confirmed')
  })
})

describe('how an item lies in a sighting', () => {
  it('confirms where the texture agrees, and says what was seen where', () => {
    const region = { x: 0.5, y: 0.1, width: 0.4, height: 0.3 }
    const match = matchOf({ region, mirrored: true })
    expect(match).toMatchObject({ verdict: 'confirmed', method: 'features' })
    expect(match?.reason).toBe(
      '40 features on one map, mirrored, 90% of 300 textured cells agree; 50-90% across, 10-40% down of the picture shows all of the item',
    )
  })

  it('confirms nothing on few of the features that are there', () => {
    const match = matchOf({ inliers: 10, inlierShare: 0.05 })
    expect(match).toMatchObject({ verdict: 'review' })
    expect(match?.reason).toMatch(/few of the features there agree$/)
    const clump = { inliers: 12, inlierShare: 0.08 }
    expect(matchOf({ ...clump, cells: POLICY.cellsMany })?.verdict).toBe('confirmed')
    expect(matchOf({ ...clump, cells: POLICY.cellsMany - 1 })?.verdict).toBe('review')
  })

  it('leaves to a person what the camera showed when it had turned, and confirms what was cut or put into something', () => {
    const [left, right] = [
      { x: 0, y: 0, width: 0.75, height: 1 },
      { x: 0.25, y: 0, width: 0.75, height: 1 },
    ]
    const turned = matchOf({ region: left, itemRegion: right, agreement: 1, strictAgreement: 1 })
    expect(turned).toMatchObject({ verdict: 'review', why: [{ says: 'beside' }] })
    expect(matchOf({ region: right, itemRegion: left })?.verdict).toBe('review')
    const near = matchOf({ region: left, itemRegion: right }, hitOf({ distance: 12 }))
    expect(near).toMatchObject({ verdict: 'review', why: [{ says: 'beside' }] })
    const down = { x: 0, y: 0.2, width: 1, height: 0.8 }
    expect(matchOf({ region: { ...down, y: 0 }, itemRegion: down })?.verdict).toBe('review')
    const side = { mirrored: true, region: left, itemRegion: left }
    expect(matchOf(side)?.verdict).toBe('review')
    for (const copy of [
      { itemRegion: left },
      { region: left },
      { region: left, itemRegion: left },
      { mirrored: true, region: left, itemRegion: right },
      { region: { x: 0.2, y: 0.2, width: 0.7, height: 0.7 }, itemRegion: right },
      { region: down, itemRegion: right },
      { region: { ...left, width: 0.9 }, itemRegion: { ...right, x: 0.1, width: 0.9 } },
    ])
      expect(matchOf(copy)?.verdict, JSON.stringify(copy)).toBe('confirmed')
  })

  it('says nothing of few cells on next to none of the features that are there', () => {
    const flower = { inliers: 11, inlierShare: 0.05, cells: POLICY.cellsMany - 1 }
    expect(matchOf(flower)).toBeUndefined()
    expect(matchOf({ ...flower, inlierShare: POLICY.inlierShareMin })?.verdict).toBe('review')
    expect(matchOf({ ...flower, cells: POLICY.cellsMany })?.verdict).toBe('review')
    expect(matchOf({ ...flower, inlierShare: null })?.verdict).toBe('confirmed')
  })

  it('says nothing of scant cells of which some differ, unless many features agree', () => {
    const shirt = { inliers: POLICY.inliersScant - 1, cells: 53, agreement: 0.79 }
    expect(matchOf({ ...shirt, strictAgreement: 0.68 })).toBeUndefined()
    expect(
      matchOf({ ...shirt, strictAgreement: 0.68, inliers: POLICY.inliersScant })?.verdict,
    ).toBe('review')
    expect(matchOf({ ...shirt, strictAgreement: 0.68, cells: POLICY.cellsScant })?.verdict).toBe(
      'review',
    )
    expect(matchOf({ ...shirt, strictAgreement: 0.77 })?.verdict).toBe('review')
  })

  it('leaves a small piece to a person where nearly all of it agrees, and says nothing of it else', () => {
    const piece = { inliers: 9, cells: POLICY.cellsMin, inlierShare: 0.2, strictAgreement: 0.95 }
    for (const small of [piece, { ...piece, inliers: 12, cells: POLICY.cellsPiece }]) {
      expect(matchOf(small)).toMatchObject({ verdict: 'review' })
      expect(matchOf(small)?.reason).toMatch(/of so little that it does not confirm$/)
      expect(matchOf({ ...small, strictAgreement: POLICY.agreementPiece - 0.01 })).toBeUndefined()
      expect(matchOf({ ...small, inlierShare: POLICY.inlierSharePiece - 0.01 })).toBeUndefined()
      expect(matchOf({ ...small, onlyShared: true })).toBeUndefined()
    }
    expect(matchOf({ ...piece, cells: POLICY.cellsPiece - 1 })).toBeUndefined()
  })

  it('leaves to a person what was chosen because it agrees, whatever hash is near', () => {
    const cut = { inliers: 30, cells: 90, strictAgreement: 1, piece: true } as const
    expect(matchOf(cut)).toMatchObject({ verdict: 'review' })
    expect(matchOf(cut)?.reason).toMatch(/cut up, put together, or a thing that both show$/)
    expect(matchOf({ ...cut, cells: POLICY.cellsMin - 1 })).toBeUndefined()
    expect(matchOf({ ...cut, inliers: POLICY.inliersMin - 1 })).toBeUndefined()
    expect(matchOf(cut, hitOf({ distance: 0 }))).toMatchObject({ verdict: 'review' })
  })

  it('leaves to a person what agrees only where pictures of other things do', () => {
    const match = matchOf({ onlyShared: true })
    expect(match).toMatchObject({ verdict: 'review' })
    expect(match?.reason).toMatch(/known pictures of other things have in common what agrees$/)
    expect(matchOf({ sharedCells: 90 })?.reason).toMatch(/without 90 that known pictures of other/)
  })

  it('does not confirm where one place shows something else, and names the place', () => {
    const itemRegion = { x: 0.25, y: 0.5, width: 0.25, height: 0.5 }
    const gone = { differing: { share: 0.08, itemRegion } }
    const match = matchOf(gone)
    expect(match).toMatchObject({ verdict: 'review' })
    expect(match?.reason).toMatch(
      /: 25-50% across, 50-100% down of the item shows something else \(8% in one place\): another photograph of the scene/,
    )
    expect(match?.doubt).toBe('same-scene')
    // However near a hash is: it says little of one place.
    expect(matchOf(gone, hitOf({ distance: 2 }))).toMatchObject({
      verdict: 'review',
      doubt: 'same-scene',
    })
    expect(matchOf({ ...gone, cells: 10 }, hitOf({ distance: 2 }))?.verdict).toBe('review')
    const share = POLICY.differingMax
    expect(matchOf({ differing: { share, itemRegion } })?.verdict).toBe('confirmed')
  })

  it('does not confirm where less shows something else and nearly all agrees beside it', () => {
    const itemRegion = { x: 0.25, y: 0.5, width: 0.125, height: 0.25 }
    const share = POLICY.differingFinelyMax
    const differing = { share: 0.01, itemRegion }
    const moved = { differing, differingFinely: { share: share + 0.001, itemRegion } }
    for (const match of [matchOf(moved), matchOf(moved, hitOf({ distance: 2 }))]) {
      expect(match).toMatchObject({ verdict: 'review', doubt: 'same-scene' })
      expect(match?.why).toMatchObject([{ says: 'elsewhere', place: '25-38% across, 50-75% down' }])
    }
    expect(matchOf({ differing, differingFinely: { share, itemRegion } })?.verdict).toBe(
      'confirmed',
    )
  })

  it('does not confirm where things are shifted together, as by another viewpoint', () => {
    const parallax = POLICY.parallaxMax
    for (const hit of [[], [hitOf({ distance: 2 })]])
      expect(matchOf({ parallax: parallax + 0.01 }, ...hit)).toMatchObject({
        verdict: 'review',
        doubt: 'same-scene',
        why: [{ says: 'parallax' }],
      })
    expect(matchOf({ parallax })?.verdict).toBe('confirmed')
  })

  it('does not confirm by a part of the one that shows a part of the other', () => {
    const [whole, part] = [
      { x: 0, y: 0, width: 1, height: 1 },
      { x: 0.2, y: 0.1, width: 0.6, height: 0.8 },
    ]
    expect(matchOf({ region: part, itemRegion: part })?.verdict).toBe('review')
    expect(matchOf({ region: part, itemRegion: part }, hitOf({ distance: 2 }))?.verdict).toBe(
      'review',
    )
    expect(matchOf({ region: part, itemRegion: part })?.reason).toMatch(/that both may show$/)
    expect(matchOf({ region: whole, itemRegion: part })?.verdict).toBe('confirmed')
    expect(matchOf({ region: part, itemRegion: whole })?.verdict).toBe('confirmed')
  })

  it('leaves out what was drawn over, unless the rest is shared', () => {
    const hidden = { agreement: 0.6, strictAgreement: 0.6 }
    expect(matchOf(hidden)).toBeUndefined()
    const drawn = { cells: 120, strictAgreement: POLICY.agreementConfirmUndrawn }
    expect(matchOf({ ...hidden, drawn })).toMatchObject({ verdict: 'confirmed' })
    expect(matchOf({ ...hidden, drawn })?.reason).toMatch(/, 120 drawn over; /)
    expect(matchOf({ ...hidden, drawn, sharedCells: 40 })).toBeUndefined()
    const less = { cells: 120, strictAgreement: POLICY.agreementConfirmUndrawn - 0.01 }
    expect(matchOf({ ...hidden, drawn: less })).toBeUndefined()
  })

  it('leaves a form to a person, and what earlier versions kept', () => {
    expect(matchOf({ form: true })?.verdict).toBe('review')
    expect(matchOf({ form: true }, hitOf({ distance: 0 }))?.verdict).toBe('review')
    expect(matchOf({ form: true })?.reason).toMatch(/what is written may differ$/)
    const part = { onPage: true, itemRegion: { x: 0, y: 0, width: 1, height: 0.4 } } as const
    expect(matchOf(part)?.reason).toMatch(/what is written beside it is not shown/)
    expect(matchOf(part, hitOf({ distance: 0 }))?.verdict).toBe('review')
    // Most of a picture is no part of a page.
    expect(matchOf({ onPage: true })?.verdict).toBe('confirmed')
    expect(matchOf({ textureOnly: true })?.verdict).toBe('review')
    expect(matchOf({ textureOnly: true })?.reason).toMatch(/--refresh$/)
  })

  it('does not confirm a background by a fixed camera, unless the hashes are near', () => {
    const background = { sameFrame: true, cells: POLICY.cellsSameFrame - 1 }
    expect(matchOf(background)?.verdict).toBe('review')
    expect(matchOf(background)?.reason).toMatch(/the hashes are not near$/)
    expect(matchOf(background, hitOf({ distance: 28 }))?.verdict).toBe('review')
    expect(matchOf(background, hitOf({ distance: 10 }))?.verdict).toBe('confirmed')
    expect(matchOf({ ...background, sameFrame: false })?.verdict).toBe('confirmed')
    expect(matchOf({ ...background, cells: POLICY.cellsSameFrame })?.verdict).toBe('confirmed')
  })

  it('asks of few cells that they agree more, unless the hashes are near', () => {
    const wall = { cells: POLICY.cellsMany - 1, agreement: 0.9, strictAgreement: 0.8 }
    expect(matchOf(wall)).toMatchObject({ verdict: 'review' })
    expect(matchOf(wall)?.reason).toMatch(/too much differs for it to confirm$/)
    expect(matchOf(wall, hitOf({ distance: 28 }))?.verdict).toBe('review')
    expect(matchOf(wall, hitOf({ distance: 10 }))?.verdict).toBe('confirmed')
    expect(matchOf({ ...wall, cells: POLICY.cellsMany })?.verdict).toBe('confirmed')
    const strictAgreement = POLICY.agreementConfirmFew
    expect(matchOf({ ...wall, strictAgreement })?.verdict).toBe('confirmed')
  })

  it('leaves few cells to a person only where many features or nearly all cells agree', () => {
    const cut = { cells: 60, agreement: 0.8, strictAgreement: 0.6 }
    expect(matchOf({ ...cut, inlierShare: 0.15 })).toBeUndefined()
    expect(matchOf({ ...cut, inlierShare: 0.25 })?.verdict).toBe('review')
    expect(matchOf({ ...cut, inlierShare: 0.15, agreement: 0.95 })?.verdict).toBe('review')
    expect(matchOf({ ...cut, inlierShare: 0.15, cells: 300 })?.verdict).toBe('review')
  })

  it('takes different things on one floor for nothing, and a covered copy for a matter of review', () => {
    const covered = { agreement: 0.7, strictAgreement: 0.62 }
    expect(matchOf(covered)?.verdict).toBe('review')
    expect(matchOf({ ...covered, inlierShare: 0.08 })).toBeUndefined()
    expect(matchOf({ ...covered, agreement: 0.6 })).toBeUndefined()
  })

  it('counts plain cells where a view proposed the map, and names the view', () => {
    const said = (strictAgreement: number) =>
      matchOf({ inliers: 0, inlierShare: null, view: 'trimmed', strictAgreement })
    expect(said(0.8)?.verdict).toBe('confirmed')
    expect(said(0.8)?.reason).toMatch(/^laid over each other by the view trimmed, 90%/)
    expect(said(0.7)?.verdict).toBe('review')
    expect(said(0.6)).toBeUndefined()
  })

  it('says nothing of a picture with little texture', () => {
    expect(matchOf({ cells: POLICY.cellsMin - 1 })).toBeUndefined()
  })
})
