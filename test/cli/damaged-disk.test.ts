import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/audit/index.ts'
import type { StoreReport } from '../../src/keeping/index.ts'
import { openLevelStore } from '../../src/store/index.ts'
import { readLog } from '../../src/store/level/log-format.ts'
import { flipOnDisk } from '../store/on-disk.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home
let store: string
let auditor: string
beforeAll(async () => {
  home = createHome()
  store = join(home.data, 'store')
  await home.run(['init', '--features', 'no'])
  auditor = (await home.person('aud', 'auditor')).key
  for (let n = 0; n < 8; n += 1) await home.person(`p${n}`, 'auditor')
})
afterAll(() => home.dispose())

async function fileOf(ending: string): Promise<string> {
  const names = (await readdir(store)).filter((name) => name.endsWith(ending))
  return join(store, names.sort().at(-1) ?? 'none')
}

async function flip(file: string, position: number): Promise<void> {
  const bytes = await readFile(file)
  bytes.writeUInt8(bytes.readUInt8(position) ^ 4, position)
  await writeFile(file, bytes)
}

async function report(...flags: readonly string[]) {
  const { code, stdout } = await home.run(['doctor', '--store', '--json', ...flags])
  return { code, said: JSON.parse(stdout) as StoreReport }
}

describe('hindra doctor --store', () => {
  it('reads all of a store that is whole, also the files of one that a server has', async () => {
    const { code, said } = await report()
    expect(said).toMatchObject({
      acceptedLosses: [],
      files: { damaged: [] },
      records: { damagedRecords: 0, damaged: [] },
      notOpened: null,
    })
    expect(said.records?.sealed).toBeGreaterThan(16)
    expect(code).toBe(0)
    const server = await home.serve()
    const { code: beside, said: files } = await report()
    expect(files).toMatchObject({ files: { damaged: [] }, records: null })
    expect(files.notOpened).toMatch(/^STORE_LOCKED/)
    expect(beside).toBe(0)
    expect((await home.run(['doctor', '--store', '--accept-loss'])).stderr).toMatch(/^STORE_LOCKED/)
    for (const flags of [['--accept-loss'], ['--store', '--cluster']]) {
      expect(await home.run(['doctor', ...flags])).toMatchObject({ code: 2, stdout: '' })
    }
    const { stdout: cluster } = await home.run(['doctor', '--cluster'])
    expect(cluster).toMatch(
      /^ok {4}database: none is needed.*\nok {4}servers: one has the store.*\n$/,
    )
    await server.end('SIGTERM')
    const alone = await home.spawn(['doctor', '--store'])
    expect(alone.stdout).toMatch(
      /^ok {4}files: \d+ tables, .*\nok {4}records: \d+, \d+ of them sealed/,
    )
    expect(alone.code).toBe(0)
  })

  it('names a table that a bit has flipped in, and the record that is not to be read', async () => {
    const table = await fileOf('.ldb')
    const whole = await readFile(table)
    await flip(table, 200)
    const { code, said } = await report()
    expect(said.files?.damaged).toEqual([
      expect.stringMatching(/^\d+\.ldb, bytes 0 to \d+: audit\//),
    ])
    expect(code).toBe(1)
    await writeFile(table, whole)

    const [first] = (await home.json(['people'])) as { id: string }[]
    const id = first?.id ?? ''
    await flipOnDisk(store, ['person', id])
    const { code: found, said: record } = await report()
    expect(record.records).toMatchObject({ damagedRecords: 1, damaged: [`person/${id}`] })
    expect(found).toBe(1)
    const text = (await home.run(['doctor', '--store'])).stdout
    expect(text).toContain(`1 cannot be read: person/${id}`)
    expect(text).not.toContain('KEY_WRONG')
    expect((await home.json(['people'])) as unknown[]).toHaveLength(8)
    await flipOnDisk(store, ['person', id])
    expect((await report()).code).toBe(0)
  })
})

describe('a store that has lost commits', () => {
  it('is opened by no command until somebody accepts that, and the audit says so', async () => {
    const log = await logWithCommits()
    const middle = Math.floor((await readFile(log)).length / 2)
    await flip(log, middle)
    for (const args of [['people'], ['doctor'], ['doctor', '--store'], ['serve']]) {
      const { code, stdout, stderr } = await home.run(args)
      expect(stdout + stderr, args.join(' ')).toMatch(/commits? .* cannot be read \(\d+\.log/)
      expect(stdout + stderr).toContain('hindra doctor --store --accept-loss')
      expect(code).toBe(1)
    }
    const { code, said } = await report('--accept-loss')
    // The versions went with the commits, and those who wrote them kept none.
    expect(said.acceptedLosses).toEqual([
      expect.stringMatching(/^commits? \d+/),
      expect.stringMatching(/^which copies of the records are the newest/),
    ])
    expect(said).toMatchObject({ files: { damaged: [] }, records: { damagedRecords: 0 } })
    expect(code).toBe(0)
    expect((await report('--accept-loss')).said.acceptedLosses).toEqual([])
    const entries = (await home.json(['audit', 'list'], { key: auditor })) as AuditEntry[]
    expect(entries.filter(({ action }) => action === 'store.accept-loss')).toMatchObject([
      { by: 'hindra', subject: 'store', detail: { lost: said.acceptedLosses.join('; ') } },
    ])
  })
})

/** A log of several commits, in the middle of which one is lost. */
async function logWithCommits(): Promise<string> {
  const opened = await openLevelStore({ directory: store })
  for (let n = 0; n < 9; n += 1) {
    await opened.transact((tx) => {
      tx.put(['nothing', n], Buffer.alloc(500, n))
      return Promise.resolve()
    })
  }
  await opened.close()
  const log = await fileOf('.log')
  expect(readLog(await readFile(log)).length).toBeGreaterThanOrEqual(9)
  return log
}
