import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import type { Item, ListView } from '../../src/register/index.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'

/** Told by a stranger in a field: none may become anything but text. */
const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
/** As long as the shortest digest that is kept: none of them may stand on a page. */
const DIGEST = /\b[0-9a-f]{32,}\b/i

let world: ConsoleWorld
let seed = 4_000

beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false })
})
afterAll(() => world.dispose())

function person(id: string, ...roles: readonly Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}

async function proposed(
  by: Principal = person('somebody', 'analyst'),
  more: Readonly<Record<string, unknown>> = {},
): Promise<Item & { readonly media: string }> {
  seed += 1
  const media = (await sceneJpeg(seed, { width: 640, height: 480 })).toString('base64')
  const item = await world.api.engine
    .as(by)
    .items.propose({ media, classification: 'Baseline', ...more })
  return { ...item, media }
}

/** The case of a copy of an item that a crawler saw at a URL. */
async function seenAt(url: string, { media }: { readonly media: string }): Promise<string> {
  const { engine } = world.api
  const bytes = Buffer.from(media, 'base64')
  const { caseId = '' } = await engine
    .as(person('crawler', 'crawler', 'crawler-verdict'))
    .sightings.submit({ url, media: bytes })
  expect(caseId).not.toBe('')
  return caseId
}

const statusOf = async (id: string) => (await world.api.engine.stages.register.get(id)).status

/** A page without the tokens of its forms. */
const withoutTokens = (html: string) => html.replaceAll(/name="_token" value="[^"]*"/g, '')

/** The part of a page below a heading. */
function below(html: string, id: string): string {
  return html.split(`aria-labelledby="${id}"`)[1]?.split('</section>')[0] ?? ''
}

describe('known material in the console', () => {
  it('shows the second person what waits: name, size, kind and case, and lets them verify it', async () => {
    const ann = await world.signIn('ANN', 'analyst')
    const caseId = await seenAt('https://pictures.example/album/1.jpg', await proposed())
    const item = await proposed(person(ann.id, 'analyst'), {
      fileName: 'beach-17.jpg',
      caseId,
    })
    const vera = await world.signIn('VERA', 'verifier')
    const { html: queue } = await vera.get('/console/verify')
    expect(queue).toContain('beach-17.jpg')
    const bytes = Buffer.from(item.media, 'base64').length.toLocaleString('en')
    expect(queue).toContain(`${bytes} bytes`)
    expect(queue).toContain('picture')
    expect(queue).toContain(`href="/console/cases/${caseId}"`)
    expect(queue).toContain('ANN')
    const { html } = await vera.get(`/console/items/${item.id}`)
    expect(html).toContain('ANN')
    expect(html).toContain('proposed: a second person has not verified it')
    const done = await vera.submit('items.verify', { reason: 'held against my own copy' })
    expect([done.status, done.url]).toEqual([200, `/console/items/${item.id}?done=1`])
    expect(below(done.html, 'history')).toContain('held against my own copy')
    expect(below(done.html, 'history')).toContain('VERA')
    expect(await statusOf(item.id)).toBe('verified')
    expect((await vera.get('/console/verify')).html).not.toContain('beach-17.jpg')
  })

  it('says to who proposed it why another must verify, and takes no form of theirs', async () => {
    const both = await world.signIn('BOTH', 'analyst', 'verifier')
    const item = await proposed(person(both.id, 'analyst'))
    const { html } = await both.get(`/console/items/${item.id}`)
    expect(below(html, 'verify')).toContain('You proposed it. Another person verifies it.')
    expect(html).not.toContain('action="/console/do/items.verify"')
    expect((await both.get('/console/verify')).html).toContain('you proposed it')
    const forced = await both.post('/console/do/items.verify', {
      id: item.id,
      _place: `/console/items/${item.id}`,
    })
    expect(forced.status).toBe(403)
    expect(await statusOf(item.id)).toBe('proposed')
    const { html: analysts } = await (await world.signIn('ONLY', 'analyst')).get(
      `/console/items/${item.id}`,
    )
    expect(below(analysts, 'verify')).toContain('needs item:verify')
  })

  it('verifies nothing whose findings nobody looked at, and says which they are', async () => {
    const flat = await world.api.engine.as(person('somebody', 'analyst')).items.propose({
      media: (await sceneJpeg(91, { width: 24, height: 24 })).toString('base64'),
      classification: 'Baseline',
    })
    const vic = await world.signIn('VIC', 'verifier')
    const { html } = await vic.get(`/console/items/${flat.id}`)
    expect(below(html, 'verify')).toContain('a very small picture')
    const refused = await vic.submit('items.verify', { reason: 'too quick' })
    expect(refused.html).toContain('role="alert"')
    expect(below(refused.html, 'verify')).toContain('too quick')
    // What was typed belongs to the form that it was typed into.
    expect(below(refused.html, 'acts')).not.toContain('too quick')
    expect(await statusOf(flat.id)).toBe('proposed')
    const done = await vic.submit('items.verify', { reason: 'looked', acknowledgeFindings: 'true' })
    expect(done.status).toBe(200)
    expect(await statusOf(flat.id)).toBe('verified')
  })

  it('is doubted by a verifier and retracted by an officer; a wrong class is registered anew', async () => {
    const item = await proposed()
    const vi = await world.signIn('VI', 'verifier')
    await vi.get(`/console/items/${item.id}`)
    await vi.submit('items.verify', {})
    await vi.get(`/console/items/${item.id}`)
    const without = await vi.submit('items.dispute', {})
    expect([without.status, await statusOf(item.id)]).toEqual([400, 'verified'])
    expect(below(without.html, 'acts')).toContain('<details class="fold" open')
    await vi.submit('items.dispute', { reason: 'the class is wrong' })
    expect(await statusOf(item.id)).toBe('disputed')
    const otto = await world.signIn('OTTO', 'officer')
    const { html } = await otto.get(`/console/items/${item.id}`)
    expect(html).toContain('the class is wrong')
    expect(html).toContain('Is the class wrong?')
    const gone = await otto.submit('items.retract', { reason: 'National, not Baseline' })
    expect(gone.html).toContain('retracted: it matches nothing')
    expect(gone.html).toContain('Nothing more can become of it.')
    const again = await world.api.engine
      .as(person('somebody', 'analyst'))
      .items.propose({ media: item.media, classification: 'National' })
    expect([again.id === item.id, again.classification]).toEqual([false, 'National'])
  })

  it('asks the second person to retract, where that takes two, and tells the first one so', async () => {
    const two = await openConsole({
      'trace.registries': false,
      'register.retractionFourEyes': true,
    })
    try {
      const one = await two.signIn('OFF-1', 'officer')
      const media = (await sceneJpeg(77, { width: 640, height: 480 })).toString('base64')
      const as = (id: string, role: Role) => two.api.engine.as(person(id, role))
      const { id } = await as('somebody', 'analyst').items.propose({
        media,
        classification: 'Baseline',
      })
      await as('other', 'verifier').items.verify({ id, acknowledgeFindings: true })
      expect((await one.get(`/console/items/${id}`)).html).toContain('Here two people retract')
      const first = await one.submit('items.retract', { reason: 'not the same' })
      expect(first.html).toContain('You have doubted it. Another person retracts it.')
      expect(first.html).not.toContain('action="/console/do/items.retract"')
      const other = await two.signIn('OFF-2', 'officer')
      await other.get(`/console/items/${id}`)
      await other.submit('items.retract', { reason: 'indeed not' })
      expect((await two.api.engine.stages.register.get(id)).status).toBe('retracted')
    } finally {
      await two.dispose()
    }
  })

  it('links cases and items to each other, and says what waits while it is not verified', async () => {
    const item = await proposed()
    const caseId = await seenAt('https://pictures.example/album/seen.jpg', item)
    const zed = await world.signIn('ZED', 'verifier')
    const { html } = await zed.get(`/console/items/${item.id}`)
    expect(below(html, 'cases')).toContain(`href="/console/cases/${caseId}"`)
    expect(below(html, 'cases')).toContain('One open case waits for it')
    const { html: ofCase } = await zed.get(`/console/cases/${caseId}`)
    expect(ofCase).toContain(`href="/console/items/${item.id}"`)
    await zed.get(`/console/items/${item.id}`)
    const after = await zed.submit('items.verify', { acknowledgeFindings: 'true' })
    expect(below(after.html, 'cases')).not.toContain('waits for it')
  })

  it('is listed by state, class, list and what waits, fifty at a time, and never with a hash', async () => {
    const { engine } = world.api
    const national = await proposed(undefined, { classification: 'National' })
    await engine
      .as(person('ola', 'officer'))
      .lists.create({ name: 'partner-many', kind: 'partner' })
    for (let one = 0; one < 55; one += 1) {
      await engine.as(person('somebody', 'analyst')).items.propose({
        hashes: [{ type: 'sha256', value: one.toString(16).padStart(64, 'a') }],
        kind: 'image',
        list: 'partner-many',
        classification: 'Harmful',
      })
    }
    const aud = await world.signIn('AUD', 'auditor')
    const first = await aud.get('/console/items?list=partner-many')
    expect(first.html).toContain('55 in all')
    expect(first.html.match(/data-row/g)).toHaveLength(50)
    expect(withoutTokens(first.html)).not.toMatch(DIGEST)
    const [, next = ''] = /class="pager".*?href="([^"]*after=[^"]*)"/s.exec(first.html) ?? []
    const second = await aud.get(next.replaceAll('&amp;', '&'))
    expect(second.html.match(/data-row/g)).toHaveLength(5)
    const ofClass = await aud.get('/console/items?classification=National&status=&list=')
    expect(ofClass.html).toContain(national.id)
    expect(ofClass.html).not.toContain('partner-many</td>')
    const waiting = await aud.get('/console/items?list=partner-many&waiting=true')
    expect(waiting.html).toContain('55 in all')
    expect((await aud.get('/console/items?status=nonsense')).status).toBe(400)
    expect((await aud.get('/console/items?list=nobodys')).status).toBe(404)
    const { html } = await aud.get(`/console/items/${national.id}`)
    expect(withoutTokens(html)).not.toMatch(DIGEST)
    expect(html).not.toContain('/console/do/items.')
    const read = await engine.stages.audit.entries({ limit: 1_000 })
    const own = read.filter(({ by }) => by === aud.id).map(({ action }) => action)
    expect(own).toContain('item.list')
    expect(own).toContain('item.read')
  })

  it('shows what strangers wrote as text, and to strangers nothing', async () => {
    const item = await proposed(undefined, {
      fileName: 'a.jpg',
      description: { note: HOSTILE, sourceReference: HOSTILE.slice(0, 50) },
    })
    const vim = await world.signIn('VIM', 'verifier')
    const { html } = await vim.get(`/console/items/${item.id}`)
    expect(html).toContain('&lt;script&gt;')
    expect(html).not.toContain('<script>alert')
    const stranger = await fetch(`${world.api.url}/console/items/${item.id}`, {
      redirect: 'manual',
    })
    expect([stranger.status, stranger.headers.get('location')]).toEqual([
      303,
      `/console/sign-in?next=${encodeURIComponent(`/console/items/${item.id}`)}`,
    ])
    const stat = await world.signIn('STAT', 'statistics')
    for (const path of ['items', `items/${item.id}`, 'verify', 'lists', 'imports', 'sources']) {
      expect([path, (await stat.get(`/console/${path}`)).status]).toEqual([path, 403])
    }
    const { html: menu } = await stat.get('/console/account')
    expect(menu).not.toContain('href="/console/items"')
  })

  it('is found by a second person where another list has verified it already', async () => {
    const item = await proposed()
    const { engine } = world.api
    await engine
      .as(person('other', 'verifier'))
      .items.verify({ id: item.id, acknowledgeFindings: true })
    await engine.as(person('ola', 'officer')).lists.create({ name: 'second-own', kind: 'own' })
    await engine.as(person('somebody', 'analyst')).items.propose({
      media: item.media,
      classification: 'Baseline',
      list: 'second-own',
    })
    const vox = await world.signIn('VOX', 'verifier')
    const { html } = await vox.get('/console/verify?list=second-own')
    expect(html).toContain(`/console/items/${item.id}`)
    const lists: readonly ListView[] = await engine.as(person('v', 'verifier')).lists.list()
    expect(lists.find(({ name }) => name === 'second-own')?.entries.proposed).toBe(1)
  })
})
