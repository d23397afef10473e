import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { openPostgresStore } from '../../src/store/index.ts'
import { storeContract } from '../contract/store.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.end())

  storeContract('postgres', (directory, options) =>
    openPostgresStore({ url: server.url(schemaOf(directory)), ...options }),
  )
})

/** A schema for each directory. */
function schemaOf(directory: string): string {
  return `s${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`
}
