import { expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'
import { startApi } from './api.ts'

const pdq = 'd811ac390bfa6005d08543fe27fd5a11f6b55bdd2603000dc26476fc79fc76b5'

/** See `hma.test.ts`: where Hindra departs from HMA, and why. */
it('deviates: where two officers retract, the first deletion is a dispute and says so', async () => {
  const strict = await startApi({ 'register.retractionFourEyes': true })
  try {
    const [first, second, other] = await Promise.all([
      strict.keyOf('officer', 'hma-curator'),
      strict.keyOf('officer'),
      strict.keyOf('verifier'),
    ])
    const call = (method: string, path: string, { key }: { key: string }, body?: object) =>
      strict.call(method, path, { key, ...defined({ body }) })
    const added = await call('POST', '/hma/c/bank/own/signal', first, { pdq })
    const [item] = (await call('GET', '/v1/items', first)).body as { id: string }[]
    const of = `/v1/items/${item?.id ?? ''}`
    await call('POST', `${of}/verify`, other, { acknowledgeFindings: true })
    const path = `/hma/c/bank/own/content/${String((added.body as { id: number }).id)}`
    expect((await call('DELETE', path, first)).body).toEqual({ deleted: 0 })
    expect((await call('GET', of, first)).body).toMatchObject({ status: 'disputed' })
    expect(await call('DELETE', path, first)).toMatchObject({ status: 403 })
    expect((await call('DELETE', path, second)).body).toEqual({ deleted: 1 })
    expect((await call('GET', of, first)).body).toMatchObject({ status: 'retracted' })
  } finally {
    await strict.dispose()
  }
})
