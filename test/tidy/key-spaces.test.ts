import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkKeySpaces, type KeySpaceReport } from './key-spaces.ts'

const root = resolve(import.meta.dirname, '../..')

/** A stage that helps itself to what others keep, in every way that there is. */
const BREACHES = {
  'src/stats/planted.ts': `
    import { Collection, type Context, type Key, keySpace, type Transaction } from '../store/index.ts'
    const OWN = keySpace('planted')
    export function open(tx: Transaction, { store, sealer }: Context, name: string) {
      const own: Key = OWN('id')
      const listed = ['case', 'id']
      void tx.get(own)
      void tx.get(OWN('id'))
      void tx.get(['case', 'id'])
      tx.delete(listed)
      void tx.prefetch(['id'].map((id) => ['case', id]))
      tx.range({ prefix: ['case'] })
      store.changes([...own, 'more'], '')
      return [new Collection(keySpace('case'), sealer), keySpace(name)]
    }
  `,
  'src/planted/index.ts': `export { SHARED, openShared } from './shared.ts'\n`,
  'src/planted/shared.ts': `
    import { keySpace, table } from '../store/index.ts'
    export const SHARED = keySpace('planted-shared')
    export const openShared = table<object, object>(keySpace('planted-table')).with({})
  `,
}

describe('key spaces', () => {
  let report: KeySpaceReport
  // Once for all of it: the types of all sources are found out for it.
  beforeAll(() => {
    report = checkKeySpaces(root, BREACHES)
  }, 300_000)

  it('are declared once, by the stage that keeps what is there, and opened by no other', () => {
    expect(report.violations.filter((text) => !text.includes('planted'))).toEqual([])
    expect(report.names).toEqual(expect.arrayContaining(['case', 'notice', 'system/format']))
    expect(report.names.length).toBeGreaterThan(100)
  })

  it('are seen where a stage opens what it has not declared', () => {
    const planted = report.violations.filter((text) => text.includes('planted'))
    expect(
      planted.map((text) => text.replace(/^src\/(?:cases\/case-table.ts:\d+, src\/)?/, '')),
    ).toEqual([
      "stats/planted.ts:9: a key is made by hand: ['case', 'id']",
      'stats/planted.ts:10: a key is made by hand: listed',
      "stats/planted.ts:11: a key is made by hand: ['id'].map((id) => ['case', id])",
      "stats/planted.ts:12: a key is made by hand: ['case']",
      "stats/planted.ts:13: a key is made by hand: [...own, 'more']",
      'stats/planted.ts:14: a key space has a name that is not written out',
      'planted/index.ts:1: SHARED opens a key space to other stages',
      'planted/index.ts:1: openShared opens a key space to other stages',
      'stats/planted.ts:14: case is declared more than once',
    ])
  })
})
