import { parse } from 'csv-parse/sync'
import { Parser } from 'htmlparser2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/access/index.ts'
import { assessmentsCsv } from '../../src/cli/assessments-csv.ts'
import { PAGES } from '../../src/console/index.ts'
import { DAY, HOUSE } from '../../src/console/places.ts'
import { csv } from '../../src/exchange/formats/csv.ts'
import { REPORT_NAMES } from '../../src/reports/terms.ts'
import { openBrowser } from './browser.ts'
import { type HostileHouse, openHostileHouse, PLAIN_WORD, type ToldStory } from './hostile-house.ts'
import { HOSTILE_WORDS, readable } from './hostile-words.ts'

type Person = Awaited<ReturnType<HostileHouse['world']['signIn']>>

/** Who has pages at all, by what they are allowed. */
const ROLES: readonly Role[] = [
  ...(['intake', 'analyst', 'verifier', 'officer', 'auditor', 'statistics', 'exchange'] as const),
  ...(['admin'] as const),
]
const EVERYTHING: readonly Role[] = [
  'analyst',
  'verifier',
  'officer',
  'auditor',
  'exchange',
  'admin',
]
/** Words are told three at a time; those that many fields refuse, or that fill one, by themselves. */
const TOGETHER = 3
const AT_ONCE = 4
const ALONE = /[\p{Cc}\p{Zl}\p{Zp}]|^[W=]/u
/** What turns the direction of writing, or stands unseen among letters. */
const UNSEEN = /\p{Bidi_Control}|[\u200B\u2060\uFEFF\u00AD]|[^\P{Cc}\t\n\r]|[\u2028\u2029]/u
/** Fields that take all words of a story. */
const WHOLE = ['tip', 'tip in words', 'reason', 'objection']
const AUTHOR = { id: 'all', pseudonym: 'all', kind: 'person' } as const
/** Two pages are of one kind where they differ by ids alone. */
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[\w-]{43}|(?<=\/lists\/)[^/?]+/gi

let house: HostileHouse
let stories: readonly ToldStory[]
let everybody: Person
/** Every tag with the names of its attributes that a house has in which nobody wrote anything but one plain word. */
let usual: ReadonlySet<string>
/** The one link that leads out: where who is not safe leaves to. */
let usualLinks: ReadonlySet<string>
let usualHeaders: ReadonlySet<string>

beforeAll(async () => {
  const plain = await openHostileHouse()
  const [first] = await told(plain, [[PLAIN_WORD]])
  const reader = await plain.world.signIn('ALL', ...EVERYTHING)
  const pages = [...(await walked(plain, reader, 'sv')).values()]
  const stranger = openBrowser(plain.world.api.url)
  pages.push((await stranger.get('/tip')).html)
  pages.push((await stranger.post('/tip', { words: PLAIN_WORD })).html)
  const receipt = first?.receipt ?? ''
  pages.push((await stranger.post('/tip/receipt', { language: 'en', receipt })).html)
  usualLinks = new Set(pages.flatMap((html) => seen(html).links))
  usual = new Set(pages.flatMap((html) => seen(html).tags))
  usualHeaders = new Set(plain.mails.received.flatMap(({ raw }) => headersOf(raw).map(nameOf)))
  await plain.dispose()

  house = await openHostileHouse()
  stories = await told(house, groups())
  everybody = await house.world.signIn('ALL', ...EVERYTHING)
}, 300_000)
afterAll(() => house.dispose())

function groups(): readonly (readonly string[])[] {
  const alone = HOSTILE_WORDS.filter((words) => ALONE.test(words))
  const others = HOSTILE_WORDS.filter((words) => !ALONE.test(words))
  return [
    ...alone.map((words) => [words]),
    ...Array.from({ length: Math.ceil(others.length / TOGETHER) }, (_, at) =>
      others.slice(at * TOGETHER, (at + 1) * TOGETHER),
    ),
  ]
}

/** Tells them, some at once, and sends what is due. */
async function told(
  hotline: HostileHouse,
  all: readonly (readonly string[])[],
): Promise<readonly ToldStory[]> {
  const done: ToldStory[] = []
  for (let from = 0; from < all.length; from += AT_ONCE) {
    done.push(
      ...(await Promise.all(all.slice(from, from + AT_ONCE).map((one) => hotline.tell(one)))),
    )
  }
  return hotline.send(done)
}

async function speak(person: Person, language: string): Promise<void> {
  await person.get('/console/account')
  const { status } = await person.post('/console/language', {
    language,
    place: '/console/account',
  })
  expect(status).toBe(200)
}

/** The lines of the head of a mail, those that go on put together. */
function headersOf(raw: Buffer): readonly string[] {
  const [head = ''] = raw.toString('latin1').split('\r\n\r\n')
  return head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
}

const nameOf = (header: string) => header.slice(0, header.indexOf(':'))

interface SeenPage {
  readonly tags: readonly string[]
  /** What a reader reads, without what stands in fields. */
  readonly text: string
  readonly links: readonly string[]
  /** Those that somebody follows. */
  readonly ways: readonly string[]
}

const LINKING = ['href', 'src', 'action', 'formaction', 'data', 'srcset', 'poster', 'cite']

function seen(html: string): SeenPage {
  const tags: string[] = []
  const texts: string[] = []
  const links: string[] = []
  const ways: string[] = []
  const within: string[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      within.push(name)
      tags.push([name, ...Object.keys(attributes).toSorted()].join(' '))
      for (const [attribute, value] of Object.entries(attributes)) {
        if (LINKING.includes(attribute)) links.push(value)
        if (name === 'a' && attribute === 'href') ways.push(value)
      }
    },
    onclosetag: () => void within.pop(),
    ontext: (text) => texts.push(within.at(-1) === 'textarea' ? '' : text),
    oncomment: () => tags.push('comment'),
    onprocessinginstruction: (name) => tags.push(`instruction ${name}`),
    oncdatastart: () => tags.push('cdata'),
  })
  parser.end(html)
  return { tags, text: texts.join('\n'), links, ways }
}

/** What is wrong with a page, whatever was written by whom. */
function faultsOf(html: string): readonly string[] {
  const { tags, links, text } = seen(html)
  const counted = ['html', 'head', 'body', 'main'].map(
    (name) => tags.filter((tag) => tag.split(' ')[0] === name).length,
  )
  return [
    ...tags.filter((tag) => !usual.has(tag)),
    ...links.filter(
      (link) => !usualLinks.has(link) && !/^(?:\/(?![/\\])|#)[^<>"'`\s\\]*$/.test(link),
    ),
    ...(UNSEEN.test(text) ? ['what cannot be seen is not shown'] : []),
    ...(counted.every((count) => count === 1) ? [] : [`parts of a page: ${counted.join()}`]),
  ]
}

/** Every page to which links lead from where one can begin, so many of each kind. */
async function walked(
  { world }: HostileHouse,
  person: Person,
  language: string,
  each = 2,
): Promise<ReadonlyMap<string, string>> {
  await speak(person, language)
  const kinds = new Map<string, number>()
  const queue = [...DAY, ...HOUSE].map(({ path }) => path)
  queue.push('/console/account', '/console/policy?file=routes.yaml')
  const pages = new Map<string, string>()
  for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
    const { status, html } = await person.get(place)
    if (status === 403) continue
    expect([place, status]).toEqual([place, 200])
    pages.set(place, html)
    for (const way of seen(html).ways) {
      const { pathname, searchParams } = new URL(way, world.api.url)
      const isPage = pathname.startsWith('/console') && !/\.\w{3,4}$/.test(pathname)
      const kind = `${kindOf(pathname)}?${[...searchParams.keys()].join('&')}`
      const known = kinds.get(kind) ?? 0
      if (!isPage || known >= each || pages.has(way) || queue.includes(way)) continue
      kinds.set(kind, known + 1)
      queue.push(way)
    }
  }
  return pages
}

const kindOf = (path: string) => path.replaceAll(ID, ':id')

describe('whatever strangers and colleagues write', () => {
  it('is sixty sorts of words, in fields that take them or say so', () => {
    expect(HOSTILE_WORDS).toHaveLength(60)
    const refused = new Set(stories.flatMap((story) => story.refused))
    expect([...refused].toSorted()).toEqual(['item', 'list', 'public tip', 'series', 'source'])
  })

  it('is text on the page of every record', async () => {
    const faults: string[] = []
    for (const { words, refused, places } of stories) {
      for (const [place, field] of places) {
        const { html, status } = await everybody.get(place)
        if (status !== 200) faults.push(`${kindOf(place)}: ${status}`)
        faults.push(...faultsOf(html).map((fault) => `${kindOf(place)}: ${fault}`))
        if (field === null || refused.includes(field)) continue
        const wanted = WHOLE.includes(field) ? wholly(words) : begins(words)
        if (!readable(seen(html).text).includes(wanted)) {
          faults.push(`${kindOf(place)}: ${JSON.stringify(words.slice(0, 80))} is not there`)
        }
      }
    }
    expect([...new Set(faults)]).toEqual([])
  })

  it('is text on every page to which links lead, for everybody who may see it', async () => {
    const faults: string[] = []
    const kinds = new Set<string>()
    for (const [number, role] of [undefined, ...ROLES].entries()) {
      const roles = role === undefined ? EVERYTHING : [role]
      const person = await house.world.signIn(`W-${number}`, ...roles)
      const language = number % 2 === 0 ? 'sv' : 'en'
      const pages = await walked(house, person, language, role === undefined ? 3 : 1)
      for (const [place, html] of pages) {
        kinds.add(kindOf(place.split('?')[0] ?? ''))
        faults.push(...faultsOf(html).map((fault) => `${kindOf(place)}: ${fault}`))
      }
    }
    expect([...new Set(faults)]).toEqual([])
    // What waits for a second person leads to the first, which tells of an item its id alone; a key of the police to the
    // second, which has a test of its own; a form to the third; a policy that draws samples to the fourth.
    const elsewhere = [
      '/console/items/:id/own-copy',
      '/console/dossiers/:id',
      '/console/many',
      '/console/again/:id',
    ]
    const missed = PAGES.map(({ path }) => path).filter(
      (path) => ![...kinds].some((kind) => isOf(kind, path)),
    )
    expect(missed.toSorted()).toEqual(elsewhere.toSorted())
  }, 300_000)

  it('is text where somebody comes back with a receipt, and where they are told what is wrong', async () => {
    const faults: string[] = []
    for (const { words, refused, receipt } of stories) {
      const browser = openBrowser(house.world.api.url)
      const shown = await browser.post('/tip/receipt', { language: 'en', receipt })
      if (!refused.includes('message') && !readable(seen(shown.html).text).includes(begins(words)))
        faults.push(`receipt: ${JSON.stringify(words.slice(0, 80))} is not there`)
      const wrong = await browser.post('/tip', { language: 'en', words, url: words })
      faults.push(...[shown.html, wrong.html].flatMap(faultsOf))
    }
    expect([...new Set(faults)]).toEqual([])
  })

  it('is in letters that are text alone, and makes no header', () => {
    const faults: string[] = []
    expect(house.mails.received.length).toBeGreaterThanOrEqual(stories.length)
    for (const { raw, parsed } of house.mails.received) {
      if (parsed.html !== false || /^content-type:\s*text\/html/im.test(raw.toString('latin1')))
        faults.push('HTML')
      faults.push(
        ...headersOf(raw)
          .map(nameOf)
          .filter((name) => !usualHeaders.has(name)),
      )
      if (UNSEEN.test(parsed.text ?? '')) faults.push(`unseen: ${JSON.stringify(parsed.text)}`)
      if (UNSEEN.test(parsed.subject ?? '')) faults.push(`unseen: ${parsed.subject ?? ''}`)
    }
    expect(faults).toEqual([])
  })

  it('is nothing that a spreadsheet runs, in any file of rows', async () => {
    const as = house.world.api.engine.as({ ...AUTHOR, roles: EVERYTHING })
    const lists = await as.lists.list({})
    const written = [assessmentsCsv(await as.assessments.list({ limit: 1_000 }))]
    for (const { name } of lists.filter(({ kind }) => kind === 'partner')) {
      const { id } = await as.listExports.begin({ list: name, reason: 'as tested' })
      const entries = await as.listExports.entries({ id })
      const [writer, opinions] = [csv.write({ classes: {} }), csv.feedback]
      written.push(writer.head + entries.flatMap((entry) => writer.pieces(entry)).join(''))
      written.push(entries.flatMap((entry) => opinions?.pieces(entry) ?? []).join(''))
    }
    for (const report of REPORT_NAMES) {
      written.push((await everybody.get(`/console/reports/${report}/2026.csv`)).html)
    }
    const cells = written.flatMap((text) => parse(text, { relax_column_count: true }).flat())
    expect(
      cells.filter(
        (cell) => /^'*[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/.test(cell) && !cell.startsWith("'"),
      ),
    ).toEqual([])
    expect(cells.some((cell) => cell.startsWith("'=cmd"))).toBe(true)
  })
})

/** All of the words, as far as long fields have them. */
const wholly = (words: string) => readable(words).slice(-1_900)
/** The beginning of the words, as far as a field has it that takes few. */
const begins = (words: string) => readable(words).slice(0, 20)

function isOf(kind: string, path: string): boolean {
  return new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(kind)
}
