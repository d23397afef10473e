import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Resolver, systemResolver, tableResolver } from '../../src/intake/index.ts'
import { nameServer } from './name-server.ts'

const V6 = '2606:4700:0:0:0:0:0:1111'
const TABLE = { 'media.example': ['93.184.215.14', V6], 'six.example': [V6], 'none.example': [] }

let system: Resolver
let close: () => Promise<void>

beforeAll(async () => {
  const server = await nameServer(TABLE)
  system = systemResolver([server.address])
  close = () => server.close()
})

afterAll(() => close())

describe('resolvers', () => {
  const both: readonly [string, () => Resolver][] = [
    ['system', () => system],
    ['table', () => tableResolver(TABLE)],
  ]

  describe.each(both)('%s', (_name, resolver) => {
    it('gives all addresses of a name, whatever its case', async () => {
      const addresses = await resolver().resolve('Media.example')
      expect(addresses[0]).toBe('93.184.215.14')
      expect(addresses).toHaveLength(2)
    })

    it('gives what there is of one family', async () => {
      expect(await resolver().resolve('six.example')).toHaveLength(1)
    })

    it.each([
      ['127.0.0.1', '127.0.0.1'],
      ['[::1]', '::1'],
      ['2001:db8::7', '2001:db8::7'],
    ])('gives an address for itself: %s', async (literal, address) => {
      expect(await resolver().resolve(literal)).toEqual([address])
    })

    it.each(['unknown.example', 'none.example', '__proto__', 'constructor'])(
      'has nothing for %s, and does not repeat the name',
      async (name) => {
        const resolving = resolver().resolve(name)
        await expect(resolving).rejects.toMatchObject({ code: 'FETCH_FAILED' })
        await expect(resolving).rejects.not.toThrow(name)
      },
    )
  })
})
