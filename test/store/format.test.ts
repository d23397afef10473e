import { afterEach, beforeEach, expect, it } from 'vitest'
import { proveFormat } from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'

let context: TestContext
beforeEach(async () => {
  context = await openTestContext()
})
afterEach(() => context.dispose())

it('a new store is marked, and known again', async () => {
  await proveFormat(context)
  await proveFormat(context)
})

it('a store that was written before there were marks is refused, and left as it is', async () => {
  const put = (text: string) =>
    context.store.transact((tx) => {
      tx.put(['item', '1'], Buffer.from(text))
      return Promise.resolve()
    })
  await put('of another version')
  const version = context.store.version()
  await expect(proveFormat(context)).rejects.toMatchObject({ code: 'STORE_FORMAT' })
  expect(context.store.version()).toBe(version)
})

it('a store of a later format is refused', async () => {
  await context.store.transact((tx) => {
    tx.put(['system', 'format'], Buffer.from('99'))
    return Promise.resolve()
  })
  await expect(proveFormat(context)).rejects.toThrow('format 99')
})
