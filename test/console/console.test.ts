import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPERATOR, ROLE_PERMISSIONS } from '../../src/access/index.ts'
import { PAGES } from '../../src/console/index.ts'
import { codeOf, PASSWORD } from '../sessions/world.ts'
import { type ConsoleWorld, openBrowser, openConsole } from './browser.ts'

const URL_TOLD = 'https://pictures.example/album/7.jpg'
/** An id that no record has. */
const NOBODYS = '019a2b3c-0000-7000-8000-000000000000'
/** Told by a stranger in a field: none may become anything but text. */
const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'

let world: ConsoleWorld

beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false })
})
afterAll(() => world.dispose())

async function tip(fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { key } = await world.api.keyOf('intake')
  const { status, body } = await world.api.call('POST', '/v1/tips', {
    key,
    body: { source: 'public', url: URL_TOLD, ...fields },
  })
  expect(status).toBe(201)
  return (body as { id: string }).id
}

describe('the console', () => {
  it('sends whoever has not signed in to the door, and back from there to where they wanted', async () => {
    const browser = openBrowser(world.api.url)
    const { html, url } = await browser.get('/console/cases?status=open')
    expect(url).toBe('/console/sign-in?next=%2Fconsole%2Fcases%3Fstatus%3Dopen')
    expect(html).toContain('name="next" value="/console/cases?status=open"')
    const { url: elsewhere } = await browser.get('/console/sign-in?next=//evil.example')
    expect(elsewhere).toContain('evil')
    const page = await browser.get('/console/sign-in?next=https://evil.example/')
    expect(page.html).toContain('name="next" value="/console"')
  })

  it('is nowhere on the socket, for whoever reaches that has not signed in', async () => {
    const { request } = await import('node:http')
    const status = await new Promise((resolve, reject) => {
      request({ socketPath: world.api.socket, path: '/console/sign-in' }, (answer) => {
        resolve(answer.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(404)
  })

  it('shows a tip in words by its words, as a link to it', async () => {
    const words = `${HOSTILE} http://far.example/a ${'and more of it '.repeat(20)}`
    const told = { url: undefined, words, category: 'grooming', seenIn: 'game', country: 'FI' }
    const id = await tip({ ...told, inDangerNow: true })
    const ann = await world.signIn('WORDS', 'analyst')
    const { html } = await ann.get('/console')
    const [, link = ''] =
      new RegExp(`<a href="/console/tips/${id}"[^>]*>([^<]*)</a>`).exec(html) ?? []
    expect(link).toContain('&quot;&gt;&lt;script&gt;alert(1)')
    expect(link).toMatch(/and more of it.*…$/)
    expect(html).toMatch(/aria-label="[^"]*: &quot;&gt;&lt;script&gt;/)
    expect(html).not.toContain('<script>alert')
    expect(link).toContain('hxxp://far[.]example/a')
    const page = await ann.get(`/console/tips/${id}`)
    expect(page.html).toContain('contact with a child for sexual purposes (grooming)')
    expect(page.html).toMatch(/in a game.*>FI</)
    expect(page.html).toContain('http://far.example/a and more of it')
    await ann.submit('tips.dismiss', { reason: 'a test' })
  })

  it('shows the queue to an analyst, and a tip is assessed there', async () => {
    const id = await tip()
    const ann = await world.signIn('ANN', 'analyst')
    const queue = await ann.get('/console')
    expect(queue.status).toBe(200)
    expect(queue.html).toContain('hxxps://pictures[.]example/album/7.jpg')
    expect(queue.html).not.toContain(URL_TOLD)
    const shown = await ann.get(`/console/tips/${id}`)
    expect(shown.html).toContain('Nothing is known of this URL')
    const after = await ann.submit('assessments.assess', {
      classification: 'Baseline',
      reason: 'seen at the page',
    })
    expect(after.url).toBe(`/console?done=1&back=${encodeURIComponent(`/console/tips/${id}`)}`)
    expect(after.html).toContain('role="status"')
    const [opened] = await world.api.engine.stages.cases.forUrl(URL_TOLD)
    expect(opened?.classification).toBe('Baseline')
    const { html } = await ann.get(`/console/cases/${opened?.id ?? ''}`)
    expect(html).toContain('seen at the page')
    expect(html).toContain('ANN')
  })

  it('shows a refused form again, with why and with what was typed', async () => {
    const id = await tip({ url: 'https://pictures.example/album/8.jpg' })
    const bea = await world.signIn('BEA', 'analyst')
    await bea.get(`/console/tips/${id}`)
    const refused = await bea.submit('tips.dismiss', { why: 'nonsense', reason: 'as I typed it' })
    expect(refused.status).toBe(400)
    expect(refused.html).toContain('role="alert"')
    expect(refused.html).toContain('as I typed it')
  })

  it('shows what strangers wrote as text', async () => {
    const id = await tip({
      url: 'https://pictures.example/a?b=%22%3E',
      note: HOSTILE,
      reference: HOSTILE,
    })
    const cara = await world.signIn('CARA', 'analyst')
    for (const path of ['/console', `/console/tips/${id}`]) {
      const { html } = await cara.get(path)
      expect(html).not.toContain('<script>alert')
      expect(html).not.toContain('<img src=x')
    }
    const found = await cara.post('/console/find', { words: HOSTILE })
    expect(found.html).not.toContain('<script>alert')
  })

  it('takes no form that another site sends, nor one without the token of the session', async () => {
    const id = await tip({ url: 'https://pictures.example/album/9.jpg' })
    const dan = await world.signIn('DAN', 'analyst')
    await dan.get(`/console/tips/${id}`)
    const without = await dan.post('/console/do/tips.dismiss', {
      id,
      reason: 'x',
      why: 'gone',
      _token: 'x',
    })
    expect(without.status).toBe(403)
    const cookie = Array.from(dan.cookies, ([name, value]) => `${name}=${value}`).join('; ')
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
    ]) {
      const answer = await fetch(`${world.api.url}/console/do/tips.dismiss`, {
        method: 'POST',
        headers: { ...headers, cookie, 'content-type': 'application/x-www-form-urlencoded' },
        body: `id=${id}&reason=x&why=gone`,
      })
      expect(answer.status).toBe(403)
    }
    expect(await world.api.engine.stages.tips.get(id)).toMatchObject({ status: 'new' })
  })

  it('offers and shows to each role what its permissions allow, and refuses the rest', async () => {
    for (const role of [
      'analyst',
      'verifier',
      'officer',
      'auditor',
      'admin',
      'statistics',
    ] as const) {
      const person = await world.signIn(`R-${role}`, role)
      const { html: menu } = await person.get('/console/account')
      for (const { path, needs } of PAGES) {
        const wanted = needs === 'signed-in' ? [] : [needs].flat()
        const isAllowed = wanted.every((one) => ROLE_PERMISSIONS[role].includes(one))
        const { status } = await person.get(path.replace(':id', NOBODYS))
        // It shows what a form has asked for, and nobody asked for anything.
        const asked = path === '/console/many' ? 400 : 200
        const shown = path.includes(':') ? 404 : asked
        expect([role, path, status]).toEqual([role, path, isAllowed ? shown : 403])
        if (!isAllowed) expect(menu).not.toContain(`href="${path}"`)
      }
    }
  })

  it('says with each page what a browser may run and load, and that nothing is kept', async () => {
    const eve = await world.signIn('EVE', 'analyst')
    const { headers, html } = await eve.get('/console')
    expect(headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'",
    )
    expect(headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'")
    expect(headers.get('cache-control')).toBe('no-store')
    expect(html).not.toMatch(/\son[a-z]+=|style=/)
    const [style = ''] = /\/console\/assets\/[^"]+\.css/.exec(html) ?? []
    const asset = await eve.get(style)
    expect(asset.headers.get('cache-control')).toContain('immutable')
  })

  it('forgets whoever signs out, and whoever is deactivated', async () => {
    const fay = await world.signIn('FAY', 'analyst')
    const cookies = new Map(fay.cookies)
    await fay.get('/console')
    await fay.post('/console/sign-out', {})
    expect((await fay.get('/console')).url).toContain('/console/sign-in')
    const stolen = await fetch(`${world.api.url}/console`, {
      headers: { cookie: `hindra-session=${cookies.get('hindra-session') ?? ''}` },
      redirect: 'manual',
    })
    expect(stolen.status).toBe(303)
    const gil = await world.signIn('GIL', 'analyst')
    await world.api.engine.as(OPERATOR).people.deactivate({ id: gil.id })
    expect((await gil.get('/console')).url).toContain('/console/sign-in')
  })

  it('shows the same second factor again where the password was refused', async () => {
    const as = world.api.engine.as(OPERATOR)
    await as.people.add({ name: 'Ida', pseudonym: 'IDA', kind: 'person', roles: ['analyst'] })
    const { code } = await as.sessions.invite({ person: 'IDA' })
    const browser = openBrowser(world.api.url)
    const secretOf = (html: string) => /<code class="url">([A-Z2-7]+)<\/code>/.exec(html)?.[1]
    const welcome = await browser.post('/console/welcome', { code })
    const [secret = ''] = [secretOf(welcome.html)]
    const sent = { code, secret, pseudonym: 'IDA', uri: 'otpauth://totp/x', totp: '000000' }
    const refused = await browser.post('/console/enrol', { ...sent, password: 'short' })
    expect(refused.status).toBe(400)
    expect(secretOf(refused.html)).toBe(secret)
    const totp = codeOf(secret, Date.now())
    const enrolled = await browser.post('/console/enrol', { ...sent, password: PASSWORD, totp })
    expect(enrolled.status).toBe(200)
    expect((await browser.get('/console')).html).toContain('IDA')
  })

  it('changes a password, and ends the other sessions with it', async () => {
    const jon = await world.signIn('JON', 'analyst')
    await jon.get('/console/account')
    const wrong = await jon.post('/console/account/password', {
      old: 'x',
      password: 'nine blue lamps',
    })
    expect([wrong.status, wrong.html.includes('role="alert"')]).toEqual([400, true])
    await jon.get('/console/account')
    const changed = await jon.post('/console/account/password', {
      old: PASSWORD,
      password: 'nine blue lamps',
    })
    expect(changed.url).toBe('/console/account?done=1')
  })

  it('speaks Swedish to whoever asks for it', async () => {
    const hal = await world.signIn('HAL', 'analyst')
    await hal.get('/console')
    const { html } = await hal.post('/console/language', { language: 'sv', place: '/console' })
    expect(html).toContain('<html lang="sv">')
    expect(html).toContain('Det som behöver en människa')
  })
})
