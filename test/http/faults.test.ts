import { describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { createFaults, faultInWords } from '../../src/watch/faults.ts'
import { HindraError } from '../../src/errors.ts'
import { proveFormat } from '../../src/store/index.ts'
import { openTestContext } from '../context.ts'

const SECRET = 'https://suspected.example/path'

describe('what keeps Hindra from work', () => {
  it('is found out part by part, and told without what messages quote', async () => {
    const context = await openTestContext()
    const { store } = context
    await proveFormat(context)
    const settings = configWith({ 'pool.queueMax': 4 })
    const known = { catchUp: () => Promise.resolve() }
    const pool = { queued: 0 }
    const claims = { count: () => Promise.resolve(0) }
    const search = () => Promise.resolve([])
    const found = async (changes: object) => {
      const faults = createFaults({ store, known, pool, claims, search, ...changes }, settings)
      return (await faults()).map(faultInWords)
    }
    expect(await found({})).toEqual([])
    const lost = () => Promise.reject(new HindraError('INDEX_LOST', SECRET))
    expect(await found({ search: lost })).toEqual([expect.stringMatching(/^index: INDEX_LOST: /)])
    const behind = { catchUp: () => Promise.reject(new Error(SECRET)) }
    const several = await found({ known: behind, pool: { queued: 4 } })
    expect(several.map((fault) => fault.split(': ').slice(0, 2))).toEqual([
      ['register', 'INTERNAL'],
      ['pool', 'OVERLOADED'],
    ])
    expect(several.join('')).not.toContain('suspected')
    await context.dispose()
    expect(await found({})).toEqual([expect.stringMatching(/^store: STORE_CLOSED: /)])
  })
})
