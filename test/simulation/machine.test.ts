import { expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { takeTurns, turn } from './machine.ts'

const QUERIES = 256
const HASH_BYTES = 32
const RADIUS = 31
const ALL_LISTS = 0xffff_ffff

it.skipIf(nativeCore() === undefined)('lets nobody on while threads search', async () => {
  takeTurns()
  const core = nativeCore()
  if (core === undefined) throw new Error('there is no native core')
  const hashes = new SeededRandom(1).bytes(QUERIES * HASH_BYTES)
  const index = new core.HammingIndex()
  index.add(
    Uint32Array.from({ length: QUERIES }, (_, label) => label),
    hashes,
    ALL_LISTS,
  )
  const order: string[] = []
  const searching = index
    .searchAllAsync(hashes, new Uint8Array(QUERIES).fill(RADIUS), 0, ALL_LISTS)
    .then(() => order.push('found'))
  await turn()
  order.push('goes on')
  await searching
  expect(order).toEqual(['found', 'goes on'])
  index.close()
})
