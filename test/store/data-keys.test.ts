import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import {
  Collection,
  dataKeyId,
  KEY_RING,
  keySpace,
  openDataKeys,
  openLevelStore,
  resealAll,
  SealedLog,
  type Store,
} from '../../src/store/index.ts'
import { storedText } from '../stored-text.ts'

const OLD = Buffer.alloc(32, 1)
const NEW = Buffer.alloc(32, 2)
const random = new SeededRandom(3)

let directory: string
let store: Store
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-keys-'))
  store = await openLevelStore({ directory })
})
afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

const nothing = () => undefined
const open = (dataKey: Uint8Array) => openDataKeys(store, dataKey, random)

describe('the data keys of a store', () => {
  it('make a ring once; another data key is a clear error', async () => {
    const first = await open(OLD)
    expect((await open(OLD)).sealer.keyId).toBe(first.sealer.keyId)
    await expect(open(NEW)).rejects.toMatchObject({
      code: 'KEY_WRONG',
      message: `the data key is ${dataKeyId(NEW)}; this store is opened by ${dataKeyId(OLD)}`,
    })
    await expect(open(Buffer.alloc(31))).rejects.toMatchObject({ code: 'KEY_WRONG' })
  })

  it('are exchanged while records come: all is sealed anew, and the old key is useless', async () => {
    const keys = await open(OLD)
    const records = new Collection<{ n: number }, { text: string }>(keySpace('thing'), keys.sealer)
    const log = new SealedLog<{ n: number }>(keySpace('log'), keys.sealer)
    const write = (n: number) =>
      store.transact((tx) => {
        records.put(tx, String(n).padStart(4, '0'), { n }, { text: `text ${n}` })
        log.append(tx, { n })
        // Looks like a record, and is none.
        tx.put(['plain', n], Buffer.of(1, 0, 0, 0, 0, n))
        return Promise.resolve()
      })
    for (let n = 0; n < 250; n++) await write(n)
    const oldRing = Buffer.from((await store.transact((tx) => tx.get(KEY_RING))) ?? []).toString()
    expect(storedText(directory)).toContain(oldRing)
    const oldKeyId = keys.sealer.keyId

    await keys.begin(NEW, nothing)
    expect(await keys.opening()).toEqual([dataKeyId(OLD), dataKeyId(NEW)])
    expect((await open(OLD)).sealer.keyId).toBe((await open(NEW)).sealer.keyId)
    await expect(keys.finish(OLD, nothing)).rejects.toMatchObject({ code: 'CONFLICT' })
    await keys.finish(NEW, nothing)
    await expect(open(OLD)).rejects.toMatchObject({ code: 'KEY_WRONG' })

    const [resealed] = await Promise.all([
      resealAll(store, keys.sealer, () => undefined),
      write(300),
    ])
    expect(resealed).toEqual({ resealed: 500, unreadable: 0 })
    expect(await resealAll(store, keys.sealer, () => undefined)).toMatchObject({ resealed: 0 })
    await keys.drop(nothing)
    await store.scrub([KEY_RING])
    expect(storedText(directory)).not.toContain(oldRing)

    const again = await open(NEW)
    expect(again.sealer.knows(oldKeyId)).toBe(false)
    const reopened = new Collection<{ n: number }, { text: string }>(
      keySpace('thing'),
      again.sealer,
    )
    const entries = new SealedLog<{ n: number }>(keySpace('log'), again.sealer)
    await store.transact(async (tx) => {
      expect(await reopened.need(tx, '0123')).toMatchObject({ sealed: { text: 'text 123' } })
      const found: number[] = []
      for await (const { entry } of entries.entries(tx)) found.push(entry.n)
      expect(found).toEqual([...Array.from({ length: 250 }, (_, n) => n), 300])
    })
  })
})
