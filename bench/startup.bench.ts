import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openKnownSet } from '../src/known/index.ts'
import type { Bench } from './bench.ts'
import { median } from './measure.ts'
import type { Opening } from './startup/opening.ts'
import { knownSetOptions, openRegister, proposeItems } from './startup/register.ts'

export const options = {
  /** Size of the register. */
  items: { type: 'string', default: '50000' },
} as const

const ROUNDS = 5
/** The peer that does not prove which copy of a record is the newest. */
const WITHOUT = 'without versions'
const execute = promisify(execFile)

export const cases = { start: true }

/**
 * Measures the start from a stopped process to the first answer, with the saved known set and without it: store and
 * known set are opened, and an item is searched for.
 */
export async function run(bench: Bench): Promise<void> {
  const count = Number(bench.values['items'])
  if (!Number.isSafeInteger(count) || count < 1) throw new Error('--items is a positive integer')
  const folder = mkdtempSync(join(tmpdir(), 'hindra-bench-'))
  try {
    await measure(bench, join(folder, 'store'), count)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(bench: Bench, directory: string, count: number): Promise<void> {
  const unproved = `${directory}-unproved`
  const value = await propose(bench, directory, count, 'known')
  const peerValue = await propose(bench, unproved, count, 'none')
  const ratio = value / peerValue
  const rates = { value, unit: 'items/s', peer: WITHOUT, peerValue, ratio }
  bench.record({ case: 'start', metric: 'proposals', ...rates })

  const [saved, read, withoutVersions]: [Opening[], Opening[], Opening[]] = [[], [], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    const position = Math.floor((round * count) / ROUNDS)
    saved.push(await open(directory, bench.seed, position, 'saved'))
    read.push(await open(directory, bench.seed, position, 'register'))
    withoutVersions.push(await open(unproved, bench.seed, position, 'unproved'))
  }
  record('read the register', read)
  record(WITHOUT, withoutVersions)

  function record(peer: string, others: readonly Opening[]): void {
    for (const [metric, unit, figure] of [
      ['time to first answer', 's', ({ seconds }: Opening) => seconds],
      ['peak memory', 'bytes/item', ({ peakBytes, items }: Opening) => peakBytes / items],
    ] as const) {
      const own = median(saved.map(figure))
      const theirs = median(others.map(figure))
      const compared = { value: own, unit, peer, peerValue: theirs, ratio: own / theirs }
      bench.record({ case: 'start', metric, ...compared })
    }
  }
}

/** Items a second. */
async function propose(
  bench: Bench,
  directory: string,
  count: number,
  versions: 'known' | 'none',
): Promise<number> {
  bench.note(`${count} items are proposed, one transaction each; versions: ${versions}`)
  const { context, register } = await openRegister(directory, bench.seed, versions)
  const start = performance.now()
  await proposeItems(register, count, bench.seed, (items) => {
    bench.note(`${items} items`)
  })
  const rate = (count * 1e3) / (performance.now() - start)
  await (await openKnownSet(context, register, knownSetOptions(directory, true))).close()
  await context.store.close()
  return rate
}

async function open(
  directory: string,
  seed: number,
  position: number,
  mode: 'saved' | 'register' | 'unproved',
): Promise<Opening> {
  const file = fileURLToPath(new URL('startup/opening.ts', import.meta.url))
  const args = ['--import', 'tsx', file, directory, String(seed), String(position), mode]
  const { stdout } = await execute(process.execPath, args)
  return JSON.parse(stdout) as Opening
}
