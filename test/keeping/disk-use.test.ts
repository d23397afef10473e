import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/index.ts'
import { createDiskWatch } from '../../src/keeping/disk-use.ts'
import { configWith } from '../../src/config.ts'
import { openTestContext, type TestContext } from '../context.ts'

const MIB = 1024 * 1024
const DAY_MS = 24 * HOUR_MS
let context: TestContext
let data: string
beforeEach(async () => {
  context = await openTestContext()
  data = await mkdtemp(join(tmpdir(), 'hindra-use-'))
})
afterEach(async () => {
  await context.dispose()
  await rm(data, { recursive: true, force: true })
})

it('growth is what the data directory has grown by, and days left are of the room above what stays free', async () => {
  const watch = createDiskWatch(context, configWith({ data, 'store.freeMibMin': 1 }))
  expect(await watch.now()).toBeNull()
  await mkdir(join(data, 'store'))
  const grow = (to: number) => writeFile(join(data, 'store', '1.ldb'), Buffer.alloc(to * MIB))
  await grow(1)
  await watch.note()
  expect(await watch.now()).toMatchObject({ usedBytes: MIB, bytesADay: null, daysLeft: null })

  // Too little time to tell a trend from a moment.
  context.clock.advance(12 * HOUR_MS)
  await grow(2)
  await watch.note()
  expect(await watch.now()).toMatchObject({ bytesADay: null })

  context.clock.advance(2 * DAY_MS - 12 * HOUR_MS)
  await grow(7)
  const use = await watch.now()
  expect(use).toMatchObject({ usedBytes: 7 * MIB, bytesADay: 3 * MIB })
  expect(use?.daysLeft).toBe(Math.floor(((use?.freeBytes ?? 0) - MIB) / (3 * MIB)))

  // What retention has made smaller does not grow.
  await grow(1)
  expect(await watch.now()).toMatchObject({ bytesADay: null, daysLeft: null })
})

it('keeps two weeks of samples, one every six hours', async () => {
  await mkdir(join(data, 'store'))
  const watch = createDiskWatch(context, configWith({ data }))
  for (let hour = 0; hour < 30 * 24; hour += 3) {
    await watch.note()
    context.clock.advance(3 * HOUR_MS)
  }
  expect(await samplesKept()).toBe(56)
})

it('takes no sample sooner because it was started anew', async () => {
  await mkdir(join(data, 'store'))
  for (let start = 0; start < 5; start += 1) {
    await createDiskWatch(context, configWith({ data })).note()
    context.clock.advance(HOUR_MS)
  }
  expect(await samplesKept()).toBe(1)
  context.clock.advance(HOUR_MS)
  await createDiskWatch(context, configWith({ data })).note()
  expect(await samplesKept()).toBe(2)
})

function samplesKept(): Promise<number> {
  return context.store.transact(async (tx) => {
    let count = 0
    for await (const { key } of tx.range({ prefix: ['disk-use'] })) count += key.length - 1
    return count
  })
}
