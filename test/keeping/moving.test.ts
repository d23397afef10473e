import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { configWith, type StorePlace } from '../../src/config.ts'
import { ManualClock, SeededRandom } from '../../src/core/index.ts'
import { createEngine } from '../../src/engine.ts'
import { moveStore } from '../../src/keeping/index.ts'
import { hasStore, openPostgresStore } from '../../src/store/index.ts'
import { read } from '../contract/store-helpers.ts'
import { DATA_KEY } from './with-engine.ts'

const NOW = Date.UTC(2026, 11, 1)
const OPENING = fileURLToPath(new URL('./open-and-write.ts', import.meta.url))

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('a store that is being moved', () => {
  let server: PostgresServer
  let data: string
  let places: Readonly<Record<'directory' | 'postgres', StorePlace>>
  let schema = 0
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.end())
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'hindra-moving-'))
    schema += 1
    places = {
      directory: { directory: join(data, 'store') },
      postgres: { url: server.url(`moved_${schema}`) },
    }
    return () => {
      rmSync(data, { recursive: true, force: true })
    }
  })

  it.each([
    ['directory', 'postgres'],
    ['postgres', 'directory'],
  ] as const)(
    'out of %s is refused to every other process until it is retired',
    async (from, to) => {
      await begin(places[from])
      const said: string[] = []
      const moved = await move(from, to, () => said.push(opened(places[from], 'shared')))
      expect(said).toEqual([expect.stringMatching(/^STORE_LOCKED /)])
      expect(moved.retired).toMatch(/moved_?-?\d/)
      expect(await Promise.all([hasStore(places[from]), hasStore(places[to])])).toEqual([
        false,
        true,
      ])
    },
  )

  it('stays where it is when another process has got in and written all the same', async () => {
    await begin(places.postgres)
    let said = ''
    const moving = move('postgres', 'directory', (line) => {
      if (line.startsWith('comparing')) said = opened(places.postgres, 'without asking')
    })
    await expect(moving).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    expect(said).toBe('written')
    expect(existsSync(join(data, 'store'))).toBe(false)
    const url = 'url' in places.postgres ? places.postgres.url : ''
    const store = await openPostgresStore({ url })
    expect(await read(store, ['answered'])).toBe('yes')
    await store.close()
    const again = await move('postgres', 'directory', () => undefined)
    expect(again.pairs).toBeGreaterThan(0)
  })

  async function begin(place: StorePlace): Promise<void> {
    const engine = await createEngine({
      config: configAt(place),
      dataKey: DATA_KEY,
      clock: new ManualClock(NOW),
    })
    await engine.shutdown()
  }

  function move(
    from: keyof typeof places,
    to: keyof typeof places,
    progress: (line: string) => unknown,
  ) {
    return moveStore({
      config: configAt(places[from]),
      to: places[to],
      dataKey: DATA_KEY,
      clock: new ManualClock(NOW),
      random: new SeededRandom(1),
      progress,
    })
  }

  function configAt(place: StorePlace) {
    return configWith({
      data,
      'pool.threads': 1,
      ...('url' in place && { 'store.url': place.url }),
    })
  }

  /** What a process of its own says that opens the store and writes to it; this one waits for it, and does nothing else. */
  function opened(place: StorePlace, how: string): string {
    const where = 'url' in place ? place.url : place.directory
    const args = ['--import', 'tsx', OPENING, where, how]
    return execFileSync(process.execPath, args, { encoding: 'utf8' })
  }
})
