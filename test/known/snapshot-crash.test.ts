import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { systemContext } from '../context.ts'
import { indexSource } from '../../src/index/index.ts'
import { openKnownSet } from '../../src/known/index.ts'
import { createRegister } from '../../src/register/index.ts'
import { openLevelStore } from '../../src/store/index.ts'
import { startChild } from '../store/child.ts'
import { pictureOf } from '../register/material.ts'

const KILLS = 3
const writer = new URL('./snapshot-writer.ts', import.meta.url)

it('finds all that is known and nothing else after being killed while it saves', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hindra-crash-'))
  const random = new SeededRandom(Number(process.env['HINDRA_TEST_SEED'] ?? 1))
  const known = new Map<number, string>()
  const retracted = new Set<number>()
  /** The retraction of these may have been stored without being acknowledged. */
  const underWay = new Set<number>()
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = startChild(writer, [directory, String(kill * 10_000)])
      const enough = random.integer(30, 90)
      let lines = 0
      let last: string | undefined
      for await (const line of child.lines) {
        const [, sign, seed, id] = /^([+-])(\d+) (\S+)$/.exec(line) ?? []
        if (sign === '+') known.set(Number(seed), id ?? '')
        if (sign === '-') {
          known.delete(Number(seed))
          retracted.add(Number(seed))
        }
        if (sign !== undefined) {
          lines += 1
          last = line
        }
        if (lines === enough) {
          await sleep(random.integer(0, 20))
          child.process.kill('SIGKILL')
        }
      }
      await child.ended
      const [, seed] = /^\+(\d+) /.exec(last ?? '') ?? []
      if (seed !== undefined && Number(seed) % 3 === 0) underWay.add(Number(seed))
    }

    const warnings: string[] = []
    const store = await openLevelStore({ directory: join(directory, 'store') })
    const context = systemContext(store)
    const settings = { snapshotChanges: 1_000_000, snapshotMinutes: 60, erasureSeconds: 60 }
    const register = createRegister(context, createAudit(context))
    const set = await openKnownSet(context, register, {
      indexes: indexSource('exact'),
      snapshot: { file: join(directory, 'known.sealed'), ...settings },
      warn: (message) => warnings.push(message),
    })
    expect(warnings).toEqual([])
    expect(known.size).toBeGreaterThan(50)
    const idsOf = async (seed: number) =>
      (await set.search({ ...pictureOf(seed), sha256: '', sha1: '', md5: '' }, 31)).map(
        ({ itemId }) => itemId,
      )
    for (const [seed, id] of known) {
      const isGone = underWay.has(seed) && (await register.get(id)).status === 'retracted'
      expect(await idsOf(seed)).toEqual(isGone ? [] : [id])
    }
    // What was retracted may not have been acknowledged: then it is in neither.
    for (const seed of retracted) expect(await idsOf(seed)).toEqual([])
    // At each kill, one proposal or retraction may have been under way.
    expect(Math.abs(set.items - known.size)).toBeLessThanOrEqual(KILLS)
    await set.close()
    await store.close()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
