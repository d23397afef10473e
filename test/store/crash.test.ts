import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import { openLevelStore } from '../../src/store/index.ts'
import { startChild } from './child.ts'
import { readLedger } from './ledger.ts'
import { usually } from '../long.ts'

const KILLS = usually(3, 10)
const writer = new URL('./ledger-writer.ts', import.meta.url)

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-crash-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function ledgerAfterRestart(): Promise<Set<number>> {
  const store = await openLevelStore({ directory })
  try {
    return await readLedger(store)
  } finally {
    await store.close()
  }
}

describe('a store whose process is killed while it writes', () => {
  it('holds every acknowledged transaction, and none by half', async () => {
    const random = new SeededRandom(Number(process.env['HINDRA_TEST_SEED'] ?? 1))
    const acknowledged = new Set<number>()
    for (let kill = 0; kill < KILLS; kill++) {
      const before = acknowledged.size
      const first = (kill + 1) * 1_000_000
      const child = startChild(writer, [directory, String(first)])
      const enough = random.integer(1, 300)
      for await (const line of child.lines) {
        expect(line).toMatch(/^\d+$/)
        acknowledged.add(Number(line))
        if (acknowledged.size - before === enough) {
          await sleep(random.integer(0, 10))
          child.process.kill('SIGKILL')
        }
      }
      await child.ended
      expect(child.process.signalCode).toBe('SIGKILL')
      const there = await ledgerAfterRestart()
      expect([...acknowledged].filter((page) => !there.has(page))).toEqual([])
      // At most the 8 that were under way at each kill are there without having been acknowledged.
      expect(there.size - acknowledged.size).toBeLessThanOrEqual(8 * (kill + 1))
    }
  })
})

describe('a store whose disk takes no more', () => {
  it('refuses all that follows, and after a restart holds what it acknowledged', async () => {
    const child = startChild(writer, [directory], { fileBytesMax: 600 * 1024 })
    const lines: string[] = []
    for await (const line of child.lines) lines.push(line)
    await child.ended
    const acknowledged = lines.filter((line) => /^\d+$/.test(line)).map(Number)
    expect(acknowledged.length).toBeGreaterThan(8)
    expect(lines.slice(acknowledged.length)).toEqual([
      ...Array.from({ length: 9 }, () => 'failed STORE_FAILED'),
      'closed',
    ])
    const there = await ledgerAfterRestart()
    expect(acknowledged.filter((page) => !there.has(page))).toEqual([])
    expect(there.size - acknowledged.length).toBeLessThanOrEqual(8)
  })
})
