import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { own } from '../../src/core/index.ts'
import { classified, type Delta, readList } from '../../src/exchange/index.ts'
import { createRegister } from '../../src/register/index.ts'
import { openTestContext } from '../context.ts'

/** Names that every object answers to, as strangers write them where names are read. */
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']

let directory: string
let before: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-names-'))
  before = Object.getOwnPropertyNames(Object.prototype).join()
})
afterEach(() => {
  rmSync(directory, { recursive: true })
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
})

describe.each(NAMES)('%s', (name) => {
  it('is no entry of a table', () => {
    expect(own({}, name)).toBeUndefined()
    expect(own(JSON.parse(`{"${name}":1}`) as Record<string, number>, name)).toBe(1)
  })

  it.each([
    (at: string) => `${at}: { polluted: 1 }`,
    (at: string) => `${at}: 1`,
    (at: string) => `server: { ${at}: { polluted: 1 } }`,
    (at: string) => `server: { ${at}: 1 }`,
  ])('is no setting, and refused', (yaml) => {
    const file = join(directory, 'hindra.yaml')
    writeFileSync(file, yaml(name))
    expect(() => loadConfig({ env: {}, file })).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONFIG',
        message: expect.stringContaining(name) as string,
      }) as Error,
    )
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it('is a class that nobody mapped, a column and a type that are not known', async () => {
    const md5 = '0'.repeat(32)
    const csv = `key,md5,classification\na,${md5},${name}\nb,${md5},Baseline\n`
    const rows = await linesOf('csv', csv)
    const threat = { id: 'a', type: name, indicator: md5 }
    const data = [threat, { ...threat, type: 'HASH_MD5' }]
    const updates = await linesOf('threatexchange', JSON.stringify({ data }))
    expect(rows.map(({ change }) => change)).toEqual(['refused', 'put'])
    expect(updates).toMatchObject([{ field: 'type' }, { field: 'classification' }])
    await expect(linesOf('csv', `key,md5,${name}\na,${md5},1\n`)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })

  it('is no list', async () => {
    const context = await openTestContext()
    const { lists } = createRegister(context, { append: () => undefined } as never)
    await context.store.transact(async (tx) => {
      await expect(lists.need(tx, name)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })
    await context.dispose()
  })
})

async function linesOf(format: 'csv' | 'threatexchange', text: string): Promise<readonly Delta[]> {
  const lines: Delta[] = []
  const bytes = Readable.from([Buffer.from(text)])
  for await (const line of classified(readList(format, bytes), { bySource: {} })) lines.push(line)
  return lines
}
