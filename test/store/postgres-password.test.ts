import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { openPostgresStore } from '../../src/store/index.ts'

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

/** The password has all that a URL takes for something else. */
const PASSWORD = 'p@ss/w?rd#%41 +&='

describe.skipIf(postgresPrograms === undefined)('a PostgreSQL that asks for a password', () => {
  let server: PostgresServer
  let directory: string
  beforeAll(async () => {
    server = await PostgresServer.start()
    directory = mkdtempSync(join(tmpdir(), 'hindra-password-'))
    await server.query(`CREATE ROLE house LOGIN PASSWORD '${PASSWORD}'`)
    await server.query('GRANT CREATE ON DATABASE postgres TO house')
    const rules = 'host all house 127.0.0.1/32 scram-sha-256\nhost all hindra 127.0.0.1/32 trust\n'
    writeFileSync(join(server.directory, 'pg_hba.conf'), rules)
    await server.query('SELECT pg_reload_conf()')
  })
  afterAll(async () => {
    await server.end()
    rmSync(directory, { recursive: true })
  })

  /** @param content Of its file; undefined: the URL names none, null: one that is not there */
  function open(content: string | null | undefined) {
    const url = new URL(server.url('house'))
    url.username = 'house'
    const file = join(directory, `password-${String(content?.length)}`)
    if (content !== undefined) url.searchParams.set('passwordFile', file)
    // As systemd gives a credential to a user: the group may read it, which .pgpass may not have.
    if (typeof content === 'string') writeFileSync(file, content, { mode: 0o440 })
    return openPostgresStore({ url: url.href })
  }

  it('is told the one that a file holds, with or without the end of its line', async () => {
    for (const content of [PASSWORD, `${PASSWORD}\n`]) {
      const store = await open(content)
      await store.transact((tx) => {
        tx.put(['a'], Buffer.from('b'))
        return Promise.resolve()
      })
      await store.close()
    }
  })

  it('says which it was not, and where one is to be given', async () => {
    await expect(open('another')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(open(undefined)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/^PostgreSQL asks for a password: /) as string,
    })
    await expect(open('')).rejects.toMatchObject({
      message: expect.stringMatching(/asks/) as string,
    })
    await expect(open(null)).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: 'store.url: its passwordFile cannot be read',
    })
  })
})
