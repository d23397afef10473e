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
  bench.note(`${count} items are proposed, one transaction each`)
  const { context, register } = await openRegister(directory, bench.seed)
  const start = performance.now()
  await proposeItems(register, count, bench.seed, (items) => {
    bench.note(`${items} items`)
  })
  const rate = (count * 1e3) / (performance.now() - start)
  bench.record({ case: 'start', metric: 'proposals', value: rate, unit: 'items/s' })
  await (await openKnownSet(context, register, knownSetOptions(directory, true))).close()
  await context.store.close()

  const saved: Opening[] = []
  const read: Opening[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const position = Math.floor((round * count) / ROUNDS)
    saved.push(await open(directory, bench.seed, position, 'saved'))
    read.push(await open(directory, bench.seed, position, 'register'))
  }
  record('time to first answer', 's', ({ seconds }) => seconds)
  record('peak memory', 'bytes/item', ({ peakBytes, items }) => peakBytes / items)

  function record(metric: string, unit: string, figure: (opening: Opening) => number): void {
    const value = median(saved.map(figure))
    const peerValue = median(read.map(figure))
    const ratio = value / peerValue
    bench.record({
      case: 'start',
      metric,
      value,
      unit,
      peer: 'read the register',
      peerValue,
      ratio,
    })
  }
}

async function open(
  directory: string,
  seed: number,
  position: number,
  mode: 'saved' | 'register',
): Promise<Opening> {
  const file = fileURLToPath(new URL('startup/opening.ts', import.meta.url))
  const args = ['--import', 'tsx', file, directory, String(seed), String(position), mode]
  const { stdout } = await execute(process.execPath, args)
  return JSON.parse(stdout) as Opening
}
