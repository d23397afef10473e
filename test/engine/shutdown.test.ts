import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { openLevelStore, type Store } from '../../src/store/index.ts'

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
  return {
    transact: (work) =>
      store.transact(async (tx) => {
        const result = await work(tx)
        if (isDiskFull) throw new Error('no space left')
        return result
      }),
    read: (work) => store.read(work),
    changes: (...asked) => store.changes(...asked),
    writable: () => store.writable(),
    version: () => store.version(),
    checkedAt: () => store.checkedAt(),
    recentChanges: (prefix, after) => store.recentChanges(prefix, after),
    damaged: () => store.damaged(),
    keepVersions: (key, versions) => store.keepVersions(key, versions),
    hasVersions: () => store.hasVersions(),
    check: (signal) => store.check(signal),
    checkRecords: (signal) => store.checkRecords(signal),
    lease: (name) => store.lease(name),
    isShared: store.isShared,
    sure: () => store.sure(),
    restOn: (key, changed) => {
      store.restOn(key, changed)
    },
    leaseHolders: () => store.leaseHolders(),
    others: () => store.others(),
    scrub: (keys) => store.scrub(keys),
    dump: () => store.dump(),
    close: () => store.close(),
  }
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
