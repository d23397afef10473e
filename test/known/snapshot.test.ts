import { EventEmitter, once } from 'node:events'
import { copyFile, open, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import { createSealer, SeededRandom } from '../../src/core/index.ts'
import { indexSource } from '../../src/index/index.ts'
import { type KnownSet, openKnownSet } from '../../src/known/index.ts'
import { createRegister, type Register } from '../../src/register/index.ts'
import { openSnapshot } from '../../src/known/snapshot.ts'
import { type Context, openLevelStore, type Store } from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { copyOf, filmOf, hashOf, person, pictureOf } from '../register/material.ts'

const ANNA = person('anna')
const BO = person('bo')
const RADIUS = 31
const RARELY = { snapshotChanges: 1_000_000, snapshotMinutes: 60, erasureSeconds: 3_600 }

let context: TestContext
let register: Register
let file: string
let readings: number
let warnings: string[]
const sets: KnownSet[] = []

beforeEach(async () => {
  context = await openTestContext()
  register = createRegister(context, createAudit(context))
  file = join(context.directory, 'known.sealed')
  readings = 0
  warnings = []
})

afterEach(async () => {
  for (const set of sets.splice(0)) await set.close()
  await context.dispose()
})

/** Counts how often the whole register is read. */
async function openSet(settings = {}, within: Context = context): Promise<KnownSet> {
  const own = createRegister(within, createAudit(within))
  const counted = {
    ...own,
    allIndexed: () => {
      readings += 1
      return own.allIndexed()
    },
  }
  const set = await openKnownSet(within, counted, {
    indexes: indexSource('exact'),
    snapshot: { ...RARELY, ...settings, file },
    warn: (message) => warnings.push(message),
  })
  sets.push(set)
  return set
}

async function close(set: KnownSet): Promise<void> {
  sets.splice(sets.indexOf(set), 1)
  await set.close()
}

async function add(fingerprint = pictureOf(1)): Promise<string> {
  return (await register.propose(ANNA, { fingerprint, classification: 'Baseline' })).id
}

function retract(id: string) {
  return context.store.transact((tx) => register.retract(tx, BO, { itemId: id }, 'a mistake'))
}

async function found(set: KnownSet, seed: number): Promise<readonly string[]> {
  const hits = await set.search(copyOf(pictureOf(seed), 9, 'rot90'), RADIUS)
  return hits.map(({ itemId }) => itemId).sort()
}

/** Saves these pictures; their ids. */
async function saved(...seeds: readonly number[]): Promise<string[]> {
  const ids: string[] = []
  for (const seed of seeds) ids.push(await add(pictureOf(seed)))
  await close(await openSet())
  readings = 0
  return ids
}

/** Everything in the file, opened. */
async function content(): Promise<Buffer> {
  const handle = await open(file)
  const parts: Uint8Array[] = []
  for await (const { bytes } of (await openSnapshot(handle, context)).parts) parts.push(bytes)
  await handle.close()
  return Buffer.concat(parts)
}

describe('a saved known set', () => {
  it('is loaded instead of the register, and answers as that does', async () => {
    const film = filmOf(9, [80, 0, 90])
    const filmId = await add(film)
    const ids = await saved(1, 2, 3)
    const set = await openSet()
    expect([readings, warnings, set.items, set.hashes]).toEqual([0, [], 4, 5])
    expect(await found(set, 2)).toEqual([ids[1]])
    const { sha1, md5 } = pictureOf(3)
    const bare = [
      { type: 'sha1', value: sha1 },
      { type: 'md5', value: md5 },
    ] as const
    const radii = { radius: RADIUS, derivedRadius: RADIUS }
    expect(await set.searchHashes(bare, radii)).toMatchObject([
      { itemId: ids[2], method: 'sha1', itemQuality: 90 },
      { itemId: ids[2], method: 'md5' },
    ])
    const hits = await set.search({ ...filmOf(8, []), views: film.views }, RADIUS)
    expect(hits).toMatchObject([
      { itemId: filmId, itemSeconds: 0, itemQuality: 80 },
      { itemId: filmId, itemSeconds: 2, itemQuality: 90 },
    ])
  })

  it('holds the digests that few lists hold', async () => {
    const digest = (seed: number) => seed.toString(16).repeat(128)
    const withDigest = (seed: number) => add({ ...pictureOf(seed), sha512: digest(seed) })
    const [first, second] = [await withDigest(1), await withDigest(2)]
    await add(pictureOf(3))
    await close(await openSet())
    const search = async (set: KnownSet, seed: number) => {
      const hashes = [{ type: 'sha512', value: digest(seed) }] as const
      const hits = await set.searchHashes(hashes, { radius: RADIUS, derivedRadius: RADIUS })
      return hits.map(({ itemId }) => itemId)
    }
    readings = 0
    const set = await openSet()
    expect([readings, warnings, set.soughtDigests]).toEqual([0, [], ['sha512']])
    expect([await search(set, 1), await search(set, 2)]).toEqual([[first], [second]])
    await retract(first)
    await set.catchUp()
    await close(set)
    const again = await openSet()
    expect([readings, await search(again, 1), await search(again, 2)]).toEqual([0, [], [second]])
    await close(again)
    expect((await content()).includes(Buffer.from(digest(1), 'hex'))).toBe(false)
  })

  it('goes on with what was proposed and retracted while it was down', async () => {
    const ids = await saved(1, 2, 3)
    await retract(ids[0] ?? '')
    const later = await add(pictureOf(4))
    for (let round = 0; round < 3; round += 1) {
      const set = await openSet()
      expect([readings, warnings, set.items]).toEqual([0, [], 3])
      expect(await found(set, 1)).toEqual([])
      expect(await found(set, 3)).toEqual([ids[2]])
      expect(await found(set, 4)).toEqual([later])
      await close(set)
    }
  })

  it('keeps two items of one hash apart', async () => {
    const first = await add(pictureOf(1))
    const second = await add({ ...pictureOf(2), views: pictureOf(1).views })
    await close(await openSet())
    const set = await openSet()
    expect(await found(set, 1)).toEqual([first, second].sort())
    await retract(first)
    await set.catchUp()
    expect(await found(set, 1)).toEqual([second])
    await close(set)
    expect(await found(await openSet(), 1)).toEqual([second])
  })

  it('reads the register where more changed than the feed keeps', async () => {
    const store = await openLevelStore({
      directory: join(context.directory, 'forgetful'),
      changesKept: 4,
    })
    const forgetful = { ...context, store }
    const other = createRegister(forgetful, createAudit(forgetful))
    const propose = async (seed: number) => {
      const proposal = { fingerprint: pictureOf(seed), classification: 'Baseline' } as const
      return (await other.propose(ANNA, proposal)).id
    }
    const first = await propose(1)
    await close(await openSet({}, forgetful))
    await store.transact((tx) => other.retract(tx, BO, { itemId: first }, 'a mistake'))
    const ids: string[] = []
    for (let seed = 2; seed <= 9; seed += 1) ids.push(await propose(seed))
    readings = 0
    const set = await openSet({}, forgetful)
    expect([readings, set.items]).toEqual([1, 8])
    expect(warnings).toEqual([expect.stringContaining('feed')])
    expect(await found(set, 1)).toEqual([])
    expect(await found(set, 9)).toEqual([ids.at(-1)])
    await close(set)
    await store.close()
  })

  it('is saved without waiting for the end', async () => {
    const set = await openSet({ snapshotMinutes: 0.001 })
    const id = await add()
    await expect.poll(() => stat(file).catch(() => undefined)).toBeDefined()
    await copyFile(file, `${file}.kept`)
    await close(set)
    await copyFile(`${file}.kept`, file)
    const again = await openSet()
    expect([readings, await found(again, 1)]).toEqual([1, [id]])
  })

  it('no longer holds, soon after, what was retracted', async () => {
    const ids = await saved(1, 2)
    const hash = Buffer.from(hashOf(pictureOf(1)), 'hex')
    const sha256 = Buffer.from(pictureOf(1).sha256, 'hex')
    const before = await content()
    expect([before.includes(hash), before.includes(sha256)]).toEqual([true, true])
    const set = await openSet({ erasureSeconds: 0.05 })
    await retract(ids[0] ?? '')
    await set.catchUp()
    await expect.poll(async () => (await content()).includes(sha256)).toBe(false)
    const after = await content()
    expect(after.includes(hash)).toBe(false)
    expect(after.includes(Buffer.from(hashOf(pictureOf(2)), 'hex'))).toBe(true)
    expect((await readFile(file)).includes(hash)).toBe(false)
  })

  it('holds nothing in the clear but its id, and is for its owner alone', async () => {
    await saved(1, 2)
    const bytes = await readFile(file)
    for (const seed of [1, 2]) {
      const { md5, sha1, sha256, views } = pictureOf(seed)
      for (const hex of [md5, sha1, sha256, ...views.map(({ pdq }) => pdq)]) {
        expect(bytes.includes(Buffer.from(hex, 'hex'))).toBe(false)
      }
    }
    for (const word of ['head', 'format', 'linear', 'native'])
      expect(bytes.includes(word)).toBe(false)
    expect((await stat(file)).mode & 0o077).toBe(0)
  })
})

describe('a saved known set whose process is killed while something retracted leaves it', () => {
  /** The context belongs to a process that does no more once it has named the file that is to replace the other. */
  function dying(): { readonly within: Context; readonly died: Promise<unknown> } {
    const dead = new EventEmitter()
    const transact: Store['transact'] = async (work) => {
      const done = await context.store.transact(work)
      if (done === true) {
        dead.emit('died')
        await new Promise(() => undefined)
      }
      return done
    }
    const store = new Proxy(context.store, {
      get(whole, name) {
        if (name === 'transact') return transact
        const value: unknown = Reflect.get(whole, name, whole)
        return typeof value === 'function' ? (value.bind(whole) as unknown) : value
      },
    })
    return { within: { ...context, store }, died: once(dead, 'died') }
  }

  it('is used at the next start, and no longer holds it soon after', async () => {
    const ids = await saved(1, 2)
    const { within, died } = dying()
    await openSet({ erasureSeconds: 0.05 }, within)
    await retract(ids[0] ?? '')
    await died
    sets.length = 0
    const kept = await readFile(file)
    const set = await openSet({ erasureSeconds: 0.05 })
    expect([readings, warnings]).toEqual([0, []])
    expect([await found(set, 1), await found(set, 2)]).toEqual([[], [ids[1]]])
    await expect.poll(async () => (await readFile(file)).equals(kept)).toBe(false)
    await close(set)
    await writeFile(file, kept)
    await openSet()
    expect(warnings).toEqual([expect.stringMatching(/not written from this store/)])
  })
})

describe('a saved known set that cannot be used', () => {
  /** It says so, reads the register, finds everything, and the next start is quick again. */
  async function expectRebuilt(ids: readonly string[], why: RegExp): Promise<void> {
    readings = 0
    warnings = []
    const set = await openSet()
    expect([readings, set.items]).toEqual([1, ids.length])
    expect(warnings).toEqual([expect.stringMatching(why)])
    for (const [position, id] of ids.entries()) expect(await found(set, position + 1)).toEqual([id])
    await close(set)
  }

  it('because a byte was changed anywhere', async () => {
    const ids = await saved(1, 2)
    const good = await readFile(file)
    const random = new SeededRandom(Number(process.env['HINDRA_TEST_SEED'] ?? 1))
    const places = [0, 15, 16, 19, 20, 30, good.length - 1, good.length - 20]
    for (let more = 0; more < 12; more += 1) places.push(random.integer(16, good.length - 1))
    for (const place of places) {
      const bad = Buffer.from(good)
      bad[place] = (bad[place] ?? 0) ^ (1 << random.integer(0, 7))
      await writeFile(file, bad)
      await expectRebuilt(ids, /not used/)
      await writeFile(file, good)
    }
  })

  it('because it was cut off anywhere, or something follows', async () => {
    const ids = await saved(1, 2)
    const good = await readFile(file)
    const random = new SeededRandom(Number(process.env['HINDRA_TEST_SEED'] ?? 1))
    const lengths = [0, 1, 16, 18, 20, 21, good.length - 1, good.length - 33]
    for (let more = 0; more < 6; more += 1) lengths.push(random.integer(20, good.length - 1))
    for (const length of lengths) {
      await writeFile(file, good.subarray(0, length))
      await expectRebuilt(ids, /cut off|not written/)
    }
    await writeFile(file, Buffer.concat([good, Buffer.alloc(9)]))
    await expectRebuilt(ids, /not used/)
  })

  it('because it is older than the one before the newest', async () => {
    const ids = await saved(1)
    await copyFile(file, `${file}.1`)
    for (const seed of [2, 3]) {
      const set = await openSet()
      ids.push(await add(pictureOf(seed)))
      await set.catchUp()
      await close(set)
      await copyFile(file, `${file}.${seed}`)
    }
    // What a crash leaves that comes before the new file is in its place.
    await copyFile(`${file}.2`, file)
    const set = await openSet()
    expect([readings, warnings, await found(set, 3)]).toEqual([0, [], [ids[2]]])
    await close(set)
    await copyFile(`${file}.1`, file)
    await expectRebuilt(ids, /not written from this store/)
  })

  it('because it is of another store, or another key sealed it', async () => {
    const ids = await saved(1, 2)
    const bytes = await readFile(file)
    const store = await openLevelStore({ directory: join(context.directory, 'other') })
    const other = { ...context, store }
    const set = await openSet({}, other)
    expect([set.items, warnings]).toEqual([0, [expect.stringContaining('this store')]])
    await close(set)
    await store.close()
    await writeFile(file, bytes)
    warnings = []
    const sealer = createSealer(Buffer.alloc(32, 8), context.random)
    const unreadable = openSet({}, { ...context, sealer })
    await expect(unreadable).rejects.toMatchObject({ code: 'KEY_WRONG' })
    expect(warnings).toEqual([expect.stringContaining('another data key')])
    await writeFile(file, bytes)
    expect(await found(await openSet(), 2)).toEqual([ids[1]])
  })

  it('and is not left to be believed later', async () => {
    await saved(1)
    const good = await readFile(file)
    await writeFile(file, good.subarray(0, 99))
    const [left, underWay] = [`${file}.${'0'.repeat(32)}.new`, `${file}.${'1'.repeat(32)}.new`]
    for (const path of [left, underWay]) await writeFile(path, good)
    await utimes(left, 0, 0)
    const set = await openSet()
    for (const path of [file, left]) expect(await stat(path).catch(() => 'gone')).toBe('gone')
    // Another process that shares the directory is writing it.
    expect((await stat(underWay)).size).toBe(good.length)
    await close(set)
  })
})
