import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import { indexSource } from '../../src/index/index.ts'
import { searchIndexContract } from '../contract/search-index.ts'
import { hasNativeCore } from './native-core.ts'
import { unpacked } from './packed.ts'

describe.runIf(hasNativeCore())('what serves where the native core is', () => {
  searchIndexContract('native', 'exact', { exact: true, saves: true })

  it('answers a large batch, a wide one and a small one alike', async () => {
    const random = new SeededRandom(8)
    const index = await indexSource('exact').open()
    const count = 2_000
    const hashes = random.bytes(32 * count)
    await index.add({ labels: Uint32Array.from({ length: count }, (_, i) => i), hashes })
    for (const radius of [31, 45]) {
      const all = unpacked(await index.search(hashes, radius))
      expect(all).toHaveLength(count)
      for (const label of [0, 999, 1_999]) {
        const one = unpacked(await index.search(hashes.slice(32 * label, 32 * label + 32), radius))
        expect(one[0]?.[0]).toEqual({ label, distance: 0 })
        expect(all[label]).toEqual(one[0])
      }
    }
    await index.close()
  })

  it('refuses what it has not saved', async () => {
    async function* saved() {
      yield await Promise.resolve(new Uint8Array(100))
    }
    await expect(indexSource('exact').open(saved())).rejects.toMatchObject({
      code: 'INDEX_CORRUPT',
    })
  })
})
