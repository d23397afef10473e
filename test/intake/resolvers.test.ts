import { systemResolver } from '../../src/intake/index.ts'
import { tableResolver } from './table-resolver.ts'
import { resolverContract } from '../contract/resolver.ts'
import { nameServer } from './name-server.ts'

resolverContract('system', async (table) => {
  const server = await nameServer(table)
  return { resolver: systemResolver([server.address]), close: () => server.close() }
})

resolverContract('table', (table) =>
  Promise.resolve({ resolver: tableResolver(table), close: () => Promise.resolve() }),
)
