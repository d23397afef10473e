import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import { formatHash256, parseHash256 } from '../../src/core/index.ts'
import { HindraError } from '../../src/errors.ts'
import { deriveDihedral } from '../../src/fingerprint/index.ts'
import type { DigestType } from '../../src/hashes/index.ts'
import { indexSource } from '../../src/index/index.ts'
import { type KnownSet, openKnownSet, type RawHit } from '../../src/known/index.ts'
import { type Classification, createRegister, type Register } from '../../src/register/index.ts'
import { openLevelStore } from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { copyOf, filmOf, flipped, hashOf, person, pictureOf } from '../register/material.ts'

const ANNA = person('anna')
const BO = person('bo')
const RADIUS = 31
const BARE = { radius: RADIUS, derivedRadius: RADIUS }

let context: TestContext
let register: Register
const sets: KnownSet[] = []

beforeEach(async () => {
  context = await openTestContext()
  register = createRegister(context, createAudit(context))
})

afterEach(async () => {
  for (const set of sets.splice(0)) await set.close()
  await context.dispose()
})

async function openSet(): Promise<KnownSet> {
  const set = await openKnownSet(context, register, { indexes: indexSource('exact') })
  sets.push(set)
  return set
}

async function add(fingerprint = pictureOf(1), classification: Classification = 'Baseline') {
  return (await register.propose(ANNA, { fingerprint, classification })).id
}

/** What a list tells of a file that Hindra has not seen. */
async function enter(digests: Partial<Record<DigestType, string>>): Promise<string> {
  const hashes = { kind: 'image', views: [], ...digests } as const
  const input = { list: 'own', hashes, classification: 'Baseline' } as const
  const { item } = await context.store.transact((tx) => register.enter(tx, ANNA, input))
  return item.id
}

function retract(id: string) {
  return context.store.transact((tx) => register.retract(tx, BO, { itemId: id }, 'a mistake'))
}

function codeOf(error: unknown): string {
  return error instanceof HindraError ? error.code : String(error)
}

function itemIds(hits: readonly RawHit[]): string[] {
  return [...new Set(hits.map(({ itemId }) => itemId))].sort()
}

describe('the known set', () => {
  it('holds what was there before it, and nothing that cannot match', async () => {
    const proposed = await add(pictureOf(1))
    const verified = await add(pictureOf(2))
    await context.store.transact((tx) => register.verify(tx, BO, { itemId: verified }))
    const disputed = await add(pictureOf(3))
    await context.store.transact((tx) => register.verify(tx, BO, { itemId: disputed }))
    await context.store.transact((tx) => register.dispute(tx, BO, { itemId: disputed }, 'doubt'))
    await retract(await add(pictureOf(4)))
    await add(pictureOf(5), 'Ignore')
    const set = await openSet()
    expect([set.items, set.hashes]).toEqual([3, 3])
    for (const [seed, id] of [
      [1, proposed],
      [2, verified],
      [3, disputed],
    ] as const) {
      expect(itemIds(await set.search(pictureOf(seed), RADIUS))).toEqual([id])
    }
    for (const seed of [4, 5]) expect(await set.search(pictureOf(seed), RADIUS)).toEqual([])
  })

  it('follows the register by itself', async () => {
    const set = await openSet()
    const id = await add()
    await expect.poll(() => set.items).toBe(1)
    expect(itemIds(await set.search(pictureOf(1), RADIUS))).toEqual([id])
    await retract(id)
    await expect.poll(() => [set.items, set.hashes]).toEqual([0, 0])
    expect(await set.search(pictureOf(1), RADIUS)).toEqual([])
  })

  it('is caught up with everything committed before it was asked', async () => {
    const set = await openSet()
    for (let seed = 1; seed <= 10; seed += 1) {
      const id = await add(pictureOf(seed))
      await set.catchUp()
      expect(itemIds(await set.search(pictureOf(seed), RADIUS))).toEqual([id])
      if (seed % 2 === 1) continue
      await retract(id)
      await set.catchUp()
      expect(await set.search(pictureOf(seed), RADIUS)).toEqual([])
    }
    expect(set.items).toBe(5)
  })

  it('misses nothing of what is proposed and retracted while it opens', async () => {
    const before: string[] = []
    for (let seed = 0; seed < 60; seed += 1) before.push(await add(pictureOf(seed)))
    const opening = openSet()
    const changing = Array.from({ length: 30 }, async (_, position) => {
      await retract(before[position * 2] ?? '')
      await add(pictureOf(100 + position))
    })
    const set = await opening
    await Promise.all(changing)
    await set.catchUp()
    expect(set.items).toBe(60)
    for (let position = 0; position < 30; position += 1) {
      expect(await set.search(pictureOf(position * 2), RADIUS)).toEqual([])
      expect(await set.search(pictureOf(100 + position), RADIUS)).not.toEqual([])
    }
  })

  it('serves those who catch up at the same time', async () => {
    const set = await openSet()
    const ids = await Promise.all(
      Array.from({ length: 8 }, async (_, seed) => {
        const id = await add(pictureOf(seed))
        await set.catchUp()
        expect(itemIds(await set.search(pictureOf(seed), RADIUS))).toEqual([id])
        return id
      }),
    )
    expect(new Set(ids).size).toBe(8)
    expect([set.items, set.hashes]).toEqual([8, 8])
  })

  it('reads everything anew when the changes it needs are no longer kept', async () => {
    const directory = join(context.directory, 'forgetful')
    const store = await openLevelStore({ directory, changesKept: 2 })
    const forgetful = { ...context, store }
    const other = createRegister(forgetful, createAudit(forgetful))
    const propose = (seed: number) =>
      other.propose(ANNA, { fingerprint: pictureOf(seed), classification: 'Baseline' })
    const first = await propose(0)
    const index = await indexSource('exact').open()
    let held: Promise<unknown> = Promise.resolve()
    let reloads = 0
    const set = await openKnownSet(
      forgetful,
      {
        ...other,
        allIndexed: () => {
          reloads += 1
          return other.allIndexed()
        },
      },
      {
        indexes: {
          kind: index.kind,
          open: () =>
            Promise.resolve({ ...index, add: (entries) => held.then(() => index.add(entries)) }),
        },
      },
    )
    let release: (value?: unknown) => void = () => undefined
    held = new Promise((resolve) => {
      release = resolve
    })
    for (let seed = 1; seed <= 12; seed += 1) await propose(seed)
    await store.transact((tx) => other.retract(tx, BO, { itemId: first.id }, 'a mistake'))
    expect(reloads).toBe(1)
    release()
    await set.catchUp()
    expect(set.items).toBe(12)
    expect(reloads).toBeGreaterThan(1)
    expect(await set.search(pictureOf(0), RADIUS)).toEqual([])
    expect(await set.search(pictureOf(12), RADIUS)).not.toEqual([])
    await propose(13)
    await expect.poll(() => set.items).toBe(13)
    await set.close()
    await store.close()
  })

  it('says so when it can no longer follow, instead of missing material', async () => {
    const set = await openSet()
    await add()
    await set.catchUp()
    await context.store.close()
    await expect(set.catchUp()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
    await expect.poll(() => set.search(pictureOf(1), RADIUS).catch(codeOf)).toBe('STORE_CLOSED')
  })
})

describe('a search', () => {
  it('finds copies through each view, up to the radius', async () => {
    const original = pictureOf(1)
    const itemId = await add(original)
    await add(pictureOf(2))
    const set = await openSet()
    for (const view of ['whole', 'rot90', 'flipx', 'complement'] as const) {
      const hits = await set.search(copyOf(original, RADIUS, view), RADIUS)
      expect(hits).toEqual([
        { itemId, method: 'pdq', distance: RADIUS, view, quality: 90, itemQuality: 90 },
      ])
      expect(await set.search(copyOf(original, RADIUS + 1, view), RADIUS)).toEqual([])
    }
  })

  it('tells of the nearest view alone', async () => {
    const original = pictureOf(1)
    await add(original)
    const set = await openSet()
    const { views, ...copy } = copyOf(original, 9, 'whole')
    const closer = { ...views[3], name: 'rot270', pdq: flipped(hashOf(original), 4), quality: 90 }
    const hits = await set.search(
      { ...copy, views: [...views, closer as (typeof views)[0]] },
      RADIUS,
    )
    expect(hits).toMatchObject([{ view: 'rot270', distance: 4 }])
  })

  it('finds equal bytes by every digest', async () => {
    const itemId = await add(pictureOf(1, 40))
    const set = await openSet()
    const hits = await set.search({ ...pictureOf(1, 40), views: [] }, RADIUS)
    expect(hits.map(({ method, distance }) => [method, distance])).toEqual([
      ['sha256', 0],
      ['sha1', 0],
      ['md5', 0],
    ])
    expect(hits.every((hit) => hit.itemId === itemId && hit.itemQuality === 40)).toBe(true)
  })

  it('finds equal bytes by a digest that few lists hold, and asks for it while an item has it', async () => {
    const sha512 = 'c'.repeat(128)
    const itemId = await add({ ...pictureOf(1), sha512 })
    const filmId = await add({ ...pictureOf(2), track: 'e'.repeat(64) })
    const set = await openSet()
    expect(set.soughtDigests).toEqual(['sha512', 'track'])
    const search = () => set.searchHashes([{ type: 'sha512', value: sha512 }], BARE)
    expect(await search()).toMatchObject([{ itemId, method: 'sha512', distance: 0 }])
    expect(await set.searchHashes([{ type: 'sha512', value: 'd'.repeat(128) }], BARE)).toEqual([])
    const later = await add({ ...pictureOf(3), sha512 })
    await set.catchUp()
    expect(itemIds(await search())).toEqual([itemId, later].sort())
    for (const id of [itemId, filmId]) await retract(id)
    await set.catchUp()
    expect(itemIds(await search())).toEqual([later])
    expect(set.soughtDigests).toEqual(['sha512'])
    await retract(later)
    await set.catchUp()
    expect(await search()).toEqual([])
    expect(set.soughtDigests).toEqual([])
  })

  it('asks for the digests of an item that a list tells no SHA-256 of, while it has it', async () => {
    const { md5, sha1 } = pictureOf(2)
    await add(pictureOf(1))
    const set = await openSet()
    expect(set.soughtDigests).toEqual([])
    const [bare, other] = [await enter({ md5 }), await enter({ md5, sha1 })]
    await set.catchUp()
    expect(set.soughtDigests).toEqual(['sha1', 'md5'])
    await retract(other)
    await set.catchUp()
    expect(set.soughtDigests).toEqual(['md5'])
    await retract(bare)
    await set.catchUp()
    expect(set.soughtDigests).toEqual([])
  })

  it('finds every item that shares a planted MD5, and loses one alone', async () => {
    const { md5 } = pictureOf(1)
    const first = await add(pictureOf(1))
    const second = await add({ ...pictureOf(2), md5 })
    const set = await openSet()
    const search = () => set.searchHashes([{ type: 'md5', value: md5 }], BARE)
    expect(itemIds(await search())).toEqual([first, second].sort())
    await retract(first)
    await set.catchUp()
    expect(itemIds(await search())).toEqual([second])
  })

  it('finds the frames of films, and of pictures in films', async () => {
    const film = filmOf(1, [80, 0, 90])
    const itemId = await add(film)
    const set = await openSet()
    expect(set.hashes).toBe(2)
    const clip = {
      ...filmOf(2, [70, 70]),
      views: filmOf(2, [70, 70]).views.map((view) => ({
        ...view,
        pdq: hashOf(film, view.seconds === 0 ? 2 : 0),
      })),
    }
    const hits = await set.search(clip, RADIUS)
    expect(hits).toEqual([
      {
        itemId,
        method: 'pdq',
        distance: 0,
        view: 'whole',
        quality: 70,
        itemQuality: 90,
        seconds: 0,
        itemSeconds: 2,
      },
      {
        itemId,
        method: 'pdq',
        distance: 0,
        view: 'whole',
        quality: 70,
        itemQuality: 80,
        seconds: 1,
        itemSeconds: 0,
      },
    ])
    const still = { ...pictureOf(3), views: [{ ...film.views[0], name: 'whole', quality: 66 }] }
    delete (still.views[0] as { seconds?: number }).seconds
    const [hit] = await set.search(still as ReturnType<typeof pictureOf>, RADIUS)
    expect(hit).toMatchObject({ itemId, itemSeconds: 0, quality: 66 })
    expect(hit).not.toHaveProperty('seconds')
  })

  it('tells of each frame of two still films, and not of every pair', async () => {
    const still = filmOf(
      1,
      Array.from({ length: 50 }, () => 80),
    )
    const frames = still.views.map((view) => ({ ...view, pdq: hashOf(still) }))
    await add({ ...still, views: frames })
    const set = await openSet()
    const hits = await set.search({ ...filmOf(2, []), views: frames }, RADIUS)
    expect(hits.length).toBeLessThan(100)
    expect(new Set(hits.map(({ seconds }) => seconds)).size).toBe(50)
    expect(new Set(hits.map(({ itemSeconds }) => itemSeconds)).size).toBe(50)
  })

  it('by the hashes of a client takes its quality, or 0', async () => {
    const picture = pictureOf(1)
    const itemId = await add(picture)
    const set = await openSet()
    const value = flipped(hashOf(picture), 3)
    const told = await set.searchHashes([{ type: 'pdq', value, quality: 77 }], BARE)
    expect(told).toMatchObject([{ itemId, method: 'pdq', distance: 3, quality: 77 }])
    const untold = await set.searchHashes(
      [
        { type: 'sha1', value: picture.sha1 },
        { type: 'pdq', value },
      ],
      BARE,
    )
    expect(untold).toMatchObject([
      { method: 'sha1', quality: 0, itemQuality: 90 },
      { method: 'pdq', quality: 0 },
    ])
    expect(await set.searchHashes([], BARE)).toEqual([])
    await expect(
      set.searchHashes([{ type: 'pdq', value }], { ...BARE, radius: 65 }),
    ).rejects.toMatchObject({
      code: 'INDEX_INVALID',
    })
  })

  it('by the hash of a client alone finds turned and mirrored copies, and the negative', async () => {
    const picture = pictureOf(1)
    const itemId = await add(picture)
    const set = await openSet()
    const radii = { radius: 20, derivedRadius: 34 }
    for (const [view, hash] of Object.entries(deriveDihedral(parseHash256(hashOf(picture))))) {
      if (view === 'whole') continue
      // A copy turned back by the view is the item again: quarter turns undo each other.
      const back = { rot90: 'rot270', rot270: 'rot90' }[view] ?? view
      const sighted = async (bits: number) => {
        const value = flipped(formatHash256(hash), bits)
        return set.searchHashes([{ type: 'pdq', value, quality: 60 }], radii)
      }
      const hit = { itemId, method: 'pdq', view: back, quality: 60, itemQuality: 90, derived: true }
      expect(await sighted(34)).toEqual([{ ...hit, distance: 34 }])
      expect(await sighted(35)).toEqual([])
    }
    const negative = formatHash256(parseHash256(hashOf(picture)).map((byte) => ~byte))
    const [hit] = await set.searchHashes([{ type: 'pdq', value: flipped(negative, 20) }], radii)
    expect(hit).toMatchObject({ itemId, view: 'complement', distance: 20 })
    expect(hit).not.toHaveProperty('derived')
  })
})
