import { describe, expect, it } from 'vitest'
import { ReadSet } from '../../src/store/reads.ts'
import { WriteHistory } from '../../src/store/write-history.ts'

const reads = (keys: readonly string[], ...spans: { low: string; high: string }[]) => {
  const set = new ReadSet()
  for (const key of keys) set.keys.add(key)
  set.spans.push(...spans)
  return set
}

describe('write history', () => {
  it('finds what was written since, by key and by span', () => {
    const history = new WriteHistory()
    history.record('1', ['b', 'd'])
    history.record('2', ['d', 'f'])
    expect(history.conflicts(reads(['b']), '0')).toBe(true)
    expect(history.conflicts(reads(['b']), '1')).toBe(false)
    expect(history.conflicts(reads(['d']), '1')).toBe(true)
    expect(history.conflicts(reads(['a', 'c', 'e']), '0')).toBe(false)
    expect(history.conflicts(reads([], { low: 'a', high: 'b' }), '0')).toBe(false)
    expect(history.conflicts(reads([], { low: 'b', high: 'b\0' }), '0')).toBe(true)
    expect(history.conflicts(reads([], { low: 'b', high: 'd' }), '1')).toBe(false)
    expect(
      history.conflicts(reads([], { low: 'g', high: 'z' }, { low: 'e', high: 'g' }), '1'),
    ).toBe(true)
    expect(history.conflicts(reads([], { low: 'd', high: 'd' }), '0')).toBe(false)
  })

  it('takes all that was read before it began for changed, where something was', () => {
    const history = new WriteHistory('5')
    expect(history.conflicts(reads(['a']), '4')).toBe(true)
    expect(history.conflicts(reads([], { low: 'a', high: 'b' }), '4')).toBe(true)
    expect(history.conflicts(reads([]), '4')).toBe(false)
    expect(history.conflicts(reads(['a']), '5')).toBe(false)
  })

  it('forgets what nobody can conflict with any more, and nothing else', () => {
    const history = new WriteHistory()
    history.record('1', ['a', 'b'])
    history.record('2', ['b'])
    history.record('3', ['c'])
    history.forget('1')
    expect(history.size).toBe(2)
    expect(history.conflicts(reads(['b']), '1')).toBe(true)
    expect(history.conflicts(reads([], { low: 'b', high: 'c' }), '1')).toBe(true)
    history.forget('3')
    expect(history.size).toBe(0)
    expect(history.conflicts(reads(['a', 'b', 'c'], { low: '', high: 'z' }), '')).toBe(false)
  })
})
