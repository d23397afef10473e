import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  idsBelow,
  keySpace,
  recordingKeys,
  type Row,
  table,
  take,
  type Transaction,
} from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'

interface Clear {
  readonly state: string
  readonly dueAt: string | null
}
interface Sealed {
  readonly name: string
  readonly tags: readonly string[]
}

const letterTable = table<Clear, Sealed>(keySpace('letter')).with({
  by: {
    state: { keys: keySpace('letter-state'), at: ({ clear }) => [clear.state] },
    due: {
      keys: keySpace('letter-due'),
      at: ({ clear: { dueAt } }) => dueAt !== null && [dueAt],
      note: ({ sealed }) => sealed.tags.join(),
    },
    tag: { keys: keySpace('letter-tag'), atEach: ({ sealed }) => sealed.tags.map((tag) => [tag]) },
    name: {
      unique: true,
      keys: keySpace('letter-name'),
      at: ({ clear, sealed }, sealer) =>
        clear.state !== 'void' && [sealer.digest('letter-name', sealed.name)],
    },
  },
  counts: { state: { keys: keySpace('letter-count'), at: ({ clear }) => [clear.state] } },
})

let context: TestContext
let letters: ReturnType<typeof letterTable>
beforeEach(async () => {
  context = await openTestContext()
  letters = letterTable(context.sealer)
})
afterEach(() => context.dispose())

const letter = (id: string, clear: Partial<Clear> = {}, tags: readonly string[] = []) => ({
  id,
  clear: { state: 'open', dueAt: null, ...clear },
  sealed: { name: `name of ${id}`, tags },
})
const place = (name: string) => [context.sealer.digest('letter-name', name)]

/** How many keys it writes. */
const writing = (work: (tx: Transaction) => void): Promise<number> =>
  context.store.transact((tx) => {
    const recording = recordingKeys(tx)
    work(recording.tx)
    return Promise.resolve(recording.keys.length)
  })
const reading = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
  context.store.transact(work)
const add = (...rows: readonly Row<Clear, Sealed>[]) =>
  writing((tx) => {
    for (const row of rows) letters.add(tx, row)
  })
const idsOf = (index: keyof typeof letters.by, ...at: readonly string[]) =>
  reading((tx) => take(letters.by[index].ids(tx, at)))

describe('a table', () => {
  it('finds and counts what is added, changed and removed', async () => {
    const first = letter('1', { dueAt: '2026-01-02' }, ['a', 'b'])
    await add(first, letter('2', {}, ['b']))
    expect(await idsOf('state', 'open')).toEqual(['1', '2'])
    expect(await idsOf('tag', 'b')).toEqual(['1', '2'])
    expect(await idsOf('due')).toEqual(['1'])
    expect(await reading((tx) => letters.counts.state.at(tx, ['open']))).toBe(2)
    expect(await reading((tx) => letters.by.name.find(tx, place('name of 1')))).toEqual(first)

    const closed = { ...letter('1', { state: 'void' }, ['b', 'c']) }
    await writing((tx) => {
      letters.change(tx, first, closed)
    })
    expect(await idsOf('state', 'open')).toEqual(['2'])
    expect(await idsOf('state', 'void')).toEqual(['1'])
    expect(await idsOf('tag', 'a')).toEqual([])
    expect(await idsOf('tag', 'c')).toEqual(['1'])
    expect(await idsOf('due')).toEqual([])
    expect(await reading((tx) => letters.counts.state.at(tx, ['open']))).toBe(1)
    expect(await reading((tx) => letters.by.name.has(tx, place('name of 1')))).toBe(false)

    await writing((tx) => {
      letters.remove(tx, closed)
    })
    expect(await reading((tx) => letters.get(tx, '1'))).toBeUndefined()
    expect(await idsOf('state', 'void')).toEqual([])
    expect(await idsOf('tag', 'b')).toEqual(['2'])
    expect(await reading((tx) => letters.counts.state.at(tx, ['void']))).toBe(0)
  })

  it('writes the record and what differs, and nothing more', async () => {
    const first = letter('1', { dueAt: '2026-01-02' }, ['a'])
    // The record, three indexes and its name; counters are added to, not written.
    expect(await add(first)).toBe(5)
    const later = letter('1', { dueAt: '2026-01-03' }, ['a'])
    expect(
      await writing((tx) => {
        letters.change(tx, first, first)
      }),
    ).toBe(1)
    expect(
      await writing((tx) => {
        letters.change(tx, first, later)
      }),
    ).toBe(3)
    const noted = letter('1', { dueAt: '2026-01-03' }, ['a', 'b'])
    // Its tag, and what the index in time notes of it.
    expect(
      await writing((tx) => {
        letters.change(tx, later, noted)
      }),
    ).toBe(3)
    expect(
      await writing((tx) => {
        letters.remove(tx, noted)
      }),
    ).toBe(6)
    // All that is left of it is its counter, at zero.
    expect(await reading((tx) => take(idsBelow(tx, [])))).toEqual(['open'])
  })

  it('is read by page, forwards and backwards, and from the place where a page ended', async () => {
    await add(...['1', '2', '3', '4'].map((id) => letter(id, { state: id === '3' ? 'x' : 'open' })))
    const open = (options: object) =>
      reading((tx) => take(letters.by.state.rows(tx, ['open'], options)))
    const ids = async (rows: Promise<readonly { readonly id: string }[]>) =>
      (await rows).map(({ id }) => id)
    expect(await ids(open({ limit: 2 }))).toEqual(['1', '2'])
    expect(await ids(open({ after: '2', limit: 2 }))).toEqual(['4'])
    expect(await ids(open({ before: '4' }))).toEqual(['1', '2'])
    expect(await ids(open({ reverse: true }))).toEqual(['4', '2', '1'])
    expect(await ids(reading((tx) => letters.page(tx, { after: '1', limit: 2 })))).toEqual([
      '2',
      '3',
    ])
    const pages: string[][] = []
    for await (const rows of letters.pages(context.store, 3)) pages.push(rows.map(({ id }) => id))
    expect(pages).toEqual([['1', '2', '3'], ['4']])
    expect(await reading((tx) => letters.idsWhile(tx, 9, ({ id }) => id < '3'))).toEqual(['1', '2'])
    expect(await reading((tx) => letters.by.state.has(tx, ['x']))).toBe(true)
    expect(await reading((tx) => letters.by.state.has(tx, ['y']))).toBe(false)
  })

  it('hands over what is due, the longest due first, once each and a page at a time', async () => {
    const days = ['03', '01', '02', '05', '04']
    await add(...days.map((day, at) => letter(String(at), { dueAt: `2026-01-${day}` }, [day])))
    expect(await reading((tx) => letters.by.due.due(tx, '2026-01-02'))).toMatchObject([
      { id: '1' },
      { id: '2' },
    ])
    const seen: string[] = []
    const count = await letters.by.due.workOff(context.store, '2026-01-04', 2, (tx, id) => {
      seen.push(id)
      return Promise.resolve(id !== '0')
    })
    expect([seen, count]).toEqual([['1', '2', '0', '4'], 3])
    const notes = await reading((tx) => take(letters.by.due.notes(tx, [])))
    expect(notes.map(({ note }) => note)).toEqual(['01', '02', '03', '04', '05'])
  })

  it('hands over what is due though the work breaks over one of them, and leaves that one alone due', async () => {
    await add(
      ...['01', '02', '03', '04'].map((day, at) => letter(String(at), { dueAt: day }, [day])),
    )
    const workOff = (broken: string) =>
      letters.by.due.workOff(context.store, '05', 2, async (tx, id) => {
        letters.remove(tx, await letters.need(tx, id))
        if (id === broken) throw new Error(`${id} broke`)
        return true
      })
    await expect(workOff('1')).rejects.toThrow('1 broke')
    expect(await reading((tx) => letters.by.due.due(tx, '05'))).toMatchObject([{ id: '1' }])
    expect(await workOff('')).toBe(1)
    expect(await reading((tx) => letters.by.due.due(tx, '05'))).toEqual([])
  })
})
