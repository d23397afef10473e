import { expect, it } from 'vitest'
import { despiteFaults, eachInTurn } from '../../src/core/index.ts'
import { HindraError } from '../../src/errors.ts'

it('does each in turn, and gives what they gave', async () => {
  const done: number[] = []
  const work = (number: number) => () => {
    done.push(number)
    return Promise.resolve(number)
  }
  expect(await eachInTurn(work(1), work(2), work(3))).toEqual([1, 2, 3])
  expect(done).toEqual([1, 2, 3])
})

it('goes on where one breaks, and throws what broke first in the end', async () => {
  const done: string[] = []
  const each = eachInTurn(
    () => Promise.reject(new TypeError('first')),
    () => Promise.reject(new HindraError('NOT_FOUND', 'second')),
    () => Promise.resolve(done.push('third')),
  )
  await expect(each).rejects.toThrow('first')
  expect(done).toEqual(['third'])
})

it.each(['STORE_UNAVAILABLE', 'LEASE_ELSEWHERE', 'DISK_FULL'] as const)(
  'ends at once with %s, over which all others would break too',
  async (code) => {
    const done: string[] = []
    const each = eachInTurn(
      () => Promise.reject(new HindraError(code, 'as tested')),
      () => Promise.resolve(done.push('second')),
    )
    await expect(each).rejects.toMatchObject({ code })
    expect(done).toEqual([])
  },
)

it('counts what could be done of many before it throws', async () => {
  let done = 0
  const all = despiteFaults(async (unless) => {
    for (const number of [1, 2, 3]) {
      await unless(() => (number === 2 ? Promise.reject(new Error('two')) : Promise.resolve()))
      done += 1
    }
  })
  await expect(all).rejects.toThrow('two')
  expect(done).toBe(3)
})
