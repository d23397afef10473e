import { Parser } from 'htmlparser2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role } from '../../src/access/index.ts'
import { DAY, HOUSE } from '../../src/console/places.ts'
import { type HostileHouse, openHostileHouse } from './hostile-house.ts'

/** What people write in this house: no word of it is English. */
const OURS = 'Ordet'
const EVERYTHING: readonly Role[] = [
  ...(['analyst', 'verifier', 'officer', 'auditor', 'exchange', 'admin', 'intake'] as const),
]
/** Words without which hardly an English sentence does, and which no Swedish one has. */
const ENGLISH =
  /(?<![\p{L}\p{N}_./:@-])(?:the|is|was|were|are|not|has|have|had|with|of|and|that|this|which|who|whose|nobody|somebody|cannot|its|it|from|what|where|until|into|than|other|only|one|or|on|as)(?![\p{L}\p{N}_/@-])/giu
/** What is no sentence of ours: what is typed, code, and the letters and files that people read as they are. */
const NO_SENTENCE = ['script', 'style', 'code', 'pre', 'textarea', 'bdi']
const SPOKEN = ['aria-label', 'title', 'placeholder', 'alt']
const EACH = 6
/** Two pages are of one kind where they differ by ids alone. */
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[\w-]{43}|(?<=\/(?:lists|sources)\/)[^/?]+/gi

let house: HostileHouse
let everybody: Awaited<ReturnType<HostileHouse['world']['signIn']>>

beforeAll(async () => {
  house = await openHostileHouse()
  const story = await house.tell([OURS])
  await house.send([story])
  everybody = await house.world.signIn('ALL', ...EVERYTHING)
  await everybody.get('/console/account')
  await everybody.post('/console/language', { language: 'sv', place: '/console/account' })
}, 120_000)
afterAll(() => house.dispose())

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
  return spoken(html).filter((piece) => (piece.match(ENGLISH) ?? []).length > 0)
}

const kindOf = (path: string) => path.replaceAll(ID, ':id')

/** Every page to which links lead from where one can begin, so many of each kind. */
async function walked(): Promise<ReadonlyMap<string, string>> {
  const kinds = new Map<string, number>()
  const queue = [...DAY, ...HOUSE].map(({ path }) => path)
  queue.push('/console/account', '/console/policy/route')
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
      for (const piece of english(html)) found.add(`${kindOf(place)}: ${piece}`)
    }
    expect([...found]).toEqual([])
  }, 300_000)
})
