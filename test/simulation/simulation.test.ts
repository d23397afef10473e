import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Page } from './page.ts'
import { PLANTS, PLANTS_OF_TWO, type Plant } from './plants.ts'
import { play, type PlayResult } from './play.ts'
import { Violation } from './violation.ts'
import { usually } from '../long.ts'

const DAYS = 10
/** What comes of a letter of the police, and of what they answer to it, takes longer. */
const DAYS_OF: Partial<Record<Plant, number>> = {
  'police-unheard': 14,
  'words-leaked': 20,
  'turns-unasked': 2,
  'fences-open': 4,
  'leases-endless': 4,
}
/** A world in which it is seen at once, as the code was; where that has changed since, those behind it follow. */
const FIRST_SEED_OF: Partial<Record<Plant, number>> = {
  'police-unheard': 13,
  'words-leaked': 8,
  'turns-unasked': 1_061,
  'fences-open': 3,
}
const ITEMS = 6
const OF_TWO = { seed: 12, days: 3, items: ITEMS, servers: 2 }
/** One of each way to do wrong: by others, by the process, by a person, by one of two processes. */
const USUAL_PLANTS: readonly Plant[] = [
  'mails-doubled',
  'runs-idle',
  'stop-unheard',
  'turns-unasked',
]
/** Some worlds are played before one has what a plant spoils. */
const PLAYS_TIMEOUT_MS = 180_000
/** Not every world has what a plant spoils. */
const SEEDS_TRIED = 24

describe('the simulation', () => {
  it(
    'plays a seed again as it was',
    async () => {
      const first = await play({ seed: 4, days: DAYS, items: ITEMS })
      const second = await play({ seed: 4, days: DAYS, items: ITEMS })
      const other = await play({ seed: 5, days: DAYS, items: ITEMS })
      expect(first.crashes).toBeGreaterThan(0)
      expect(second).toEqual(first)
      expect(other.digest).not.toBe(first.digest)
    },
    PLAYS_TIMEOUT_MS,
  )

  it(
    'plays a seed of two processes again as it was, and one goes on for the other',
    async () => {
      const first = await play(OF_TWO)
      expect(first.takeovers).toBeGreaterThan(0)
      expect(await play(OF_TWO)).toEqual(first)
    },
    PLAYS_TIMEOUT_MS,
  )

  it('the police who ask for time before a host is found are heard', async () => {
    // This world once told the host: nothing was held yet when they asked.
    const { crashes } = await play({ seed: 96_101, days: 14, items: ITEMS })
    expect(crashes).toBeGreaterThan(0)
  })

  it.each(usually(USUAL_PLANTS, Object.keys(PLANTS) as Plant[]))(
    'sees %s break its rule',
    async (plant) => {
      expect(await firstViolation(plant)).toMatch(new RegExp(`^${PLANTS[plant]}: `))
    },
    PLAYS_TIMEOUT_MS,
  )
})

async function firstViolation(plant: Plant): Promise<string | undefined> {
  const { [plant]: first = 1 } = FIRST_SEED_OF
  const servers = PLANTS_OF_TWO.has(plant) ? 2 : 1
  for (let seed = first; seed < first + SEEDS_TRIED; seed += 1) {
    const days = DAYS_OF[plant] ?? DAYS
    const played = await play({ seed, days, items: ITEMS, servers, plant }).catch(violation)
    if (typeof played === 'string') return played
  }
  return undefined
}

function violation(error: unknown): string | PlayResult {
  if (error instanceof Violation) return error.message
  throw error
}

describe('npm run simulate', () => {
  it('says how to see a broken rule again, and ends with a summary and 1', async () => {
    const asked = ['--seeds', '1', '--seed', '2', '--days', '10', '--plant', 'audit-edited']
    const { code, stdout, stderr } = await simulate(asked)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^seed 2: audit chain whole: /)
    expect(stderr).toContain(
      'replay: npm run simulate -- --seeds 1 --seed 2 --days 10 --items 6 --plant audit-edited\n',
    )
    const [summary = ''] = stdout.trimEnd().split('\n').slice(-1)
    expect(JSON.parse(summary)).toMatchObject({ seeds: 1, failed: 1, wrongRemoved: 0 })
  })
})

function simulate(args: readonly string[]) {
  const program = join(import.meta.dirname, 'main.ts')
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const command = ['--import', 'tsx', program, ...args]
    execFile(process.execPath, command, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr })
    })
  })
}

describe('a page', () => {
  it('remembers what it showed and tells a block from a removal', () => {
    const page = new Page('https://a.example/1', { subject: 's', copy: 'cropped' }, 0)
    page.change(10, { kind: 'block-page' })
    page.change(20, { kind: 'gone' })
    page.change(22, { kind: 'placeholder' })
    expect([5, 15, 25].map((ms) => page.isThereAt(ms))).toEqual([true, true, false])
    expect([15, 25].map((ms) => page.goneSince(ms))).toEqual([undefined, 20])
  })
})
