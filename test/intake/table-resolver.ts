import { HindraError } from '../../src/errors.ts'
import { literalAddress, type Resolver } from '../../src/intake/index.ts'

/** Knows the names of the table and address literals, and nothing else. */
export function tableResolver(table: Readonly<Record<string, readonly string[]>>): Resolver {
  const names = new Map(Object.entries(table).map(([name, list]) => [name.toLowerCase(), list]))
  return {
    resolve(hostname) {
      const literal = literalAddress(hostname)
      const addresses = literal === undefined ? names.get(hostname.toLowerCase()) : [literal]
      if (addresses !== undefined && addresses.length > 0) return Promise.resolve(addresses)
      return Promise.reject(new HindraError('FETCH_FAILED', 'DNS gave no address (ENOTFOUND)'))
    },
  }
}
