import { describe } from 'vitest'
import { createNativeIndex } from '../../src/index/index.ts'
import { hashIndexContract } from '../contract/hash-index.ts'
import { hasNativeCore } from './native-core.ts'

describe.runIf(hasNativeCore())('native index', () => {
  hashIndexContract('native', createNativeIndex, { exact: true })
})
