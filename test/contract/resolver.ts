import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Resolver } from '../../src/intake/index.ts'

const V6 = '2606:4700:0:0:0:0:0:1111'
const TABLE = { 'media.example': ['93.184.215.14', V6], 'six.example': [V6], 'none.example': [] }

/** A resolver of the names of a table. */
export interface TestResolver {
  readonly resolver: Resolver
  close(): Promise<void>
}

/** What every resolver must do. */
export function resolverContract(
  name: string,
  open: (table: Readonly<Record<string, readonly string[]>>) => Promise<TestResolver>,
): void {
  describe(`${name}: resolver`, () => {
    let opened: TestResolver
    beforeAll(async () => {
      opened = await open(TABLE)
    })
    afterAll(() => opened.close())

    it('gives all addresses of a name, whatever its case', async () => {
      const addresses = await opened.resolver.resolve('Media.example')
      expect(addresses[0]).toBe('93.184.215.14')
      expect(addresses).toHaveLength(2)
    })

    it('gives what there is of one family', async () => {
      expect(await opened.resolver.resolve('six.example')).toHaveLength(1)
    })

    it.each([
      ['127.0.0.1', '127.0.0.1'],
      ['[::1]', '::1'],
      ['2001:db8::7', '2001:db8::7'],
    ])('gives an address for itself: %s', async (literal, address) => {
      expect(await opened.resolver.resolve(literal)).toEqual([address])
    })

    it.each(['unknown.example', 'none.example', '__proto__', 'constructor'])(
      'has nothing for %s, and does not repeat the name',
      async (unknown) => {
        const resolving = opened.resolver.resolve(unknown)
        await expect(resolving).rejects.toMatchObject({ code: 'FETCH_FAILED' })
        await expect(resolving).rejects.not.toThrow(unknown)
      },
    )
  })
}
