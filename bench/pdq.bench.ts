import { portableHasher } from '../src/fingerprint/index.ts'
import type { Bench, Cases } from './bench.ts'
import { median } from './measure.ts'
import { type Contender, inThisProcess, openKernel, openReference } from './pdq/contenders.ts'
import { drawPictures, SIZES, type SizeName } from './pdq/pictures.ts'
import { TASKS, type Task } from './pdq/tasks.ts'

const ROUNDS = 5
const KERNELS = ['scalar', 'avx2', 'avx512', 'neon'] as const

export const cases: Cases = Object.fromEntries(Object.keys(SIZES).map((size) => [size, true]))

export async function run(bench: Bench): Promise<void> {
  for (const size of Object.keys(SIZES) as SizeName[]) {
    if (bench.wants(size)) await measureSize(bench, size)
  }
}

async function measureSize(bench: Bench, size: SizeName): Promise<void> {
  const { width, height, count } = SIZES[size]
  const rasters = drawPictures(size, bench.seed)
  bench.note(`${size}: ${count} scenes of ${width}x${height}, RGB; ${ROUNDS} rounds`)
  const reference = openReference(rasters)
  if (reference === undefined) bench.note('without the C++ port: bench/peers/build-pdq.sh')
  else bench.note(`C++ port: g++ ${reference.flags}`)
  const opened = await Promise.all(KERNELS.map((kernel) => openKernel(kernel, size, bench.seed)))
  const kernels = opened.filter((kernel) => kernel !== undefined)
  const portable = inThisProcess('portable', portableHasher, rasters)
  for (const task of TASKS) {
    // The portable blockhash is blockhash-core; the port of the reference has none.
    const peers =
      task === 'blockhash' || reference === undefined ? [portable] : [reference, portable]
    await compare(bench, size, task, kernels, peers)
  }
  for (const { close } of kernels) close()
}

/** All in turn, round by round; the first round is not counted. All must say the same. */
async function compare(
  bench: Bench,
  size: SizeName,
  task: Task,
  kernels: readonly Contender[],
  peers: readonly Contender[],
): Promise<void> {
  const all = [...kernels, ...peers]
  const expected = JSON.stringify(await peers[0]?.say(task))
  for (const { name, say } of all) {
    const found = JSON.stringify(await say(task))
    if (found !== expected) throw new Error(`${name} gives other hashes: ${size}, ${task}`)
  }
  const times = all.map((): number[] => [])
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, { time }] of all.entries()) {
      const ms = await time(task)
      if (round > 0) times[index]?.push(ms)
    }
  }
  const timeOf = (contender: Contender) => median(times[all.indexOf(contender)] ?? [])
  for (const kernel of kernels) {
    const value = timeOf(kernel)
    for (const peer of peers) {
      const peerValue = timeOf(peer)
      bench.record({
        case: size,
        metric: `${task}, ${kernel.name}`,
        value,
        unit: 'ms',
        peer: task === 'blockhash' ? 'blockhash-core' : peer.name,
        peerValue,
        ratio: value / peerValue,
      })
    }
  }
}
