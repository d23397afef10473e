import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canMountDisk, NO_DISK, SmallDisk } from '../../fixtures/servers/small-disk.ts'
import { HindraError } from '../../src/errors.ts'
import { openLevelStore, readCounter, type Store } from '../../src/store/index.ts'
import { startChild } from './child.ts'

const MIB = 1024 * 1024
const DISK_MIB = 24
const VALUE = Buffer.alloc(40_000, 7)

if (!canMountDisk) console.warn(`not run: ${NO_DISK}`)

let disk: SmallDisk
let directory: string
const warnings: string[] = []

beforeEach(() => {
  disk = new SmallDisk(DISK_MIB)
  directory = join(disk.directory, 'store')
  warnings.length = 0
})
afterEach(() => {
  disk.end()
})

function open(freeBytesMin = 0): Promise<Store> {
  return openLevelStore({ directory, freeBytesMin, warn: (message) => warnings.push(message) })
}

/** Two records and a counter, which are there together or not at all. */
function writePage(store: Store, page: number): Promise<void> {
  return store.transact((tx) => {
    tx.put(['left', page], VALUE)
    tx.put(['right', page], VALUE)
    tx.add(['pages'], 1)
    return Promise.resolve()
  })
}

/** Writes pages, some at a time, until one is refused; what was acknowledged and what was not. */
async function writeUntilRefused(store: Store, first: number) {
  const acknowledged: number[] = []
  const refused: { page: number; code: string }[] = []
  for (let page = first; refused.length === 0; page += 4) {
    const pages = [page, page + 1, page + 2, page + 3]
    await Promise.all(
      pages.map((each) =>
        writePage(store, each).then(
          () => acknowledged.push(each),
          (error: unknown) =>
            refused.push({ page: each, code: error instanceof HindraError ? error.code : 'other' }),
        ),
      ),
    )
  }
  return { acknowledged, refused }
}

async function pagesIn(store: Store): Promise<{ left: number[]; right: number[]; count: number }> {
  return store.transact(async (tx) => {
    const found: Record<string, number[]> = { left: [], right: [] }
    for (const side of ['left', 'right']) {
      for await (const { key, value } of tx.range({ prefix: [side] })) {
        expect(Buffer.compare(Buffer.from(value), VALUE)).toBe(0)
        found[side]?.push(Number(key[1]))
      }
    }
    const count = await tx.get(['pages'])
    return {
      left: found['left'] ?? [],
      right: found['right'] ?? [],
      count: count === undefined ? 0 : readCounter(count),
    }
  })
}

/** All of what was acknowledged, nothing by half, and of what was refused as much as `may` says. */
async function expectWhole(
  store: Store,
  acknowledged: readonly number[],
  may: readonly number[] = [],
) {
  const { left, right, count } = await pagesIn(store)
  expect(left).toEqual(right)
  expect(count).toBe(left.length)
  expect(acknowledged.filter((page) => !left.includes(page))).toEqual([])
  const known = new Set([...acknowledged, ...may])
  expect(left.filter((page) => !known.has(page))).toEqual([])
}

/** What LevelDB does behind its writers may have failed, too: that shows at the next write. */
async function untilWritten(store: Store, page: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await store.writable()
      await store.transact(async (tx) => {
        if ((await tx.get(['left', page])) !== undefined) return
        tx.put(['left', page], VALUE)
        tx.put(['right', page], VALUE)
        tx.add(['pages'], 1)
      })
      return
    } catch (error) {
      if (tries === 200) throw error
      await sleep(50)
    }
  }
}

/**
 * What `writable` throws on a disk that is kept full: LevelDB tidies up whenever it likes, which makes room,
 * and how much room there is is asked once a second.
 */
async function refusalOnFullDisk(store: Store): Promise<unknown> {
  for (let tries = 0; tries < 100; tries++) {
    disk.fillUpTo(0)
    try {
      await store.writable()
    } catch (error) {
      return error
    }
    await sleep(100)
  }
  return undefined
}

describe.skipIf(!canMountDisk)('a store on a disk that is filled and freed again', () => {
  it('refuses what would take its last room, with nothing written, and goes on when there is some', async () => {
    const store = await open(8 * MIB)
    const acknowledged = (await writeUntilRefused(store, 0)).acknowledged
    expect(acknowledged.length).toBeGreaterThan(50)
    expect(await refusalOnFullDisk(store)).toMatchObject({ code: 'DISK_FULL' })
    const { refused, acknowledged: more } = await writeUntilRefused(store, 1_000_000)
    acknowledged.push(...more)
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['DISK_FULL']))
    expect(await refusalOnFullDisk(store)).toMatchObject({
      code: 'DISK_FULL',
      retryAfterSeconds: 10,
    })
    await expectWhole(store, acknowledged)

    disk.free()
    disk.remount(`size=${2 * DISK_MIB}m`)
    await untilWritten(store, 2_000_000)
    await expectWhole(store, [...acknowledged, 2_000_000])
    await store.close()
  })

  it('comes back by itself where the disk refused in the midst of a write', async () => {
    const store = await open()
    const acknowledged: number[] = []
    const unknown: number[] = []
    for (let round = 0; round < 3; round++) {
      disk.fillUpTo(2 * MIB + round * 30_001)
      const { acknowledged: done, refused } = await writeUntilRefused(store, round * 1_000_000)
      expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['DISK_FULL']))
      acknowledged.push(...done)
      unknown.push(...refused.map(({ page }) => page))
      // Refused, but read as ever, and nothing by half.
      await expect(writePage(store, 9_000_000)).rejects.toMatchObject({ code: 'DISK_FULL' })
      await expectWhole(store, acknowledged)
      const version = store.version()
      const next = new AbortController()
      const heard = firstChange(store, version, next.signal)

      disk.free()
      await untilWritten(store, round * 1_000_000 + 500_000)
      acknowledged.push(round * 1_000_000 + 500_000)
      await expectWhole(store, acknowledged, unknown)
      expect(await heard).toBe(true)
    }
    expect(acknowledged.length).toBeGreaterThan(50)
    const stopped = warnings.filter((each) =>
      each.startsWith('the store takes no writes: DISK_FULL'),
    )
    expect(stopped.length).toBeGreaterThanOrEqual(3)
    expect(warnings.filter((each) => each === 'the store takes writes again')).toHaveLength(
      stopped.length,
    )
    await store.close()
    const again = await open()
    await expectWhole(again, acknowledged, unknown)
    await again.close()
  })

  it('lets a long reading and a dump fail cleanly when the database is opened anew', async () => {
    const store = await open()
    const { acknowledged } = await (async () => {
      disk.fillUpTo(4 * MIB)
      return writeUntilRefused(store, 0)
    })()
    const dump = store.dump()[Symbol.asyncIterator]()
    await expect(dump.next().then(() => dump.next())).rejects.toMatchObject({ code: 'DISK_FULL' })
    const reading = store.read(async (tx) => {
      disk.free()
      for (;;) {
        for await (const { value } of tx.range({ prefix: ['left'] })) {
          expect(value).toHaveLength(VALUE.length)
          await sleep(20)
        }
      }
    })
    await expect(reading).rejects.toMatchObject({ code: 'STORE_CLOSED' })
    await untilWritten(store, 5_000)
    await expectWhole(store, [...acknowledged, 5_000], [...Array(1_000).keys()])
    await store.close()
  })

  it('is opened on a full disk with DISK_FULL, changed by nothing, and opens when there is room', async () => {
    const store = await open()
    disk.fillUpTo(3 * MIB)
    const { acknowledged, refused } = await writeUntilRefused(store, 0)
    await store.close()
    await expect(open()).rejects.toMatchObject({ code: 'DISK_FULL' })
    await expect(open()).rejects.toMatchObject({ code: 'DISK_FULL' })
    disk.free()
    const again = await open()
    await expectWhole(
      again,
      acknowledged,
      refused.map(({ page }) => page),
    )
    await again.close()
  })

  it('is told from damage where the disk is read-only', async () => {
    const store = await open()
    await writePage(store, 1)
    await store.close()
    disk.remount('ro')
    await expect(open()).rejects.toMatchObject({ code: 'DISK_READ_ONLY' })
    disk.remount('rw')
    const again = await open()
    await expectWhole(again, [1])
    await again.close()
  })
})

describe('a store whose files the system refuses', () => {
  const isRoot = process.getuid?.() === 0
  it.skipIf(!isRoot)('says so, and not that it is damaged, to another user', async () => {
    const store = await open()
    await writePage(store, 1)
    await store.close()
    expect(await openedByNobody()).toMatch(/^DISK_DENIED .*store/)
    // As after a start as root, which leaves files that only root may read. LevelDB by itself would open
    // the store without what stands in its log, and delete that.
    spawnSync('chown', ['-R', 'nobody', disk.directory])
    spawnSync('sh', ['-c', `chown root ${directory}/*.log && chmod 600 ${directory}/*.log`])
    expect(await openedByNobody()).toMatch(/^DISK_DENIED .*permission denied/)
    spawnSync('chown', ['-R', 'nobody', disk.directory])
    expect(await openedByNobody()).toBe('opened')
    const again = await open()
    await expectWhole(again, [1])
    await again.close()
  })

  it('says that too many are open, and goes on by itself when there are fewer', async () => {
    const child = startChild(new URL('./few-files.ts', import.meta.url), [directory])
    const lines: string[] = []
    for await (const line of child.lines) lines.push(line)
    expect(lines).toEqual(['TOO_MANY_FILES', 'done', 'TOO_MANY_FILES', 'done', 'whole'])
  })
})

async function openedByNobody(): Promise<string> {
  const child = startChild(new URL('./open-and-wait.ts', import.meta.url), [directory], {
    user: 'nobody',
  })
  for await (const line of child.lines) {
    child.process.stdin?.end()
    await child.ended
    return line
  }
  return 'nothing'
}

async function firstChange(store: Store, after: string, signal: AbortSignal): Promise<boolean> {
  for await (const { versionstamp } of store.changes([], after, { signal })) {
    return versionstamp > after
  }
  return false
}
