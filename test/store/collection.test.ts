import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSealer, SeededRandom } from '../../src/core/index.ts'
import { Collection, keySpace } from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { write } from '../contract/store-helpers.ts'

interface Clear {
  readonly state: string
}
interface Sealed {
  readonly url: string
  readonly note: string | null
}

const SECRET = 'https://bad-host.example/secret-path'

let context: TestContext
let cases: Collection<Clear, Sealed>
beforeEach(async () => {
  context = await openTestContext()
  cases = new Collection(keySpace('case'), context.sealer)
})
afterEach(() => context.dispose())

const put = (id: string, state = 'open') =>
  write(context.store, (tx) => {
    cases.put(tx, id, { state }, { url: `${SECRET}?${id}`, note: null })
  })

/** All that the directory holds, as an intruder with the disk would read it. */
async function rawBytes(): Promise<Buffer> {
  const names = await readdir(context.directory)
  // Reading LOCK would drop the lock; it is always empty.
  const files = names.filter((name) => name !== 'LOCK')
  return Buffer.concat(
    await Promise.all(files.map((name) => readFile(join(context.directory, name)))),
  )
}

async function open(id: string, opened: Collection<Clear, Sealed>) {
  return context.store.transact((tx) => opened.get(tx, id))
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const collected = []
  for await (const row of rows) collected.push(row)
  return collected
}

describe('collection', () => {
  it('gives back what was put, both parts or the clear one', async () => {
    await put('2', 'closed')
    await put('1')
    await context.store.transact(async (tx) => {
      const row = { id: '1', clear: { state: 'open' }, sealed: { url: `${SECRET}?1`, note: null } }
      expect(await cases.get(tx, '1')).toEqual(row)
      expect(await cases.need(tx, '1')).toEqual(row)
      expect(await cases.get(tx, '3')).toBeUndefined()
      await expect(cases.need(tx, '3')).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect(await collect(cases.rows(tx, { limit: 1 }))).toEqual([row])
      expect(await collect(cases.clearRows(tx, { reverse: true }))).toEqual([
        { id: '2', clear: { state: 'closed' } },
        { id: '1', clear: { state: 'open' } },
      ])
      cases.delete(tx, '1')
      expect(await cases.get(tx, '1')).toBeUndefined()
    })
  })

  it('leaves nothing of the sealed part readable on the disk', async () => {
    await put('1')
    for (const closed of [false, true]) {
      if (closed) await context.store.close()
      const raw = await rawBytes()
      expect(raw.includes('"state":"open"')).toBe(true)
      for (const secret of [SECRET, 'bad-host', 'secret-path', '"note"', '"url"']) {
        expect(raw.includes(secret), secret).toBe(false)
      }
    }
  })

  it('does not open a record that was moved to another id or collection', async () => {
    await put('1')
    await context.store.transact(async (tx) => {
      const value = (await tx.get(['case', '1'])) ?? Buffer.of()
      tx.put(['case', '2'], value)
      tx.put(['tip', '1'], value)
    })
    const tips = new Collection<Clear, Sealed>(keySpace('tip'), context.sealer)
    await expect(open('2', cases)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    await expect(open('1', tips)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  it('does not open a record with another key, and says so', async () => {
    await put('1')
    const other = createSealer(Buffer.alloc(32, 8), new SeededRandom(2))
    const withOtherKey = new Collection<Clear, Sealed>(keySpace('case'), other)
    await expect(open('1', withOtherKey)).rejects.toMatchObject({ code: 'KEY_WRONG' })
  })

  it('names the record whose bytes were changed, wherever', async () => {
    await put('1')
    const good = Buffer.from(
      (await context.store.transact((tx) => tx.get(['case', '1']))) ?? Buffer.of(),
    )
    const clearByte = good.indexOf('open')
    for (const change of [
      (bytes: Buffer) => bytes.subarray(0, 3),
      (bytes: Buffer) => bytes.subarray(0, -1),
      (bytes: Buffer) => bytes.fill(9, 0, 1),
      (bytes: Buffer) => bytes.fill(0xff, 1, 5),
      (bytes: Buffer) => bytes.fill('{', 5, 6 + 5),
      (bytes: Buffer) => bytes.fill(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1),
      (bytes: Buffer) => bytes.fill('shut', clearByte, clearByte + 4),
    ]) {
      await write(context.store, (tx) => {
        tx.put(['case', '1'], change(Buffer.from(good)))
      })
      await expect(open('1', cases)).rejects.toMatchObject({
        code: 'STORE_CORRUPT',
        message: 'the case with the id 1 cannot be read',
      })
    }
  })
})
