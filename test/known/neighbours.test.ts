import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import { type Neighbours, openNeighbourhood } from '../../src/known/index.ts'
import { createRegister, type KnownHashSet, type Register } from '../../src/register/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { copyOf, filmOf, flipped, hashOf, person, pictureOf } from '../register/material.ts'

const ANNA = person('anna')

let context: TestContext
let register: Register
let neighbours: Neighbours | undefined

beforeEach(async () => {
  context = await openTestContext()
  register = createRegister(context, createAudit(context))
})
afterEach(async () => {
  await neighbours?.close()
  neighbours = undefined
  await context.dispose()
})

/** Another file that is so far from picture 1. */
function changed(bits: number): KnownHashSet {
  const { md5, sha1, sha256 } = pictureOf(1_000 + bits)
  return { ...copyOf(pictureOf(1), bits, 'whole'), md5, sha1, sha256 }
}

async function open(): Promise<Neighbours> {
  neighbours = openNeighbourhood(context, register)
  await neighbours.catchUp()
  return neighbours
}

async function propose(fingerprint: KnownHashSet, list = 'own'): Promise<string> {
  return (await register.propose(ANNA, { fingerprint, classification: 'Baseline', list })).id
}

async function near(itemId: string, count = 5) {
  const sets = await context.store.transact((tx) => register.hashesOf(tx, itemId))
  const found = await (neighbours ?? (await open())).similar(itemId, sets.fingerprints, count)
  return found.map((one) => [one.itemId, one.distance])
}

describe('neighbours', () => {
  it('are found far beyond the radius of a match, nearest first, without the item itself', async () => {
    const asked = await propose(pictureOf(1))
    const far = await propose(changed(80))
    const nearer = await propose(changed(40))
    for (let seed = 10; seed < 40; seed += 1) await propose(pictureOf(seed))
    const set = await open()
    expect([set.isReady, set.items]).toEqual([true, 33])
    expect(await near(asked, 2)).toEqual([
      [nearer, 40],
      [far, 80],
    ])
  })

  it('follow the register: what comes, and what goes', async () => {
    const asked = await propose(pictureOf(1))
    const set = await open()
    expect(await near(asked)).toEqual([])
    const other = await propose(changed(50))
    await set.catchUp()
    expect(await near(asked)).toEqual([[other, 50]])
    await context.store.transact((tx) => register.retract(tx, ANNA, { itemId: other }, 'no'))
    await set.catchUp()
    expect(await near(asked)).toEqual([])
  })

  it('are of the own register only', async () => {
    await context.store.transact((tx) =>
      register.lists.create(tx, ANNA, { name: 'iwf', kind: 'partner' }),
    )
    const asked = await propose(pictureOf(1), 'iwf')
    await propose(changed(33), 'iwf')
    const own = await propose(changed(44))
    expect(await near(asked)).toEqual([[own, 44]])
  })

  it('of a film are films and pictures with a frame alike', async () => {
    const film = filmOf(1, [90, 90, 90])
    const asked = await propose(film)
    const frame = { ...pictureOf(2), views: pictureOf(2).views.slice(0, 1) }
    const [view] = frame.views
    const pdq = flipped(hashOf(film, 1), 35)
    const picture = await propose({ ...frame, views: view === undefined ? [] : [{ ...view, pdq }] })
    expect(await near(asked, 1)).toEqual([[picture, 35]])
  })
})
