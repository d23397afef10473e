import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LookingHouse, openLookingHouse } from './looking-house.ts'

const PAGE = `<!doctype html><title>The "board" &lt;b&gt;</title>
  <p>Ask for \u202Egnp.exe at https://swap.example/room</p><img src=/one.jpg><script>alert(1)</script>
  <p>&lt;script&gt;alert(2)&lt;/script&gt;</p><style>p { color: red }</style>
  <a href="https://next.example/a?b=1&amp;c=2#d">next <i>room</i></a><a href="javascript:alert(3)">run</a>
  <a href="mailto:a@b.example">write</a><base href="https://elsewhere.example/"><a href=x>there</a>`

let house: LookingHouse

beforeAll(async () => {
  house = await openLookingHouse()
})
afterAll(() => house.dispose())

/** What stands below the head and menus, before the foot. */
function mainOf(html: string): string {
  return /<main[^]*<\/main>/.exec(html)?.[0] ?? ''
}

describe('the page that a tip names', () => {
  it('is read by an act of its own: as text to be read, with nothing to follow or to load', async () => {
    const ann = await house.analyst()
    const { id, path } = await house.tipOf(PAGE)
    const { html: tip } = await ann.get(`/console/tips/${id}`)
    expect(tip).toContain('Read the page at the address')
    expect(tip).not.toContain('on which it was seen')
    expect(house.asked).not.toContain(path)
    const { status, html, headers } = await ann.submit('looks.text', {})
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toContain("img-src 'self';")
    const main = mainOf(html)
    expect(main).toContain('The &quot;board&quot; &lt;b&gt;')
    expect(main).toContain('Ask for [U+202E]gnp.exe at hxxps://swap[.]example/room')
    expect(main).toContain('&lt;script&gt;alert(2)&lt;/script&gt;')
    expect(main).toContain('>hxxps://next[.]example/a?b=1&amp;c=2#d<')
    expect(main).toContain('next room')
    expect(main).toContain('>mailto:a@b.example<')
    expect(main).toContain('>hxxps://elsewhere[.]example/x<')
    expect(main).toContain('1 more link is not shown.')
    expect(main).not.toMatch(/<img|<script|javascript:|https?:\/\/|color: red/)
    const followed = Array.from(main.matchAll(/href="([^"]*)"/g), ([, to = '']) => to)
    expect(followed).toEqual(['#links', `/console/tips/${id}`])
    expect(house.asked.filter((one) => one !== path && one.endsWith('one.jpg'))).toEqual([])
  })

  it('may be the page on which it was seen, of a tip and of its case', async () => {
    const ann = await house.analyst()
    const { url: pageUrl } = await house.tipOf(PAGE)
    const { url } = await house.tipOf(house.picture)
    const { key } = await house.world.api.keyOf('intake')
    const body = { source: 'public', url: `${url}?of-page`, pageUrl }
    const made = await house.world.api.call('POST', '/v1/tips', { key, body })
    const { id } = made.body as { id: string }
    expect((await ann.get(`/console/tips/${id}`)).html).toContain('on which it was seen')
    const read = await ann.post('/console/do/looks.text', { of: 'tip', id, at: 'pageUrl' })
    expect(read.html).toContain('[U+202E]gnp.exe')
    await ann.get(`/console/tips/${id}`)
    await ann.submit('assessments.assess', { classification: 'Baseline', reason: 'seen there' })
    const [entry] = await house.world.api.engine.stages.cases.forUrl(body.url)
    const { html } = await ann.get(`/console/cases/${entry?.id ?? ''}`)
    expect(html).toContain('on which it was seen')
  })

  it.each([
    ['a picture', 200, 'What is there is no page'],
    ['what is gone', 410, 'The host answered with status 410'],
  ])('that is %s says so', async (_what, status, words) => {
    const ann = await house.analyst()
    const { id } = await house.tipOf(house.picture, { status })
    await ann.get(`/console/tips/${id}`)
    const { html } = await ann.submit('looks.text', {})
    expect(html).toContain('There is nothing to read')
    expect(html).toContain(words)
  })

  it('is told in Swedish to whoever reads Swedish', async () => {
    const ann = await house.analyst()
    const { id } = await house.tipOf('<html><p>')
    await ann.get('/console/account')
    await ann.post('/console/language', { language: 'sv', next: '/console/account' })
    await ann.get(`/console/tips/${id}`)
    const { html } = await ann.submit('looks.text', {})
    expect(html).toContain('Sidan har ingen text.')
    expect(html).toContain('Ingen som leder någon annanstans.')
  })

  it('is offered to nobody who does not assess or decide', async () => {
    const reader = await house.world.signIn('READER', 'auditor', 'intake')
    const { id, path } = await house.tipOf(PAGE)
    expect((await reader.get(`/console/tips/${id}`)).html).not.toContain('looks.text')
    expect((await reader.post('/console/do/looks.text', { of: 'tip', id })).status).toBe(403)
    expect(house.asked).not.toContain(path)
  })
})
