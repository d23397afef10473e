import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { openLevelStore, type Store } from '../../src/store/index.ts'
import { storeOver } from '../store-over.ts'

const SCANNER: Principal = { id: 'anna', pseudonym: 'anna', kind: 'person', roles: ['analyst'] }

let directory: string
let isDiskFull: boolean
let engine: Engine

beforeEach(async () => {
  isDiskFull = false
  directory = await mkdtemp(join(tmpdir(), 'hindra-shutdown-'))
  engine = await createEngine({
    config: configWith({ data: directory, 'pool.threads': 1 }),
    dataKey: Buffer.alloc(32, 7),
    store: fullAtTimes(await openLevelStore({ directory: join(directory, 'store') })),
  })
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

/** A real store on a disk that takes no commit any more. */
function fullAtTimes(store: Store): Store {
  return storeOver(store, {
    transact: (work) =>
      store.transact(async (tx) => {
        const result = await work(tx)
        if (isDiskFull) throw new Error('no space left')
        return result
      }),
  })
}

describe('a shutdown', () => {
  it('says what could not be written, and still lets go of the store', async () => {
    await engine.as(SCANNER).sightings.scan({
      url: 'https://example.org/1.jpg',
      hashes: [{ type: 'sha256', value: '0'.repeat(64) }],
    })
    isDiskFull = true
    await expect(engine.shutdown()).rejects.toThrow('no space left')
    // It would be locked.
    const again = await openLevelStore({ directory: join(directory, 'store') })
    await again.close()
  })
})

describe('a start that fails behind the opening of the store', () => {
  it('lets go of it', async () => {
    await engine.shutdown()
    const config = configWith({ data: directory, 'inbox.imapHost': 'imap.example.org' })
    const started = createEngine({ config, dataKey: Buffer.alloc(32, 7) })
    await expect(started).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    const again = await openLevelStore({ directory: join(directory, 'store') })
    await again.close()
  })
})
