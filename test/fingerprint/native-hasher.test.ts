import { describe, expect, it } from 'vitest'
import { kernelName } from '../../native/binding.ts'
import { hasher, nativeHasher, portableHasher } from '../../src/fingerprint/index.ts'
import { hasherContract } from '../contract/hasher.ts'

const native = nativeHasher()

describe('the hasher in use', () => {
  it('is the native one where there is a native core', () => {
    expect(hasher() === portableHasher).toBe(kernelName() === 'portable')
  })
})

if (native === undefined) {
  console.warn('skipped: there is no native core here (npm run build:native)')
} else {
  hasherContract(`native, ${kernelName()}`, native)
}
