import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeyRing, keysFrom, SeededRandom } from '../../src/core/index.ts'
import {
  Collection,
  type Database,
  keySpace,
  openLevelStore,
  readCounter,
  type Store,
  take,
} from '../../src/store/index.ts'
import type { StoreState } from '../../src/store/state.ts'
import { onDisk } from './on-disk.ts'

const KEY = Buffer.alloc(32, 7)
const random = new SeededRandom(5)
const sealer = createKeyRing(keysFrom(Buffer.alloc(32, 1)), random)
const things = new Collection<{ n: number }, { text: string }>(keySpace('thing'), sealer)

let directory: string
let store: Store
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-versions-'))
  store = await openLevelStore({ directory })
  await store.keepVersions(KEY, 'anew')
})
afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

function write(id: string, n: number): Promise<void> {
  return store.transact((tx) => {
    things.put(tx, id, { n }, { text: `version ${n}` })
    return Promise.resolve()
  })
}

function writeMany(n: number): Promise<void> {
  return store.transact((tx) => {
    for (let id = 0; id < 2_000; id += 1) things.put(tx, `r${id}`, { n }, { text: '' })
    return Promise.resolve()
  })
}

function remove(id: string): Promise<void> {
  return store.transact((tx) => {
    things.delete(tx, id)
    return Promise.resolve()
  })
}

const read = (id: string) => store.transact((tx) => things.get(tx, id))

async function reopen(): Promise<void> {
  await store.close()
  store = await openLevelStore({ directory })
  await store.keepVersions(KEY, 'known')
}

/** What somebody does who has the disk, and not the data key, while nobody has the store open. */
async function whileClosed<Found>(act: (db: Database) => Promise<Found>): Promise<Found> {
  await store.close()
  return onDisk(directory, act)
}

/** All whose key begins with the letter: d data, v versions, s state. */
function allOf(db: Database, letter: string): Promise<[Buffer, Buffer][]> {
  return db.iterator({ gte: Buffer.from(letter), lt: nextLetter(letter) }).all()
}

function nextLetter(letter: string): Buffer {
  return Buffer.from(String.fromCharCode(letter.charCodeAt(0) + 1))
}

async function placeBack(db: Database, letter: string, pairs: [Buffer, Buffer][]): Promise<void> {
  for (const [key] of await allOf(db, letter)) await db.del(key)
  for (const [key, value] of pairs) await db.put(key, value)
}

async function opening(): Promise<unknown> {
  store = await openLevelStore({ directory })
  return store.keepVersions(KEY, 'known').then(
    () => 'opened',
    (error: unknown) => (error as { code: string }).code,
  )
}

describe('an older copy of a record, put back without the data key', () => {
  it('is refused where it is read, named, and left out of lists; the others are read', async () => {
    await write('a', 1)
    await write('b', 1)
    const old = await whileClosed((db) => allOf(db, 'd'))
    store = await openLevelStore({ directory })
    await store.keepVersions(KEY, 'known')
    await write('a', 2)
    await whileClosed(async (db) => {
      for (const [key, value] of old) if (key.includes('a')) await db.put(key, value)
    })
    expect(await opening()).toBe('opened')
    await expect(read('a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    expect(await read('b')).toMatchObject({ clear: { n: 1 } })
    const [rows, clear] = await store.read(async (tx) => [
      await take(things.rows(tx)),
      await take(things.clearRows(tx)),
    ])
    expect([rows.map(({ id }) => id), clear.map(({ id }) => id)]).toEqual([['b'], ['b']])
    expect(store.damaged()).toEqual(['thing/a, is not the copy that was written last'])
    // What is written anew is the newest.
    await write('a', 3)
    expect(await read('a')).toMatchObject({ clear: { n: 3 } })
    expect(store.damaged()).toEqual([])
  })

  it('is refused where the record was removed since, and one that was taken out is missed', async () => {
    await write('a', 1)
    await write('b', 1)
    const old = await whileClosed((db) => allOf(db, 'd'))
    expect(await opening()).toBe('opened')
    await remove('a')
    expect(await read('a')).toBeUndefined()
    await whileClosed(async (db) => {
      for (const [key, value] of old) {
        if (key.includes('a')) await db.put(key, value)
        else await db.del(key)
      }
    })
    expect(await opening()).toBe('opened')
    await expect(read('a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    await expect(read('b')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    expect(await read('c')).toBeUndefined()
    expect(store.damaged()).toEqual([
      'thing/a, is not the copy that was written last',
      'thing/b, was taken out of the files',
    ])
  })

  it.each([
    ['the log of versions', ['d', 'v']],
    ['the state of the store', ['d', 's']],
  ])('is refused as a whole where %s is put back with it', async (_, letters) => {
    await write('a', 1)
    const old = await whileClosed(async (db) => {
      const kept: [string, [Buffer, Buffer][]][] = []
      for (const letter of letters) kept.push([letter, await allOf(db, letter)])
      return kept
    })
    expect(await opening()).toBe('opened')
    await write('a', 2)
    await whileClosed(async (db) => {
      for (const [letter, pairs] of old) await placeBack(db, letter, pairs)
      await rm(join(directory, 'last-commit'))
    })
    expect(await opening()).toBe('STORE_REPLAYED')
  })

  it.each<[string, (entries: [Buffer, Buffer][]) => [Buffer, Buffer][]]>([
    ['cut off', (entries) => entries.slice(0, -1)],
    ['without its beginning', (entries) => entries.slice(1)],
    ['without one in the middle', (entries) => entries.filter((_, n) => n !== 2)],
    [
      'with two in each other’s place',
      ([[a, first] = NONE, [b, second] = NONE, ...rest]) => [[a, second], [b, first], ...rest],
    ],
    [
      'with a bit changed',
      ([[key, value] = NONE, ...rest]) => [
        [key, Buffer.from(value.map((byte, n) => (n === 40 ? byte ^ 1 : byte)))],
        ...rest,
      ],
    ],
    ['gone', () => []],
  ])('is not read where the log of versions is %s', async (_, change) => {
    for (let n = 0; n < 5; n += 1) await write('a', n)
    await whileClosed(async (db) => placeBack(db, 'v', change(await allOf(db, 'v'))))
    expect(await opening()).toBe('STORE_REPLAYED')
    // Somebody accepts what there is.
    await store.keepVersions(KEY, 'anew')
    expect(await read('a')).toMatchObject({ clear: { n: 4 } })
    await reopen()
    expect(await read('a')).toMatchObject({ clear: { n: 4 } })
  })

  it('is not read where the state says that no versions were kept', async () => {
    await write('a', 1)
    await whileClosed(async (db) => {
      const [[key, value] = NONE] = await allOf(db, 's')
      const { version, changes, truncated } = JSON.parse(value.toString()) as StoreState
      const before = { format: 1, version, changes, truncated }
      await db.put(key, Buffer.from(JSON.stringify(before)))
    })
    expect(await opening()).toBe('STORE_REPLAYED')
  })

  it('is told by another key than that of the store only as foreign', async () => {
    await write('a', 1)
    await store.close()
    store = await openLevelStore({ directory })
    await expect(store.keepVersions(Buffer.alloc(32, 8), 'known')).rejects.toMatchObject({
      code: 'STORE_REPLAYED',
    })
  })

  it('is not written to by who does not keep the versions, without being found out', async () => {
    await write('a', 1)
    await store.close()
    store = await openLevelStore({ directory })
    await write('a', 2)
    await store.close()
    expect(await opening()).toBe('STORE_REPLAYED')
  })
})

describe('a look through all records', () => {
  it('finds what was put back and what was taken out, though nobody asks for it', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'gone']) await write(id, 1)
    const old = await whileClosed((db) => allOf(db, 'd'))
    expect(await opening()).toBe('opened')
    await write('a', 2)
    await remove('gone')
    await store.checkRecords(AbortSignal.timeout(10_000))
    expect(store.damaged()).toEqual([])
    await whileClosed(async (db) => {
      for (const [key, value] of old) {
        if (key.includes('a') || key.includes('gone')) await db.put(key, value)
        else if (!key.includes('b')) await db.del(key)
      }
    })
    expect(await opening()).toBe('opened')
    await store.checkRecords(AbortSignal.timeout(10_000))
    expect(store.damaged()).toEqual([
      'thing/a, is not the copy that was written last',
      'thing/gone, is not the copy that was written last',
      '2 records were taken out of the files',
    ])
  })

  it('leaves an alarm as it is where it is broken off', async () => {
    await writeMany(1)
    await write('gone', 1)
    await whileClosed(async (db) => {
      for (const [key] of await allOf(db, 'd')) if (key.includes('gone')) await db.del(key)
    })
    expect(await opening()).toBe('opened')
    await store.checkRecords(AbortSignal.timeout(10_000))
    expect(store.damaged()).toEqual(['1 records were taken out of the files'])
    await store.checkRecords(AbortSignal.abort())
    expect(store.damaged()).toEqual(['1 records were taken out of the files'])
  })

  it('finds nothing where many write meanwhile', async () => {
    for (let n = 0; n < 3; n += 1) await writeMany(n)
    const checking = store.checkRecords(AbortSignal.timeout(10_000))
    for (let n = 0; n < 50; n += 1) {
      await write(`r${n}`, n)
      await remove(`r${n + 100}`)
      await write(`new${n}`, n)
    }
    await checking
    expect(store.damaged()).toEqual([])
  })
})

describe('a store that keeps the versions of its records', () => {
  it('gives a long reading what was the newest when it began', async () => {
    await write('a', 1)
    await write('b', 1)
    await store.read(async (tx) => {
      await write('a', 2)
      await remove('b')
      await write('a', 3)
      await write('c', 1)
      expect(await things.get(tx, 'a')).toMatchObject({ clear: { n: 1 } })
      expect(await things.get(tx, 'b')).toMatchObject({ clear: { n: 1 } })
      expect(await things.get(tx, 'c')).toBeUndefined()
    })
    expect(await read('a')).toMatchObject({ clear: { n: 3 } })
    expect(store.damaged()).toEqual([])
  })

  it('reads its own writes, and what a transaction removed', async () => {
    await write('a', 1)
    await store.transact(async (tx) => {
      things.put(tx, 'a', { n: 2 }, { text: '' })
      things.put(tx, 'new', { n: 1 }, { text: '' })
      expect(await things.get(tx, 'a')).toMatchObject({ clear: { n: 2 } })
      expect((await take(things.rows(tx))).map(({ id }) => id)).toEqual(['a', 'new'])
      things.delete(tx, 'a')
      expect(await things.get(tx, 'a')).toBeUndefined()
    })
    expect(await read('a')).toBeUndefined()
    expect(store.damaged()).toEqual([])
  })

  it('keeps them over any number of changes, in a log that stays short', async () => {
    const rounds = 60
    const records = 1_000
    const newest = new Map<string, number>()
    for (let round = 0; round < rounds; round += 1) {
      await store.transact((tx) => {
        for (let n = 0; n < records; n += 1) {
          const id = `r${(n * 7 + round * 13) % 1_500}`
          if ((n + round) % 11 === 0) {
            things.delete(tx, id)
            newest.delete(id)
          } else {
            things.put(tx, id, { n: round }, { text: '' })
            newest.set(id, round)
          }
          tx.add(['counted'], 1)
        }
        return Promise.resolve()
      })
      if (round % 20 === 19) await reopen()
    }
    const found = await store.read((tx) => take(things.rows(tx)))
    expect(new Map(found.map(({ id, clear }) => [id, clear.n]))).toEqual(newest)
    expect(await store.read(async (tx) => readCounter(await tx.get(['counted'])))).toBe(
      rounds * records,
    )
    const entries = await whileClosed((db) => allOf(db, 'v'))
    const slots = entries.reduce((sum, [, value]) => sum + (value.length - 32) / 16, 0)
    expect(slots).toBeLessThan(40_000)
    expect(await opening()).toBe('opened')
    expect(store.damaged()).toEqual([])
  })
})

const NONE: [Buffer, Buffer] = [Buffer.of(), Buffer.of()]
