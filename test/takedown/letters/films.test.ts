import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Match, Showing } from '../../../src/match/index.ts'
import { lookOf, matchOf } from '../../cases/world.ts'
import { ALIGNMENT } from '../../match/sample.ts'
import { xarfOf } from '../received.ts'
import { openTakedownWorld, type TakedownWorld } from '../world.ts'

const LAID = { ...ALIGNMENT, mirrored: true }

/** What each kind of finding that has to do with films is, and what a letter says of it. */
const FINDINGS: readonly {
  readonly what: string
  readonly match: Partial<Match>
  readonly sv: readonly string[]
  readonly en: readonly string[]
}[] = [
  {
    what: 'a mirrored piece of a known film, in the corner of another film',
    match: {
      method: 'film',
      alignment: { ...LAID, seconds: 4, itemSeconds: 9 },
      pieces: [{ from: 3, to: 7, itemFrom: 8, itemTo: 12 }],
    },
    sv: [
      'barn i pornografisk bild. 1.',
      'den kända filmens klass: Baseline, ',
      'känt material: en film som visar, helt eller delvis, en film som vi har granskat tidigare',
      'tid i filmen: omkring 3 s till 7 s nummer',
    ],
    en: [
      'child sexual abuse material. 1.',
      'class of the known film: Baseline, ',
      'known material: a film that shows all or part of a film that we verified before',
      'time in the film: about 3 s to 7 s number',
    ],
  },
  {
    what: 'a film with most of its frames like those of a known film',
    match: {
      method: 'film',
      distance: 4,
      frames: { matched: 9, of: 10, itemMatched: 9, itemOf: 10 },
    },
    sv: ['en film som visar, helt eller delvis, en film som vi har granskat tidigare nummer'],
    en: ['a film that shows all or part of a film that we verified before number'],
  },
  {
    what: 'a picture from a known film, posted as a picture',
    match: { method: 'frame', alignment: { ...LAID, itemSeconds: 9 } },
    sv: [
      'är eller visar en bild ur en film med barn i pornografisk bild. 1.',
      'den kända filmens klass: Baseline, ',
      'känt material: en bild ur en film som vi har granskat tidigare; bilden för sig har vi inte granskat nummer',
    ],
    en: [
      'is or shows a picture from a film that is child sexual abuse material. 1.',
      'class of the known film: Baseline, ',
      'known material: a picture from a film that we verified before; the picture by itself we did not verify number',
    ],
  },
  {
    what: 'one picture of a known film, shown in another film',
    match: { method: 'frame', alignment: { ...LAID, seconds: 75, itemSeconds: 9 } },
    sv: [
      'en film som visar en bild ur en film som vi har granskat tidigare; bilden för sig har vi inte granskat',
      'tid i filmen: omkring 1 min 15 s nummer',
    ],
    en: [
      'a film that shows a picture from a film that we verified before; the picture by itself we did not verify',
      'time in the film: about 1 min 15 s number',
    ],
  },
  {
    what: 'a known picture, shown in a film',
    match: { method: 'frame', alignment: { ...LAID, seconds: 12 } },
    sv: [
      'barn i pornografisk bild. 1.',
      'den kända bildens klass: Baseline, ',
      'känt material: en film som visar en bild som vi har granskat tidigare',
      'tid i filmen: omkring 12 s nummer',
    ],
    en: [
      'child sexual abuse material. 1.',
      'class of the known picture: Baseline, ',
      'known material: a film that shows a picture that we verified before',
      'time in the film: about 12 s number',
    ],
  },
  {
    what: 'a frame near to a known picture, which a person accepted',
    match: { verdict: 'review', method: 'pdq', distance: 8, seconds: 12 },
    sv: ['känt material: en film som visar en bild som vi har granskat tidigare'],
    en: ['known material: a film that shows a picture that we verified before'],
  },
  {
    what: 'a picture near to a frame of a known film, which a person accepted',
    match: { verdict: 'review', method: 'pdq', distance: 8, itemSeconds: 9 },
    sv: ['är eller visar en bild ur en film', 'bilden för sig har vi inte granskat'],
    en: ['is or shows a picture from a film', 'the picture by itself we did not verify'],
  },
]

let world: TakedownWorld
beforeEach(async () => {
  world = await openTakedownWorld()
})
afterEach(() => world.dispose())

const flat = (text: string | undefined) => text?.replace(/\s+/g, ' ') ?? ''
const last = () => world.server.received.at(-1)?.parsed

/** A case of the finding at each of two hosts, one of which is written to in Swedish. */
async function told(host: 'alpha' | 'beta', match: Partial<Match>): Promise<string> {
  await world.item('item-1')
  const found = matchOf('item-1', 'confirmed', match)
  const { caseId = 'none' } = await world.see(`http://${host}.example/1.mp4`, [found])
  if (found.verdict === 'review') {
    await world.transact((tx) => world.cases.decide(tx, 'anna', caseId, 'accepted', 'as seen'))
  }
  await world.run()
  return caseId
}

async function look(caseId: string, shown: Showing): Promise<void> {
  const seen = { ...lookOf('present', world.now()), shown }
  await world.transact((tx) => world.cases.recordRecheck(tx, 'hindra', caseId, seen))
}

describe.each(FINDINGS)('of $what a letter', ({ match, sv, en }) => {
  it.each([
    ['alpha', sv],
    ['beta', en],
  ] as const)('to %s says what is so, and no more', async (host, sentences) => {
    await told(host, match)
    const text = flat(last()?.text)
    for (const sentence of sentences) expect(text).toContain(sentence)
    expect(text).not.toMatch(/en kopia av något|a copy of something/)
  })
})

describe('what a letter says of known material', () => {
  it('is that it is a copy, where it is one', async () => {
    await told('alpha', { method: 'features', alignment: LAID })
    expect(flat(last()?.text)).toMatch(
      / klass: Baseline, [^:]*känt material: en kopia av något som vi har granskat tidigare nummer/,
    )
  })

  it('is so of each address, and its first sentence of all', async () => {
    await world.item('item-1')
    const pictures = { method: 'frame', alignment: { ...LAID, itemSeconds: 9 } } as const
    await world.see('http://alpha.example/1.jpg', [matchOf('item-1')])
    await world.see('http://alpha.example/2.jpg', [matchOf('item-1', 'confirmed', pictures)])
    await world.run()
    const text = flat(last()?.text)
    expect(text).toContain(
      'innehåll som vi bedömer är barn i pornografisk bild, eller är eller visar en bild ur en sådan film.',
    )
    expect(text).toMatch(/1\.jpg .*en kopia av något .*2\.jpg .*en bild ur en film/)
  })

  it('is what the last look saw there, where the host replaced it', async () => {
    const id = await told('alpha', { method: 'film', distance: 0 })
    world.pass(25)
    await look(id, { extent: 'frame', moments: [{ from: 5, to: 5 }] })
    await world.run()
    expect(last()?.subject).toMatch(/Påminnelse/)
    const text = flat(last()?.text)
    expect(text).toContain('en film som visar en bild ur en film som vi har granskat tidigare')
    expect(text).toContain('tid i filmen: omkring 5 s')
    expect(text).toContain('som vi bedömer är eller visar en bild ur en film med')
  })

  it('is the same for machines', async () => {
    const descriptions: string[] = []
    for (const [n, { match }] of FINDINGS.entries()) {
      await world.item('item-1')
      await world.see(`http://alpha.example/${n}.mp4`, [
        matchOf('item-1', 'confirmed', { ...match, verdict: 'confirmed' }),
      ])
    }
    await world.run()
    for (const { description } of xarfOf(last())) descriptions.push(description)
    const film = /^A film that shows all or part of a film that was assessed before/
    const picture = /picture, from a film that was assessed before.*by itself was not assessed\.$/
    const still = /^A film that shows a picture that was assessed before/
    const said = [film, film, picture, picture, still, still, picture]
    expect(descriptions).toHaveLength(said.length)
    for (const [n, one] of said.entries()) expect(descriptions[n]).toMatch(one)
  })
})
