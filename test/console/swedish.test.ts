import { Parser } from 'htmlparser2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { DAY, HOUSE } from '../../src/console/places.ts'
import { ERRORS_SV } from '../../src/console/words/errors/index.ts'
import { audit as auditWords } from '../../src/console/words/audit/index.ts'
import { CASE_WHYS_SV } from '../../src/console/words/case-whys.ts'
import { laidDownIn } from '../../src/console/words/laid-down.ts'
import { foundSv } from '../../src/console/words/matches/found.ts'
import { REACHES_SV } from '../../src/console/words/matches/reaches.ts'
import { MATCH_WHYS_SV } from '../../src/console/words/matches/whys.ts'
import { NOTICE_FAULTS_SV } from '../../src/console/words/notice-faults.ts'
import { REFUSALS_SV } from '../../src/console/words/refusals/index.ts'
import { readPolicy } from '../../src/engine-policy.ts'
import { judge } from '../../src/match/index.ts'
import { HOST } from '../cases/world.ts'
import {
  ALIGNMENT,
  filmOf,
  fingerprintOf,
  hitOf,
  itemOf,
  judged,
  judgedFilms,
  POLICY,
  scenes,
} from '../match/sample.ts'
import { type HostileHouse, openHostileHouse } from './hostile-house.ts'

/** What people write in this house: no word of it is English. */
const OURS = 'Ordet'
const EVERYTHING: readonly Role[] = [
  ...(['analyst', 'verifier', 'officer', 'auditor', 'exchange', 'admin', 'intake'] as const),
]
/** Words without which hardly an English sentence does, and which no Swedish one has. */
const ENGLISH =
  /(?<![\p{L}\p{N}_./:@-])(?:the|is|was|were|are|not|has|have|had|with|of|and|that|this|which|who|whose|nobody|somebody|cannot|its|it|from|what|where|until|into|than|only|one|or|as)(?![\p{L}\p{N}_/@-])/giu
/** What is no sentence of ours: what is typed, code, and the letters and files that people read as they are. */
const NO_SENTENCE = ['script', 'style', 'code', 'pre', 'textarea', 'bdi']
const SPOKEN = ['aria-label', 'title', 'placeholder', 'alt']
/** What a mail of a sister hotline tells is the note of a tip, written when it came, for readers of either language. */
const NOTE_OF_MAIL = /^mail of \S+: /
const EACH = 12
const AUTHOR = { id: 'all', pseudonym: 'all', kind: 'person' } as const
/** What a house laid down is shown line by line, as its file has it. */
const AS_LAID_DOWN = '/console/policy?file='
/** Two pages are of one kind where they differ by ids alone. */
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[\w-]{43}|(?<=\/(?:lists|sources)\/)[^/?]+/gi

let house: HostileHouse
type Person = Awaited<ReturnType<HostileHouse['world']['signIn']>>
let everybody: Person

beforeAll(async () => {
  house = await openHostileHouse()
  const story = await house.tell([OURS])
  await house.send([story])
  everybody = await inSwedish('ALL', ...EVERYTHING)
  await matched()
}, 120_000)
afterAll(() => house.dispose())

async function inSwedish(pseudonym: string, ...roles: readonly Role[]): Promise<Person> {
  const person = await house.world.signIn(pseudonym, ...roles)
  await person.get('/console/account')
  await person.post('/console/language', { language: 'sv', place: '/console/account' })
  return person
}

/** A case of each kind of evidence: what confirms, and what a person decides for one reason and another. */
async function matched(): Promise<void> {
  const { cases, register, store } = house.world.api.engine.stages
  const as = house.world.api.engine.as({ ...AUTHOR, roles: EVERYTHING })
  const value = 'e'.repeat(64)
  const { id } = await as.items.propose({
    hashes: [{ type: 'pdq', value }],
    classification: 'Baseline',
  })
  const item = itemOf({ id })
  const film = scenes(1, 12)
  const judgements = [
    judged([hitOf({ itemId: id, distance: 0 })], [item]),
    judged([hitOf({ itemId: id, distance: 20, quality: 60 })], [item]),
    judged([hitOf({ itemId: id, view: 'content-box' })], [item]),
    judged([hitOf({ itemId: id, method: 'md5' })], [item]),
    judged([hitOf({ itemId: id, method: 'opaque' })], [item]),
    judged([hitOf({ itemId: id, method: 'track' })], [item]),
    judged([hitOf({ itemId: id })], [itemOf({ id, matching: 'review', heldBy: 'disputed' })]),
    judgedFilms(filmOf(film.slice(0, 3)), filmOf(film)),
    weighed({
      itemRegion: { x: 0.2, y: 0.2, width: 0.3, height: 0.3 },
      drawn: { cells: 9, strictAgreement: 0.9 },
    }),
    weighed({ form: true, sharedCells: 9, mirrored: true }),
    weighed({ differing: { share: 0.4, itemRegion: ALIGNMENT.itemRegion } }),
  ]
  for (const [number, judgement] of judgements.entries()) {
    const url = `https://pictures.example/matched/${String(number)}`
    const matches = judgement.matches.map((match) => ({ ...match, itemId: id }))
    expect(matches).toHaveLength(1)
    await store.transact((tx) =>
      cases.openFromMatch(tx, 'crawler', { url }, { ...judgement, matches }, register),
    )
  }

  function weighed(change: Partial<typeof ALIGNMENT>) {
    return judge({
      fingerprint: fingerprintOf(),
      hits: [],
      items: new Map([[id, item]]),
      alignments: new Map([[id, { ...ALIGNMENT, ...change }]]),
      policy: POLICY,
    })
  }
}

/** What a reader of a page reads or is read, piece by piece. */
function spoken(html: string): readonly string[] {
  const pieces: string[] = []
  const within: string[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      within.push(name)
      pieces.push(...SPOKEN.flatMap((attribute) => attributes[attribute] ?? []))
    },
    onclosetag: () => void within.pop(),
    ontext(text) {
      if (!NO_SENTENCE.some((name) => within.includes(name))) pieces.push(text.trim())
    },
  })
  parser.end(html)
  return pieces.filter((piece) => piece !== '')
}

/** Pieces of a page that are English sentences, or parts of one. */
function english(html: string): readonly string[] {
  return spoken(html).filter(
    (piece) => (piece.match(ENGLISH) ?? []).length > 0 && !NOTE_OF_MAIL.test(piece),
  )
}

const kindOf = (path: string) => path.replaceAll(ID, ':id')

/** Every page to which links lead from where one can begin, so many of each kind. */
async function walked(): Promise<ReadonlyMap<string, string>> {
  const kinds = new Map<string, number>()
  const queue = [...DAY, ...HOUSE].map(({ path }) => path)
  queue.push('/console/account', '/console/policy/route')
  queue.push('/console/policy/route?url=https%3A%2F%2Fh1.example%2Fcase')
  queue.push('/console/policy/route?kind=provider&country=JP&ownRequest=true')
  const pages = new Map<string, string>()
  for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
    const { status, html } = await everybody.get(place)
    expect([place, status]).toEqual([place, 200])
    pages.set(place, html)
    for (const [, way = ''] of html.matchAll(/href="([^"]*)"/g)) {
      const to = way.replaceAll('&amp;', '&')
      const { pathname, searchParams } = new URL(to, house.world.api.url)
      const isPage = pathname.startsWith('/console') && !/\.\w{2,4}$/.test(pathname)
      const kind = `${kindOf(pathname)}?${[...searchParams.keys()].join('&')}`
      const known = kinds.get(kind) ?? 0
      if (!isPage || known >= EACH || pages.has(to) || queue.includes(to)) continue
      kinds.set(kind, known + 1)
      queue.push(to)
    }
  }
  return pages
}

describe('the console in Swedish', () => {
  it('says no English sentence on any page', async () => {
    const found = new Set<string>()
    for (const [place, html] of await walked()) {
      if (place.startsWith(AS_LAID_DOWN)) continue
      for (const piece of english(html)) found.add(`${kindOf(place)}: ${piece}`)
    }
    expect([...found]).toEqual([])
  }, 300_000)

  it('tells in Swedish what Hindra did to a case, and what a person wrote as it was written', async () => {
    const { cases, store } = house.world.api.engine.stages
    const [first] = await cases.list({ status: 'open' })
    const id = String(first?.id)
    await store.transact(async (tx) => {
      await cases.setHost(tx, 'hindra', id, { ...HOST, tracedAt: '2026-11-29T09:00:00.000Z' })
      await cases.markNotified(tx, 'hindra', id)
      await cases.answerLook(tx, AUTHOR.id, id, { answer: 'still-there' }, OURS)
    })
    const { html } = await everybody.get(`/console/cases/${id}`)
    const timeline = html.slice(html.indexOf('<ol class="timeline"'))
    const moments = spoken(timeline.slice(0, timeline.indexOf('</ol>')))
    expect(moments).toEqual(
      expect.arrayContaining([
        `öppet: värden är ${HOST.name}`,
        'någon har fått veta: en underrättelse har gått i väg',
        `någon har fått veta: en person har tittat, det finns kvar: ${OURS}`,
      ]),
    )
  })

  it('has words for each act of the audit, and for all that an entry says beside it', async () => {
    const { audit } = house.world.api.engine.as({ ...AUTHOR, roles: EVERYTHING })
    const wordless = new Set<string>()
    let entries = 0
    for (let before: string | null | undefined; before !== null; ) {
      const { rows, next } = await audit.search({ before, limit: 100 })
      for (const { action, detail } of rows) {
        if (!(action in auditWords.sv.actions)) wordless.add(action)
        for (const name of Object.keys(detail)) {
          if (!(name in auditWords.sv.details)) wordless.add(`${action} ${name}`)
        }
      }
      entries += rows.length
      before = next
    }
    expect(entries).toBeGreaterThan(100)
    expect([...wordless]).toEqual([])
  })

  it('refuses in Swedish, with what was wrong and what to do', async () => {
    const { engine } = house.world.api
    const as = engine.as({ ...AUTHOR, roles: EVERYTHING })
    const tip = await as.tips.submit({ source: 'public', url: 'https://pictures.example/refused' })
    const { id: tipId } = tip as { readonly id: string }
    const ann = await inSwedish('ANN', ...EVERYTHING)
    await ann.get(`/console/tips/${tipId}`)
    const refused = [
      await ann.submit('tips.dismiss', { why: 'nonsense', reason: OURS }),
      await ann.submit('tips.dismiss', { why: 'other', reason: OURS.repeat(2_000) }),
      await ann.submit('assessments.assess', { classification: 'Baseline', reason: '' }),
    ]
    await ann.get('/console/lists')
    refused.push(await ann.submit('lists.create', { name: 'own', kind: 'partner' }))
    await ann.get('/console/contacts')
    refused.push(
      await ann.submit('contacts.enter', {
        municipality: '9999',
        mail: 'a@b.example',
        reason: OURS,
      }),
    )
    await ann.get('/console/account')
    refused.push(
      await ann.post('/console/account/password', { old: 'x', password: 'short' }),
      await ann.get('/console/cases/019a2b3c-0000-7000-8000-000000000000'),
      await ann.get('/console/policy/route?url=nonsense'),
    )
    await ann.get(`/console/tips/${tipId}`)
    await ann.submit('tipAssignments.take', {})
    const bea = await inSwedish('BEA', 'analyst')
    await bea.get('/console')
    const token = { id: tipId, reason: OURS, why: 'other', _place: `/console/tips/${tipId}` }
    refused.push(await bea.post('/console/do/tips.dismiss', token))
    const dan = await inSwedish('DAN', 'statistics')
    refused.push(await dan.get('/console/audit'))
    for (const { html, status, url } of refused) {
      expect([url, english(html)]).toEqual([url, []])
      expect([url, status >= 400 || url.includes('route')]).toEqual([url, true])
    }
    expect(refused.map(({ html }) => spoken(html).join(' ')).join('\n')).toMatch(
      /ANN arbetar med tipset till \d{4}-\d{2}-\d{2} \d{2}:\d{2}/,
    )
  })

  it('has no English in what it says of errors, refusals, matches and letters', () => {
    const valueOf = (_: unknown, name: string) => (name === 'cause' ? 'not-found' : '7')
    const values = new Proxy({}, { get: valueOf }) as never
    const tables: readonly Readonly<Record<string, (values: never) => string>>[] = [
      REFUSALS_SV,
      MATCH_WHYS_SV,
      REACHES_SV,
      NOTICE_FAULTS_SV,
      CASE_WHYS_SV,
    ]
    const said = [
      ...tables.flatMap((table) => Object.values(table).map((words) => words(values))),
      ...Object.values(ERRORS_SV).flatMap(({ meaning, remedy }) => [meaning, remedy]),
    ]
    expect(said.length).toBeGreaterThan(300)
    expect(said.filter((words) => (words.match(ENGLISH) ?? []).length > 0)).toEqual([])
    expect(said.filter((words) => words.trim() === '' || words.includes('undefined'))).toEqual([])
  })

  it('has Swedish for all that Hindra ships for a house to lay down', () => {
    const { routes, questions, vocabulary } = readPolicy(configWith({}))
    const { sources, ageBands, siteTypes, commerciality } = vocabulary
    const shipped = [
      ...routes.policy.rules.map(({ why }) => why),
      ...routes.policy.withoutUrl.map(({ why }) => why),
      ...questions.all.flatMap(({ asks, answers }) => [asks, ...Object.values(answers)]),
      ...questions.never.map(({ why }) => why),
      ...[sources, ageBands, siteTypes, commerciality].flatMap((terms) => Object.values(terms)),
    ]
    expect(shipped.length).toBeGreaterThan(60)
    const same = shipped.filter((text) => laidDownIn('sv', text) === text)
    // A word that is the same in both.
    expect(same).toEqual(['forum'])
    expect(laidDownIn('sv', 'what a house wrote itself')).toBe('what a house wrote itself')
  })

  it('tells of a match out of its numbers alone', () => {
    const [match] = judged([hitOf({ distance: 20, quality: 60, itemQuality: 90 })]).matches
    expect(match && foundSv(match)).toBe('PDQ-avstånd 20, kvalitet 60 och 90')
    expect(match?.why).toEqual([{ says: 'distance-alone', radius: POLICY.confirmRadius }])
  })
})
