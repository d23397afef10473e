import { describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { addressPolicy } from '../../src/intake/addresses.ts'
import { createFetcher, type Resolver, tableResolver } from '../../src/intake/index.ts'
import { httpHost } from './hosts.ts'

/** How URLs write addresses that must not be talked to. */
const HOSTILE_HOSTS = [
  '127.0.0.1',
  '127.8.9.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '%31%32%37.0.0.1',
  '１２７.0.0.1',
  '0',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a00:1]',
  '[64:ff9b:1::8.8.8.8]',
  '[2002:7f00:1::]',
  '[2002:c0a8:101::1]',
  '[2001::1]',
  '[2001:db8::1]',
  '[3fff::1]',
  '[100::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[4000::1]',
  'LOCALHOST',
  'localhost.',
]

/** Public addresses in every form. Judged alone: no test sends anything there. */
const PUBLIC = [
  '8.8.8.8',
  '2606:4700::1111',
  '64:ff9b::808:808',
  '2002:808:808::1',
  '::ffff:8.8.8.8',
]

const settings = configWith({ 'fetch.firstByteSeconds': 0.2, 'fetch.totalSeconds': 0.4 }).fetch
const table = tableResolver({ localhost: ['127.0.0.1'] })

describe('special addresses', () => {
  it.each(HOSTILE_HOSTS)('are refused in URLs: %s', async (host) => {
    const fetcher = createFetcher({ settings, resolver: table })
    const fetching = fetcher.fetch(`http://${host}/secret/path`)
    await expect(fetching).rejects.toMatchObject({ code: 'FETCH_REFUSED' })
    await expect(fetching).rejects.not.toThrow(/secret/)
  })

  it.each(HOSTILE_HOSTS.slice(-24).filter((host) => host.startsWith('[')))(
    'are refused as answers of DNS, also beside a public one: %s',
    async (host) => {
      const resolver = tableResolver({ 'trap.example': ['8.8.8.8', host.slice(1, -1)] })
      const fetching = createFetcher({ settings, resolver }).fetch('http://trap.example/')
      await expect(fetching).rejects.toMatchObject({ code: 'FETCH_REFUSED' })
    },
  )

  it('are not the public ones, in any form', () => {
    const policy = addressPolicy([])
    expect(PUBLIC.filter((address) => !policy(address))).toEqual([])
  })

  it.each(['not an address', '', 'localhost', '1.2.3', 'fe80::1%eth0'])(
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
