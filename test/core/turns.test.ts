import { describe, expect, it } from 'vitest'
import { sharedRuns } from '../../src/core/index.ts'

describe('runs that are shared', () => {
  function runs() {
    const begun: string[] = []
    const ends: ((error?: Error) => void)[] = []
    const ask = sharedRuns(
      (key) =>
        new Promise<number>((resolve, reject) => {
          const number = begun.push(key)
          ends.push((error) => {
            if (error === undefined) resolve(number)
            else reject(error)
          })
        }),
    )
    return { begun, ends, ask }
  }

  it('are two for all who ask while one is under way: that one, and the next', async () => {
    const { begun, ends, ask } = runs()
    const first = ask('ann')
    const others = [ask('ann'), ask('ann'), ask('ann')]
    expect(begun).toEqual(['ann'])
    ends[0]?.()
    expect(await first).toBe(1)
    await expect.poll(() => begun.length).toBe(2)
    // It has begun: what comes up from now on it may have passed.
    const later = ask('ann')
    ends[1]?.()
    expect(await Promise.all(others)).toEqual([2, 2, 2])
    await expect.poll(() => begun.length).toBe(3)
    ends[2]?.()
    expect(await later).toBe(3)
    void ask('ann')
    expect(begun).toHaveLength(4)
  })

  it('are each person’s own', () => {
    const { begun, ask } = runs()
    void ask('ann')
    void ask('bo')
    expect(begun).toEqual(['ann', 'bo'])
  })

  it('go on after one that failed, which only who asked for it hears of', async () => {
    const { ends, ask } = runs()
    const first = ask('ann')
    const second = ask('ann')
    ends[0]?.(new Error('no database'))
    await expect(first).rejects.toThrow('no database')
    await expect.poll(() => ends.length).toBe(2)
    ends[1]?.()
    expect(await second).toBe(2)
  })
})
