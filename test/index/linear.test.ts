import { expect, it } from 'vitest'
import { createLinearIndex } from '../../src/index/index.ts'
import { hashIndexContract } from '../contract/hash-index.ts'

hashIndexContract('linear', createLinearIndex, { exact: true })

it('grows over several chunks and shrinks again without losing a hash', () => {
  const index = createLinearIndex()
  const count = 20_000
  const step = 4_999
  for (let label = 0; label < count; label += 1) index.add(label, hashOf(label))
  for (let left = count; left > 100; left -= 1) {
    expect(index.remove(((count - left) * step) % count)).toBe(true)
  }
  for (let i = count - 100; i < count; i += 1) {
    const label = (i * step) % count
    expect(index.search({ hash: hashOf(label), radius: 0 })).toEqual([{ label, distance: 0 }])
  }
  expect(index.search({ hash: hashOf(0), radius: 64 })).toHaveLength(100)
  for (let label = 0; label < count; label += 1) index.add(label, hashOf(label))
  expect(index.search({ hash: hashOf(0), radius: 64 })).toHaveLength(count)
})

function hashOf(label: number): Uint8Array {
  const hash = new Uint8Array(32)
  new DataView(hash.buffer).setUint32(0, label)
  return hash
}
