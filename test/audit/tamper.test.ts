import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Audit, type Checkpoint, createAudit } from '../../src/audit/index.ts'
import { type Key, keySpace, SealedLog } from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'

/** What is stored, as whoever holds the data key could write it. */
type Stored = Record<string, unknown>

let context: TestContext
let audit: Audit
let log: SealedLog<Stored>
let checkpoint: Checkpoint

beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
  log = new SealedLog<Stored>(keySpace('audit'), context.sealer)
  for (let n = 0; n < 12; n++) {
    await context.store.transact((tx) => {
      const detail = { from: 'proposed', to: 'verified', number: n, quick: n % 2 === 0, none: null }
      audit.append(tx, { by: `p${n}`, action: 'item.verify', subject: `i${n}`, detail })
      return Promise.resolve()
    })
    context.clock.advance(1_000)
  }
  checkpoint = (await audit.checkpoint()) ?? { at: '', count: 0, hash: '' }
})
afterEach(() => context.dispose())

function rows(): Promise<{ key: Key; entry: Stored }[]> {
  return context.store.transact(async (tx) => {
    const found = []
    for await (const row of log.entries(tx)) found.push(row)
    return found
  })
}

async function rawRows(prefix: string): Promise<{ key: Key; value: Uint8Array }[]> {
  return context.store.transact(async (tx) => {
    const found = []
    for await (const row of tx.range({ prefix: [prefix] })) found.push(row)
    return found
  })
}

async function row(position: number): Promise<{ key: Key; entry: Stored }> {
  const found = (await rows())[position]
  if (found === undefined) throw new Error(`there is no row ${position}`)
  return found
}

function write(key: Key, entry: Stored): Promise<void> {
  return context.store.transact((tx) => {
    log.replace(tx, key, entry)
    return Promise.resolve()
  })
}

function remove(...keys: readonly Key[]): Promise<void> {
  return context.store.transact((tx) => {
    for (const key of keys) tx.delete(key)
    return Promise.resolve()
  })
}

/** Every leaf of a stored entry, as a path. */
function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]))
}

/** A copy with another value of the same type at the path. */
function changedAt(entry: Stored, path: readonly string[]): Stored {
  const copy = structuredClone(entry)
  const parent = path.slice(0, -1).reduce<Stored>((at, name) => at[name] as Stored, copy)
  const last = path.at(-1) ?? ''
  const before = parent[last]
  if (typeof before === 'number') parent[last] = before + 1
  else if (typeof before === 'boolean') parent[last] = !before
  else if (typeof before === 'string') {
    parent[last] = before.startsWith('a') ? `b${before.slice(1)}` : `a${before.slice(1)}`
  } else parent[last] = 'something'
  return copy
}

async function problems(...checkpoints: readonly Checkpoint[]): Promise<readonly string[]> {
  const report = await audit.verify(checkpoints)
  expect(report.intact).toBe(report.problemsTotal === 0)
  return report.problems.map(({ kind }) => kind)
}

describe('an audit chain', () => {
  it('is intact as it was written', async () => {
    expect(await audit.verify([checkpoint])).toMatchObject({
      intact: true,
      entries: 12,
      erased: 0,
      pending: 0,
      head: checkpoint,
    })
  })

  it('shows a change of any field, also by somebody who holds the data key', async () => {
    const { key, entry } = await row(5)
    const paths = leaves(entry)
    expect(paths.map((path) => path.join('.')).sort()).toEqual([
      'commitment',
      ...['content.action', 'content.at', 'content.by', 'content.detail.from'],
      ...['content.detail.none', 'content.detail.number', 'content.detail.quick'],
      ...['content.detail.to', 'content.subject', 'link.hash', 'link.number', 'salt'],
    ])
    for (const path of paths) {
      await write(key, changedAt(entry, path))
      expect([path, await problems()]).not.toEqual([path, []])
    }
    await write(key, { ...entry, content: { ...(entry['content'] as object), detail: {} } })
    expect(await problems()).toEqual(['changed'])
    await write(key, entry)
    expect(await problems(checkpoint)).toEqual([])
  })

  it('shows a change of any byte of a row or of the head', async () => {
    for (const prefix of ['audit', 'audit-head']) {
      const stored = await rawRows(prefix)
      const { key, value } = stored[Math.floor(stored.length / 2)] ?? {
        key: [],
        value: Buffer.of(),
      }
      for (let at = 0; at < value.length; at += prefix === 'audit' ? 7 : 3) {
        const changed = Buffer.from(value)
        changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at)
        await context.store.transact((tx) => {
          tx.put(key, changed)
          return Promise.resolve()
        })
        expect([prefix, at, await problems()]).not.toEqual([prefix, at, []])
      }
      await context.store.transact((tx) => {
        tx.put(key, value)
        return Promise.resolve()
      })
    }
    expect(await problems()).toEqual([])
  })

  it('shows what is missing: the first, one amid, several, the last, all', async () => {
    const all = (await rows()).map(({ key }) => key)
    for (const [from, to, expected] of [
      [0, 1, 'missing'],
      [4, 5, 'missing'],
      [4, 9, 'missing'],
      [11, 12, 'truncated'],
      [0, 12, 'truncated'],
    ] as const) {
      const kept = await rawRows('audit')
      await remove(...all.slice(from, to))
      expect([from, to, await problems()]).toEqual([from, to, [expected]])
      await context.store.transact((tx) => {
        for (const { key, value } of kept) tx.put(key, value)
        return Promise.resolve()
      })
    }
  })

  it('shows rows that changed places, and one that was put between', async () => {
    const [a, b] = [await row(3), await row(7)]
    await write(a.key, b.entry)
    await write(b.key, a.entry)
    expect(await problems()).toContain('reordered')
    await write(a.key, a.entry)
    await write(b.key, b.entry)
    expect(await problems()).toEqual([])

    const [, version = '', position = 0] = a.key
    const between: Key = ['audit', version, Number(position) + 1]
    await write(between, { ...a.entry, link: null })
    expect(await problems()).toEqual(['inserted'])
    await write(between, a.entry)
    expect(await problems()).toContain('reordered')
  })

  it('shows by a checkpoint what was cut off or written anew with the head', async () => {
    const headRow = await rawRows('audit-head')
    await context.store.transact((tx) => {
      audit.append(tx, { by: 'p1', action: 'item.retract', subject: 'i1' })
      return Promise.resolve()
    })
    const later = (await audit.checkpoint()) ?? checkpoint
    expect(await problems(checkpoint, later)).toEqual([])

    // The store as it was before: nothing in it tells, the checkpoint does.
    await remove((await row(12)).key)
    await context.store.transact((tx) => {
      for (const { key, value } of headRow) tx.put(key, value)
      return Promise.resolve()
    })
    expect(await problems(checkpoint)).toEqual([])
    expect(await problems(checkpoint, later)).toEqual(['truncated'])

    await context.store.transact((tx) => {
      audit.append(tx, { by: 'p2', action: 'item.retract', subject: 'i1' })
      return Promise.resolve()
    })
    await audit.checkpoint()
    expect(await problems(later)).toEqual(['rewritten'])
  })

  it('shows a head that was taken away, which the sealer does not make anew over what is left', async () => {
    const [head] = await rawRows('audit-head')
    await remove(head?.key ?? [], (await row(4)).key)
    expect(await problems()).toEqual(['missing', 'truncated'])
    await context.store.transact((tx) => {
      audit.append(tx, { by: 'p1', action: 'item.retract', subject: 'i1' })
      return Promise.resolve()
    })
    await expect(audit.checkpoint()).rejects.toMatchObject({ code: 'AUDIT_BROKEN' })
    const warned = new Promise((resolve) => {
      void audit.follow(resolve)
    })
    expect(String(await warned)).toMatch(/the head of the audit chain does not fit its entries/)
    await audit.close()
    expect(await problems()).toEqual(['missing', 'truncated'])
    expect(await audit.verify()).toMatchObject({ entries: 12, pending: 1 })
  })

  it('stays whole when contents are erased, and nothing of them is left', async () => {
    const before = '2026-11-02T08:00:06.000Z'
    const said = JSON.stringify((await row(2)).entry)
    expect(said).toContain('"p2"')
    const erase = (limit: number) =>
      context.store.transact(async (tx) => {
        const due = await audit.sealedBefore(tx, before, limit)
        await audit.erase(tx, due)
        return due.length
      })
    expect([await erase(4), await erase(4), await erase(4)]).toEqual([4, 2, 0])
    expect(await audit.verify([checkpoint])).toMatchObject({ intact: true, entries: 12, erased: 6 })
    const { content, salt } = (await row(2)).entry
    expect([content, salt]).toEqual([null, null])
    expect((await audit.entries({}))[2]).toMatchObject({ action: 'erased', by: '' })
    expect((await audit.entries({}))[6]).toMatchObject({ action: 'item.verify', by: 'p6' })
  })
})

/** What can be done to rows without the data key. */
const BLIND_ACTS = fc.array(
  fc.record({
    act: fc.constantFrom('delete', 'swap', 'copy'),
    from: fc.nat({ max: 12 }),
    to: fc.nat({ max: 12 }),
  }),
  { minLength: 1, maxLength: 14 },
)

describe('without the data key', () => {
  it('rows are deleted, swapped and copied in no way that verifies, and verifying mends nothing', async () => {
    const written = [...(await rawRows('audit')), ...(await rawRows('audit-head'))]
    const stateOf = async () =>
      [...(await rawRows('audit')), ...(await rawRows('audit-head'))].map(asText)
    const untouched = await stateOf()
    await fc.assert(
      fc.asyncProperty(BLIND_ACTS, async (acts) => {
        await context.store.transact(async (tx) => {
          for await (const { key } of tx.range({ prefix: ['audit'] })) tx.delete(key)
          for (const { key, value } of written) tx.put(key, value)
          for (const { act, from, to } of acts) {
            const [a, b] = [written[from], written[to]]
            if (a === undefined || b === undefined) throw new Error('there are thirteen rows')
            const [atA, atB] = [await tx.get(a.key), await tx.get(b.key)]
            if (act === 'delete') tx.delete(a.key)
            if (act !== 'delete' && atA !== undefined) tx.put(b.key, atA)
            if (act === 'swap' && atB !== undefined) tx.put(a.key, atB)
          }
        })
        const changed = await stateOf()
        // Where all of it is gone there is nothing to compare but a checkpoint.
        fc.pre(changed.length > 0 && changed.join() !== untouched.join())
        expect(await problems()).not.toEqual([])
        expect(await stateOf()).toEqual(changed)
        await context.store.transact((tx) => {
          audit.append(tx, { by: 'p1', action: 'item.retract', subject: 'i1' })
          return Promise.resolve()
        })
        await audit.checkpoint().catch(() => undefined)
        expect(await problems()).not.toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

function asText({ key, value }: { key: Key; value: Uint8Array }): string {
  return `${key.join('/')} ${Buffer.from(value).toString('hex')}`
}

describe('the sealer', () => {
  it('chains in commit order what many write at once, and goes on where another stopped', async () => {
    const closing = createAudit(context)
    void closing.follow((error) => {
      throw error
    })
    const writing = Array.from({ length: 200 }, (_, n) =>
      context.store.transact((tx) => {
        closing.append(tx, { by: `w${n}`, action: 'case.open', subject: `c${n}` })
        return Promise.resolve()
      }),
    )
    await Promise.all(writing)
    closing.count('p1', 'scan', 'k1')
    closing.count('p1', 'scan', 'k1')
    await closing.close()

    const report = await createAudit(context).verify([checkpoint])
    expect(report).toMatchObject({ intact: true, entries: 213, pending: 0 })
    const numbers = (await rows()).map(({ entry }) => (entry['link'] as { number: number }).number)
    expect(numbers).toEqual(Array.from({ length: 213 }, (_, n) => n + 1))
    expect((await audit.entries({})).at(-1)).toMatchObject({ action: 'scan', detail: { count: 2 } })
  })
})
