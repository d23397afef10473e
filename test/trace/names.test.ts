import { afterEach, describe, expect, it } from 'vitest'
import { network, openTrace, type TraceWorld } from './registries.ts'

let world: TraceWorld
afterEach(() => world.dispose())

function said(host: { evidence: readonly { step: string; answer: string }[] }, step: string) {
  return host.evidence.filter((one) => one.step === step).map(({ answer }) => answer)
}

describe('names', () => {
  it('are followed through their aliases, which tell the proxy', async () => {
    world = await openTrace({
      names: {
        'www.pictures.com': { cname: 'pictures.com.cdn.cloudflare.net' },
        'pictures.com.cdn.cloudflare.net': ['45.90.1.7'],
      },
    })
    const host = await world.trace.find('http://www.pictures.com/')
    expect(host).toMatchObject({
      name: 'Cloudflare',
      kind: 'proxy',
      country: null,
      channel: { kind: 'mail', address: 'abuse@cloudflare.com' },
      contactSource: 'table',
    })
    expect(said(host, 'cname')).toEqual(['pictures.com.cdn.cloudflare.net'])
    expect(said(host, 'provider')).toEqual(['Cloudflare (proxy), by alias cdn.cloudflare.net'])
    // The network is the proxy's, and nobody is asked for it.
    expect(world.asked).not.toContain('ip/45.90.1.7')
  })

  it("use the proxy's own API where it is set up", async () => {
    world = await openTrace({
      names: { 'pictures.com': ['104.16.1.1'] },
      settings: { 'trace.apis': ['cloudflare-abuse'] },
    })
    const host = await world.trace.find('http://pictures.com/')
    expect(host.channel).toEqual({ kind: 'http-api', api: 'cloudflare-abuse' })
    expect(host.abuseContact).toBe('')
  })

  it('may have IPv6 addresses only', async () => {
    world = await openTrace({ names: { 'six.com': ['2606:4700:0:0:0:0:0:1'] } })
    expect((await world.trace.find('http://six.com/')).name).toBe('Cloudflare')
  })

  it('may be aliases in a circle, or of a name that is gone', async () => {
    world = await openTrace({
      names: {
        'a.pictures.com': { cname: 'b.pictures.com' },
        'b.pictures.com': { cname: 'a.pictures.com' },
        'c.pictures.com': { cname: 'gone.pictures.com' },
      },
    })
    const error = { code: 'NO_CONTACT', message: /its name has no address/ }
    await expect(world.trace.find('http://c.pictures.com/')).rejects.toThrow(error.message)
    await expect(world.trace.find('http://a.pictures.com/')).rejects.toMatchObject({
      code: error.code,
    })
  })

  it('may make their server fail', async () => {
    world = await openTrace({ names: { 'down.pictures.com': 'servfail' } })
    await expect(world.trace.find('http://down.pictures.com/')).rejects.toMatchObject({
      code: 'NO_CONTACT',
    })
  })

  it('may belong to a platform that has a channel of its own', async () => {
    world = await openTrace({ names: { 'cdn.discordapp.com': ['45.90.1.7'] } })
    const host = await world.trace.find('https://cdn.discordapp.com/attachments/1')
    expect(host).toMatchObject({ name: 'Discord', kind: 'platform', country: 'US' })
  })

  it('may be onion services, of which nobody is asked', async () => {
    world = await openTrace({ names: {} })
    const url = `http://${'a'.repeat(56)}.onion/x.jpg`
    expect(await world.trace.find(url)).toMatchObject({
      kind: 'onion',
      channel: null,
      country: null,
      addresses: [],
    })
    expect(world.asked).toEqual([])
  })

  it('may name only a country, which is enough for a hotline', async () => {
    world = await openTrace({
      names: {},
      answers: { 'ip/45.90.1.7': network('NL') },
    })
    expect(await world.trace.find('http://45.90.1.7/x')).toMatchObject({
      channel: null,
      country: 'NL',
    })
  })
})
