import { isIP } from 'node:net'
import { describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { addressPolicy } from '../../src/intake/addresses.ts'
import { createFetcher, type Resolver } from '../../src/intake/index.ts'
import { tableResolver } from './table-resolver.ts'
import { httpHost } from './hosts.ts'
import { HOSTILE_URLS } from './hostile-urls.ts'

/** What DNS must not answer. */
const HOSTILE_ANSWERS = HOSTILE_URLS.flatMap(([, url]) => {
  const host = /^http:\/\/\[?([^\]/]+)\]?\/$/.exec(url)?.[1] ?? ''
  return isIP(host) === 0 ? [] : [host]
})

/** Public addresses in every form. Judged alone: no test sends anything there. */
const PUBLIC = [
  '8.8.8.8',
  '2606:4700::1111',
  '64:ff9b::808:808',
  '2002:808:808::1',
  '::ffff:8.8.8.8',
  '2606:4700::5efe:8.8.8.8',
]

const settings = configWith({ 'fetch.firstByteSeconds': 0.2, 'fetch.totalSeconds': 0.4 }).fetch
const table = tableResolver({ localhost: ['127.0.0.1'] })

describe('special addresses', () => {
  it.each(HOSTILE_ANSWERS)(
    'are refused as answers of DNS, also beside a public one: %s',
    async (address) => {
      const resolver = tableResolver({ 'trap.example': ['8.8.8.8', address] })
      const fetching = createFetcher({ settings, resolver }).fetch('http://trap.example/')
      await expect(fetching).rejects.toMatchObject({ code: 'FETCH_REFUSED' })
    },
  )

  it('are not the public ones, in any form', () => {
    const policy = addressPolicy([])
    expect(PUBLIC.filter((address) => !policy(address))).toEqual([])
  })

  it.each(['not an address', '', 'localhost', '1.2.3', 'fe80::1%eth0', '2606:4700::1%eth0'])(
    'include what is no address: %j',
    async (address) => {
      const resolver: Resolver = { resolve: () => Promise.resolve([address]) }
      const fetching = createFetcher({ settings, resolver }).fetch('http://trap.example/')
      await expect(fetching).rejects.toMatchObject({ code: 'FETCH_REFUSED' })
    },
  )

  it('are reached only where their network is allowed, whatever form they take', async () => {
    const host = await httpHost((_request, response) => response.end('ours'))
    const allowed = configWith({
      'fetch.allowNetworks': ['127.0.0.0/8'],
      'fetch.allowPorts': [host.port],
    }).fetch
    const fetcher = createFetcher({ settings: allowed, resolver: table })
    const { bytes, address } = await fetcher.fetch(`http://0x7f.1:${host.port}/`)
    expect([Buffer.from(bytes).toString(), address]).toEqual(['ours', '127.0.0.1'])
    const other = fetcher.fetch(`http://[::1]:${host.port}/`)
    await expect(other).rejects.toMatchObject({ code: 'FETCH_REFUSED' })
    await host.close()
  })

  it('need networks that are networks', () => {
    const wrong = { ...settings, allowNetworks: ['10.0.0.0/40'] }
    expect(() => createFetcher({ settings: wrong, resolver: table })).toThrow(/10\.0\.0\.0\/40/)
  })
})

describe('an address', () => {
  it('is looked up once, and the connection goes there and nowhere else', async () => {
    const host = await httpHost((request, response) => response.end(request.headers.host))
    const answers = [['127.0.0.1'], ['127.0.0.2']]
    let lookUps = 0
    const resolver: Resolver = {
      resolve: () => {
        const answer = answers[lookUps] ?? []
        lookUps += 1
        return Promise.resolve(answer)
      },
    }
    const allowed = configWith({
      'fetch.allowNetworks': ['127.0.0.1/32'],
      'fetch.allowPorts': [host.port],
    }).fetch
    const fetcher = createFetcher({ settings: allowed, resolver })
    const fetched = await fetcher.fetch(`http://rebind.example:${host.port}/`)
    expect(Buffer.from(fetched.bytes).toString()).toBe(`rebind.example:${host.port}`)
    expect([fetched.address, lookUps]).toEqual(['127.0.0.1', 1])
    await expect(fetcher.fetch(`http://rebind.example:${host.port}/`)).rejects.toMatchObject({
      code: 'FETCH_REFUSED',
    })
    await host.close()
  })
})
