import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import type { Fingerprint } from '../../src/fingerprint/index.ts'
import { createMemories } from '../../src/recheck/memory.ts'
import { Collection, keySpace } from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'

const { match: policy } = configWith({})
let context: TestContext
beforeEach(async () => {
  context = await openTestContext()
})
afterEach(() => context.dispose())

/** A picture far from that of every other number. */
function picture(number: number): Fingerprint {
  const digit = number.toString(16)
  return {
    hasher: 'pdq-fullres',
    hasherVersion: 1,
    kind: 'image',
    width: 9,
    height: 9,
    md5: digit.repeat(32),
    sha1: digit.repeat(40),
    sha256: digit.repeat(64),
    views: [{ name: 'whole', pdq: (digit + '5a').repeat(22).slice(0, 64), quality: 100 }],
  }
}

describe('what is kept of what a case showed', () => {
  it('a record of before, which was one fingerprint, is what was shown', async () => {
    const { store, sealer } = context
    const old = new Collection<{ at: string }, Fingerprint>(keySpace('remembered'), sealer)
    await store.transact((tx) => {
      old.put(tx, 'case', { at: '2026-11-01T00:00:00.000Z' }, picture(1))
      return Promise.resolve()
    })
    const memories = createMemories(context, policy)
    const read = () => store.transact((tx) => memories.read(tx, 'case'))
    expect(await read()).toMatchObject({ shown: [{ sha256: '1'.repeat(64) }], refused: [] })
    await store.transact((tx) => memories.show(tx, 'case', picture(2), false))
    expect((await read()).shown.map(({ sha256 }) => sha256[0])).toEqual(['1', '2'])
  })

  it('does not grow without end, and keeps the first', async () => {
    const memories = createMemories(context, policy)
    const { store } = context
    for (const number of [1, 2, 2, 3, 4, 6, 7, 8]) {
      await store.transact((tx) => memories.show(tx, 'case', picture(number), false))
    }
    const { shown } = await store.transact((tx) => memories.read(tx, 'case'))
    expect(shown).toHaveLength(4)
    expect(shown[0]?.sha256[0]).toBe('1')
    expect(shown.at(-1)?.sha256[0]).toBe('8')
  })

  it('is forgotten with the case', async () => {
    const memories = createMemories(context, policy)
    const { store } = context
    await store.transact((tx) => memories.show(tx, 'case', picture(1), false))
    await store.transact((tx) => {
      memories.forget(tx, 'case')
      return Promise.resolve()
    })
    expect((await store.transact((tx) => memories.read(tx, 'case'))).shown).toEqual([])
  })
})
