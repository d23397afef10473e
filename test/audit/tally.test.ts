import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE_MS } from '../../src/core/index.ts'
import { createTally } from '../../src/audit/tally.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('what is counted', () => {
  it('is written at the next minute where the store did not take it', async () => {
    const written: unknown[] = []
    let isFull = true
    const tally = createTally((entries) => {
      if (isFull) return Promise.reject(new Error('no space left'))
      written.push(...entries)
      return Promise.resolve()
    })
    tally.count('anna', 'scan', 'anna')
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    isFull = false
    tally.count('anna', 'scan', 'anna')
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    expect(written).toEqual([{ by: 'anna', action: 'scan', subject: 'anna', detail: { count: 2 } }])
  })

  it('keeps nothing waiting once closed, also where the store took nothing', async () => {
    const tally = createTally(() => Promise.reject(new Error('no space left')))
    tally.count('anna', 'scan', 'anna')
    await expect(tally.close()).rejects.toThrow('no space left')
    tally.count('anna', 'scan', 'anna')
    expect(vi.getTimerCount()).toBe(0)
  })
})
