import { describe, expect, it } from 'vitest'
import { remembered } from '../../src/http/remembered.ts'

describe('what is remembered', () => {
  it('is found once for all who ask in its time, counted from the asking', async () => {
    let nowMs = 0
    let asked = 0
    const ask = remembered(
      () => {
        asked += 1
        // Finding takes longer than remembering: the answer is then too old for whoever comes.
        return Promise.resolve(asked).finally(() => (nowMs += 400))
      },
      1_000,
      () => nowMs,
    )
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1])
    nowMs = 999
    expect(await ask()).toBe(1)
    nowMs = 1_000
    expect(await ask()).toBe(2)
  })

  it('is no failure', async () => {
    let tries = 0
    const ask = remembered(() => {
      tries += 1
      return tries === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve('now')
    }, 1_000)
    const [one, other] = await Promise.allSettled([ask(), ask()])
    expect([one.status, other.status, tries]).toEqual(['rejected', 'rejected', 1])
    expect(await ask()).toBe('now')
  })
})
