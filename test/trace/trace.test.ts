import { describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { HOUR_MS, ManualClock } from '../../src/core/index.ts'
import { HindraError } from '../../src/errors.ts'
import type { Resolver } from '../../src/intake/index.ts'
import { createTrace } from '../../src/trace/index.ts'

const ALPHA = { name: 'Alpha Hosting', country: 'SE', abuseContact: 'abuse@alpha.example' }
const BETA = { name: 'Beta Cloud', country: 'NL', abuseContact: 'abuse@beta.example' }

/** Answers from a table that the test may change, and counts the questions. */
function setUp(providers: readonly object[], names: Record<string, string[]> = {}) {
  const clock = new ManualClock(Date.parse('2026-11-02T08:00:00Z'))
  const asked: string[] = []
  const resolver: Resolver = {
    resolve(name) {
      asked.push(name)
      const addresses = names[name]
      return addresses === undefined
        ? Promise.reject(new HindraError('FETCH_FAILED', 'no such name'))
        : Promise.resolve(addresses)
    },
  }
  const settings = configWith({ 'trace.providers': providers, 'trace.cacheHours': 2 }).trace
  return { clock, asked, names, trace: createTrace({ clock }, { settings, resolver }) }
}

describe('trace.find', () => {
  it('finds the provider of a domain and of its subdomains, with the chain of evidence', async () => {
    const { trace } = setUp([{ ...ALPHA, domains: ['Alpha.Example.'] }], {
      'img.alpha.example': ['192.0.2.7'],
    })
    const host = await trace.find('https://IMG.alpha.example:8443/a/b.jpg?x=1')
    expect(host).toMatchObject({ ...ALPHA, addresses: ['192.0.2.7'] })
    expect(host.tracedAt).toBe('2026-11-02T08:00:00.000Z')
    expect(host.evidence).toEqual([
      { step: 'dns', question: 'img.alpha.example', answer: '192.0.2.7', at: host.tracedAt },
      {
        step: 'provider',
        question: 'img.alpha.example',
        answer: 'Alpha Hosting (provider), by domain alpha.example',
        at: host.tracedAt,
      },
      {
        step: 'contact',
        question: 'img.alpha.example',
        answer: 'Alpha Hosting (settings): abuse@alpha.example',
        at: host.tracedAt,
      },
    ])
  })

  it('does not take a name for a subdomain because its letters end alike', async () => {
    const { trace } = setUp([{ ...ALPHA, domains: ['alpha.example'] }])
    await expect(trace.find('http://notalpha.example/')).rejects.toMatchObject({
      code: 'NO_CONTACT',
    })
  })

  it('prefers the most specific domain, wherever it stands in the table', async () => {
    const { trace } = setUp([
      { ...ALPHA, domains: ['example.net'] },
      { ...BETA, domains: ['customer.example.net'] },
    ])
    expect((await trace.find('http://pics.customer.example.net/')).name).toBe(BETA.name)
    expect((await trace.find('http://other.example.net/')).name).toBe(ALPHA.name)
  })

  it('prefers a domain to a network, and the longest prefix among networks', async () => {
    const { trace } = setUp(
      [
        { ...ALPHA, networks: ['198.51.100.0/24', '2001:db8::/32'] },
        { ...BETA, networks: ['198.51.100.128/25'], domains: ['named.example'] },
      ],
      {
        'low.example': ['198.51.100.5'],
        'high.example': ['198.51.100.200'],
        'both.example': ['198.51.100.5', '198.51.100.200'],
        'six.example': ['2001:db8::1'],
        'mapped.example': ['::ffff:198.51.100.5'],
        'named.example': ['198.51.100.5'],
      },
    )
    const nameOf = async (host: string) => (await trace.find(`http://${host}/x`)).name
    expect(await nameOf('low.example')).toBe(ALPHA.name)
    expect(await nameOf('high.example')).toBe(BETA.name)
    expect(await nameOf('both.example')).toBe(BETA.name)
    expect(await nameOf('six.example')).toBe(ALPHA.name)
    expect(await nameOf('mapped.example')).toBe(ALPHA.name)
    expect(await nameOf('named.example')).toBe(BETA.name)
  })

  it('takes address literals without asking the resolver', async () => {
    const { trace, asked } = setUp([{ ...ALPHA, networks: ['127.0.0.0/8', '::1/128'] }])
    expect((await trace.find('http://127.0.0.1:9000/x')).evidence[0]).toMatchObject({
      step: 'literal',
      question: '127.0.0.1',
    })
    expect((await trace.find('http://[::1]:9000/x')).addresses).toEqual(['::1'])
    expect((await trace.find('http://0x7f.1/x')).addresses).toEqual(['127.0.0.1'])
    expect(asked).toEqual([])
  })

  it('still knows the provider of a domain whose name has no address', async () => {
    const { trace } = setUp([{ ...ALPHA, domains: ['alpha.example'] }])
    const host = await trace.find('http://gone.alpha.example/x')
    expect(host).toMatchObject({ name: ALPHA.name, addresses: [] })
    expect(host.evidence[0]?.answer).toBe('no answer (FETCH_FAILED: no such name)')
  })

  it('says NO_CONTACT without the URL, and asks again the next time', async () => {
    const { trace, asked, names } = setUp([{ ...ALPHA, networks: ['203.0.113.0/24'] }])
    const error = await trace.find('http://new.example/secret').catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'NO_CONTACT' })
    expect((error as Error).message).not.toContain('new.example')
    names['new.example'] = ['203.0.113.9']
    expect((await trace.find('http://new.example/secret')).name).toBe(ALPHA.name)
    expect(asked).toHaveLength(2)
  })

  it('believes an answer for cacheHours, and not when a fresh one is asked for', async () => {
    const { trace, asked, clock, names } = setUp(
      [
        { ...ALPHA, networks: ['203.0.113.0/24'] },
        { ...BETA, networks: ['198.51.100.0/24'] },
      ],
      { 'a.example': ['203.0.113.9'] },
    )
    const name = async (fresh = false) => (await trace.find('http://a.example/', { fresh })).name
    expect(await name()).toBe(ALPHA.name)
    names['a.example'] = ['198.51.100.1']
    clock.advance(2 * HOUR_MS - 1)
    expect(await name()).toBe(ALPHA.name)
    expect(asked).toHaveLength(1)
    expect(await name(true)).toBe(BETA.name)
    expect(await name()).toBe(BETA.name)
    clock.advance(2 * HOUR_MS)
    names['a.example'] = ['203.0.113.9']
    expect(await name()).toBe(ALPHA.name)
  })

  it('does not believe an answer from the future after the clock moved back', async () => {
    const { trace, asked, clock } = setUp([{ ...ALPHA, domains: ['a.example'] }])
    await trace.find('http://a.example/')
    clock.advance(-HOUR_MS)
    await trace.find('http://a.example/')
    expect(asked).toHaveLength(2)
  })

  it('refuses what is no URL', async () => {
    await expect(setUp([]).trace.find('no url')).rejects.toMatchObject({ code: 'URL_INVALID' })
  })
})

describe('the table of providers', () => {
  it.each([
    { ...ALPHA, networks: ['10.0.0.300/8'] },
    { ...ALPHA, networks: ['192.0.2.1'] },
    { ...ALPHA, domains: ['*.alpha.example'] },
    { ...ALPHA, domains: ['.alpha.example'] },
    { ...ALPHA, domains: [''] },
  ])('is refused with the name of the row where it cannot be read: %j', (row) => {
    expect(() => setUp([row])).toThrow(/trace\.providers: Alpha Hosting/)
  })
})
