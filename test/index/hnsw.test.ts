import { describe, expect, it } from 'vitest'
import { createHnswIndex } from '../../src/index/index.ts'
import { hashIndexContract } from '../contract/hash-index.ts'

hashIndexContract('hnsw', createHnswIndex, { exact: false })

describe('hnsw options', () => {
  it.each([
    { connections: 1 },
    { connections: 101 },
    { buildWidth: 0 },
    { searchWidth: Number.NaN },
    { searchWidth: 1.5 },
  ])('refuses %o', (options) => {
    expect(() => createHnswIndex(options)).toThrow(
      expect.objectContaining({ code: 'INDEX_INVALID' }),
    )
  })
})
