import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeyRing, keysFrom, SeededRandom } from '../../src/core/index.ts'
import {
  acceptedLosses,
  acceptLosses,
  Collection,
  keySpace,
  openDataKeys,
  openLevelStore,
  take,
} from '../../src/store/index.ts'
import { readLog, writeLog } from '../../src/store/level/log-format.ts'
import { readTables } from '../../src/store/level/table-files.ts'
import { writePage } from './ledger.ts'

const BLOCK_BYTES = 32 * 1024
const PAGES = 60

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-damage-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** Each page is a commit: its number is that of the page, and one. */
async function writePages(from: number, count: number): Promise<void> {
  const store = await openLevelStore({ directory })
  for (let page = from; page < from + count; page += 1) await writePage(store, page)
  await store.close()
}

async function pagesThere(): Promise<number[]> {
  const store = await openLevelStore({ directory })
  try {
    return await store.transact(async (tx) => {
      const found: number[] = []
      for await (const { key } of tx.range({ prefix: ['page'] })) found.push(Number(key[1]))
      return found
    })
  } finally {
    await store.close()
  }
}

async function logFile(): Promise<string> {
  const names = await readdir(directory)
  return join(directory, names.find((name) => name.endsWith('.log')) ?? 'none')
}

async function flip(file: string, position: number, bit = 0): Promise<void> {
  const bytes = await readFile(file)
  bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << bit), position)
  await writeFile(file, bytes)
}

function without(lost: number): number[] {
  return Array.from({ length: PAGES }, (_, page) => page).filter((page) => page !== lost)
}

describe('a log of which a bit has flipped', () => {
  it('is not opened: what is missing is named, and nothing is touched', async () => {
    await writePages(0, PAGES)
    const file = await logFile()
    const whole = await readFile(file)
    const records = readLog(whole).flatMap((part) => ('record' in part ? [part.record] : []))
    expect(records).toHaveLength(PAGES)
    for (const lost of [0, 17, PAGES - 1]) {
      await writeFile(file, whole)
      await flip(file, whole.indexOf(records[lost]?.subarray(0, 40) ?? 'none') + 30)
      const damaged = await readFile(file)
      const names = await readdir(directory)
      const said =
        lost === 0 ? /^commits up to 1 / : new RegExp(`^commit ${lost + 1} cannot be read `)
      await expect(openLevelStore({ directory })).rejects.toMatchObject({
        code: 'COMMITS_LOST',
        message: expect.stringMatching(said) as string,
      })
      expect(await readdir(directory)).toEqual(names)
      expect((await readFile(file)).equals(damaged)).toBe(true)
    }
  })

  it('is opened without the commit that is lost, and no other, once somebody accepts that', async () => {
    await writePages(0, PAGES)
    const file = await logFile()
    // In the first block, of which LevelDB would drop all that follows.
    await flip(file, 3_000)
    const lost = await acceptLosses(directory)
    expect(lost).toEqual([expect.stringMatching(/^commit \d+ cannot be read \(\d+\.log, bytes /)])
    const number = Number(/\d+/.exec(lost[0] ?? '')?.[0])
    expect(await pagesThere()).toEqual(without(number - 1))
    const { lost: noted, forget } = await acceptedLosses(directory)
    expect(noted).toEqual(lost)
    await forget()
    expect((await acceptedLosses(directory)).lost).toEqual([])
    expect(await acceptLosses(directory)).toEqual([])
  })

  it('is seen wherever the bit is', async () => {
    await writePages(0, PAGES)
    const file = await logFile()
    const whole = await readFile(file)
    expect(whole.length).toBeGreaterThan(2 * BLOCK_BYTES)
    const random = new SeededRandom(11)
    const lastBlock = whole.length - (whole.length % BLOCK_BYTES)
    // Among them lengths of the last block, which then seem to go beyond the end of the log.
    const positions = [4, 5, 6, lastBlock + 4, lastBlock + 5, whole.length - 1]
    for (let i = 0; i < 60; i += 1) positions.push(random.integer(0, whole.length - 1))
    for (const position of positions) {
      await writeFile(file, whole)
      await flip(file, position, random.integer(0, 7))
      await expect(openLevelStore({ directory }), `byte ${position}`).rejects.toMatchObject({
        code: 'COMMITS_LOST',
      })
    }
  })
})

describe('a store that has lost its newest commits', () => {
  it('says so by its mark, until somebody accepts that', async () => {
    await writePages(0, 5)
    await writePages(5, 5)
    await rm(await logFile())
    const lost = /^commits 6 to 10: not there any more$/
    for (let times = 0; times < 2; times += 1) {
      await expect(openLevelStore({ directory })).rejects.toMatchObject({
        code: 'COMMITS_LOST',
        message: expect.stringMatching(lost) as string,
      })
    }
    expect(await acceptLosses(directory)).toEqual([expect.stringMatching(lost)])
    expect(await pagesThere()).toEqual([0, 1, 2, 3, 4])
  })

  it('says so where its log was cut off within what was acknowledged', async () => {
    await writePages(0, 10)
    const file = await logFile()
    await truncate(file, (await stat(file)).size - 5)
    const message = expect.stringMatching(/^commit 10 cannot be read /) as string
    await expect(openLevelStore({ directory })).rejects.toMatchObject({
      code: 'COMMITS_LOST',
      message,
    })
  })

  it('opens where the log ends in half a commit that nobody was told of', async () => {
    await writePages(0, 10)
    const mark = await readFile(join(directory, 'last-commit'))
    const [record = Buffer.of()] = readLog(await readFile(await logFile())).flatMap((part) =>
      'record' in part ? [part.record] : [],
    )
    // What a power cut leaves: the pages of the file that were written, and zeros for the others.
    for (const torn of [
      writeLog([record]).subarray(0, -9),
      Buffer.alloc(300),
      Buffer.alloc(3, 7),
    ]) {
      const file = await logFile()
      await writeFile(file, Buffer.concat([await readFile(file), torn]))
      expect(await pagesThere()).toHaveLength(10)
      expect(await readFile(join(directory, 'last-commit'))).toEqual(mark)
    }
  })

  it('opens without a mark, and with one that is damaged', async () => {
    await writePages(0, 3)
    await flip(join(directory, 'last-commit'), 15)
    expect(await pagesThere()).toHaveLength(3)
    await rm(join(directory, 'last-commit'))
    expect(await pagesThere()).toHaveLength(3)
  })
})

describe('a table of which a bit has flipped', () => {
  /** Zeros for the most part, that nobody reads. */
  const FOOTER_BYTES = 48
  const tableFile = async () => {
    const names = await readdir(directory)
    return join(directory, names.find((name) => name.endsWith('.ldb')) ?? 'none')
  }

  it('is seen by its checksums, wherever the bit is, and the records of the block are named', async () => {
    await writePages(0, PAGES)
    await writePages(PAGES, 1)
    const file = await tableFile()
    const whole = await readFile(file)
    const damaged = async () => (await take(readTables(directory)))[0]?.damaged
    expect(await damaged()).toEqual([])
    const random = new SeededRandom(12)
    const named: string[] = []
    for (let i = 0; i < 80; i += 1) {
      const position = random.integer(0, whole.length - 1 - FOOTER_BYTES)
      await writeFile(file, whole)
      await flip(file, position, random.integer(0, 7))
      const found = await damaged()
      expect(found, `byte ${position}`).toHaveLength(1)
      named.push(...(found ?? []).filter((place) => /: (page|part|log)\//.test(place)))
    }
    expect(named.length).toBeGreaterThan(40)
  })

  it('is not looked for in a table that a crash, or the end of a merge, left half written', async () => {
    await writePages(0, PAGES)
    await writePages(PAGES, 1)
    const whole = await readFile(await tableFile())
    const own = (await take(readTables(directory))).map(({ name }) => name)
    await writeFile(join(directory, '999999.ldb'), whole.subarray(0, 1395))
    const read = await take(readTables(directory))
    expect(read.map(({ name }) => name)).toEqual(own)
    expect(read.flatMap(({ damaged }) => damaged)).toEqual([])
    // Without the manifest nobody knows what is half written, so all is read.
    const names = await readdir(directory)
    const manifest = join(directory, names.find((name) => name.startsWith('MANIFEST')) ?? 'none')
    await flip(manifest, 12)
    expect((await take(readTables(directory))).at(-1)).toMatchObject({
      name: '999999.ldb',
      damaged: ['999999.ldb, bytes 0 to 1395: no record can be named'],
    })
  })

  it('is looked for in every table of a store that has merged many', async () => {
    const store = await openLevelStore({ directory })
    for (let page = 0; page < 8; page += 1) {
      await store.transact((tx) => {
        for (let n = 0; n < 3_000; n += 1) tx.put(['page', 3_000 * page + n], randomBytes(1_000))
        return Promise.resolve()
      })
    }
    await store.close()
    await writePages(PAGES, 1)
    const files = (await readdir(directory)).filter((name) => name.endsWith('.ldb'))
    const read = (await take(readTables(directory))).map(({ name }) => name)
    expect(read.length).toBeGreaterThan(2)
    expect(files).toEqual(expect.arrayContaining(read))
    const bytes = await Promise.all(
      read.map(async (name) => (await stat(join(directory, name))).size),
    )
    expect(bytes.reduce((sum, size) => sum + size)).toBeGreaterThan(15e6)
  })

  it('is noted by a store that checks itself, and told once', async () => {
    await writePages(0, PAGES)
    const warnings: string[] = []
    const warn = (message: string) => warnings.push(message)
    const store = await openLevelStore({ directory, warn })
    await store.check(AbortSignal.timeout(10_000))
    expect([store.damaged(), warnings]).toEqual([[], []])
    await flip(await tableFile(), 100)
    for (let times = 0; times < 2; times += 1) await store.check(AbortSignal.timeout(10_000))
    expect(store.damaged()).toEqual([expect.stringMatching(/^\d+\.ldb, bytes 0 to \d+: /)])
    expect(warnings).toEqual([expect.stringContaining(store.damaged()[0] ?? 'none')])
    await store.close()
  })
})

describe('the format of logs', () => {
  it('gives back what it was given, whatever the length', () => {
    const random = new SeededRandom(3)
    const lengths = [12, BLOCK_BYTES - 7, BLOCK_BYTES - 14, 3 * BLOCK_BYTES, 100, 20_000, 12_752, 1]
    const records = lengths.map((length) => Buffer.from(random.bytes(length)))
    const read = readLog(writeLog(records)).map((part) => ('record' in part ? part.record : null))
    expect(read.map((record) => record?.toString('hex'))).toEqual(
      records.map((one) => one.toString('hex')),
    )
  })
})

describe('a record that another key seems to have sealed', () => {
  it('is damaged, where the keys are those of the store', async () => {
    const random = new SeededRandom(4)
    const store = await openLevelStore({ directory })
    const { sealer } = await openDataKeys(store, Buffer.alloc(32, 1), random)
    const things = new Collection<{ n: number }, { text: string }>(keySpace('thing'), sealer)
    await store.transact((tx) => {
      things.put(tx, '1', { n: 1 }, { text: 'one' })
      return Promise.resolve()
    })
    const stranger = createKeyRing(keysFrom(Buffer.alloc(32, 2)), random)
    const theirs = new Collection<{ n: number }, { text: string }>(keySpace('thing'), stranger)
    await expect(store.transact((tx) => theirs.need(tx, '1'))).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: 'the thing with the id 1 cannot be read',
    })
    await store.close()
  })
})
