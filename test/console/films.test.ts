import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Match } from '../../src/match/index.ts'
import { lookOf, matchOf } from '../cases/world.ts'
import { ALIGNMENT } from '../match/sample.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'

const LAID = { ...ALIGNMENT, mirrored: true }
const PIECES = [{ from: 3, to: 7, itemFrom: 8, itemTo: 12 }]

/** Findings, each of which one page tells. */
const FINDINGS = [
  {
    match: { method: 'film', alignment: { ...LAID, seconds: 4, itemSeconds: 9 }, pieces: PIECES },
    en: [
      'A film that shows the known film, all of it or a part.',
      '3.0 to 7.0 s shows 8.0 to 12.0 s',
    ],
    sv: [
      'En film som visar den kända filmen, hel eller en del av den.',
      '3,0 till 7,0 s visar 8,0',
    ],
  },
  {
    match: { method: 'frame', alignment: { ...LAID, seconds: 4, itemSeconds: 9 } },
    en: [
      'One picture of the known film is shown. Of the rest of that film nothing is said. At 4.0 s.',
    ],
    sv: ['En enda bild ur den kända filmen visas.', 'Vid 4,0 s.'],
  },
  {
    match: { method: 'frame', alignment: { ...LAID, seconds: 12 } },
    en: ['A film that shows the known picture. At 12.0 s.'],
    sv: ['En film som visar den kända bilden. Vid 12,0 s.'],
  },
] as const satisfies readonly {
  match: Partial<Match>
  en: readonly string[]
  sv: readonly string[]
}[]

let world: ConsoleWorld
let ann: Awaited<ReturnType<ConsoleWorld['signIn']>>
let itemId: string

beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false })
  ann = await world.signIn('ANN', 'analyst')
  const bo = await world.signIn('BO', 'verifier')
  const person = { kind: 'person' } as const
  const by = { ...person, id: ann.id, pseudonym: 'ANN', roles: ['analyst'] } as const
  const other = { ...person, id: bo.id, pseudonym: 'BO', roles: ['verifier'] } as const
  const { curation } = world.api.engine.stages
  const media = await sceneJpeg(5)
  itemId = (await curation.propose(by, { media, classification: 'Baseline' })).id
  await curation.verify(other, { itemId, acknowledgeFindings: true })
})
afterAll(() => world.dispose())

const mainOf = (html: string) => html.slice(html.indexOf('<main'), html.indexOf('</main>'))

/** A case of that finding. */
async function caseOf(match: Partial<Match>, url: string): Promise<string> {
  const { store, cases, register } = world.api.engine.stages
  const judgement = {
    verdict: 'confirmed' as const,
    matches: [matchOf(itemId, 'confirmed', match)],
  }
  const { caseId = 'none' } = await store.transact((tx) =>
    cases.openFromMatch(tx, 'hindra', { url }, judgement, register),
  )
  return caseId
}

async function read(place: string, language: 'en' | 'sv'): Promise<string> {
  await ann.get(place)
  return mainOf((await ann.post('/console/language', { language, place })).html)
}

describe('the page of a case', () => {
  it.each(FINDINGS.map((finding, n) => [n, finding] as const))(
    'says in either language what of the item is shown, and when (%i)',
    async (n, { match, en, sv }) => {
      const id = await caseOf(match, `http://192.0.2.7/${n}.mp4`)
      const [english, swedish] = [
        await read(`/console/cases/${id}`, 'en'),
        await read(`/console/cases/${id}`, 'sv'),
      ]
      for (const sentence of en) expect(english).toContain(sentence)
      for (const sentence of sv) expect(swedish).toContain(sentence)
      expect(english.includes('aria-label="3.0 to 7.0 s shows')).toBe(n === 0)
    },
  )

  it('says what the last look saw there', async () => {
    const id = await caseOf(FINDINGS[0].match, 'http://192.0.2.7/replaced.mp4')
    const { store, cases } = world.api.engine.stages
    const { openedAt: at } = await cases.get(id)
    const shown = { extent: 'frame', moments: [{ from: 5, to: 5 }] } as const
    await store.transact((tx) =>
      cases.recordRecheck(tx, 'hindra', id, { ...lookOf('present', at), shown }),
    )
    const page = await read(`/console/cases/${id}`, 'en')
    expect(page).toMatch(/it was there.*One picture of the known film is shown\./s)
  })
})
