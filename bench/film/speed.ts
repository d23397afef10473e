import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { SeededRandom } from '../../src/core/index.ts'
import { configWith } from '../../src/config.ts'
import { decodeFilm, ffmpegPath } from '../../src/decode/index.ts'
import type { Bench } from '../bench.ts'
import { median } from '../measure.ts'
import { inLanes } from '../robustness/lanes.ts'
import { openWorld } from '../robustness/world.ts'
import { type Film, filmAt } from './film.ts'
import { madeByFfmpeg } from './made.ts'
import { type Canvas, drawMove, joined, plateOf, shotOf } from './shots.ts'

const CANVAS: Canvas = { width: 1280, height: 720, fps: 30 }
const SHOTS = 6
const SHOT_SECONDS = 5
const QUALITY = 23
const KEYFRAMES = 250
const ROUNDS = 3
/** Linux counts time in these. */
const TICKS_A_SECOND = 100
const execute = promisify(execFile)

/**
 * How many seconds of a film of 720p that matches nothing are scanned in a second of CPU time, beside ffmpeg's full
 * decoding of the same film and nothing else, in turn: of one that is looked at as a whole, with the digest of its coded
 * pictures by itself, and of one so long that it is skimmed. CPU time is that of this process and of all it has started.
 */
export async function benchSpeed(
  bench: Bench,
  photographs: readonly string[],
  known: readonly Film[],
): Promise<void> {
  const short = await largeFilm(photographs, bench.seed)
  const long = await loopedFilm(short)
  const world = await openWorld('default')
  try {
    await inLanes(known, ({ path }) => world.know(readFileSync(path)))
    const scanOf = (bytes: Uint8Array) => async () => {
      const matches = await world.scan(bytes)
      if (matches.length > 0) throw new Error('the film of the speed case matches something')
    }
    const bytes = readFileSync(short.path)
    const track = async () => (await decodeFilm(bytes, configWith({}).decode)).track()
    await besideDecoding(bench, short, {
      '720p, 30 s, nothing matches': scanOf(bytes),
      '720p, its head and the digest of its coded pictures': track,
    })
    const ofLong = { '720p, 2 min, nothing matches': scanOf(readFileSync(long.path)) }
    await besideDecoding(bench, long, ofLong)
  } finally {
    await world.close()
  }
}

async function besideDecoding(
  bench: Bench,
  film: Film,
  works: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const args = ['-v', 'error', '-threads', '1', '-i', film.path, '-an', '-f', 'null', '-']
  const decode = () => execute(ffmpegPath(), args)
  const measured = [...Object.entries(works), ['', decode] as const].map(([metric, work]) => {
    return { metric, work, costs: new Array<number>() }
  })
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { work, costs } of measured) {
      const cost = await cpuSeconds(work)
      // What came first has the compiler's time in it.
      if (round > 0) costs.push(cost)
    }
  }
  const rates = measured.map(({ metric, costs }) => [metric, film.seconds / median(costs)] as const)
  const [, peerValue = Number.NaN] = rates.at(-1) ?? []
  for (const [metric, value] of rates.slice(0, -1)) {
    const ratio = value / peerValue
    const peer = 'ffmpeg, full decode'
    bench.record({ case: 'speed', metric, value, unit: 's/CPU s', peer, peerValue, ratio })
  }
}

/** Four times the same, as it is coded. */
async function loopedFilm({ name, path }: Film): Promise<Film> {
  const looped = ['-stream_loop', '3', '-i', path, '-c', 'copy']
  return filmAt(`${name}, looped`, await madeByFfmpeg('mp4', looped))
}

async function largeFilm(photographs: readonly string[], seed: number): Promise<Film> {
  const random = new SeededRandom(seed)
  const shots = await Promise.all(
    photographs.slice(0, SHOTS).map(async (photograph) => {
      const plate = await plateOf(photograph, CANVAS)
      return shotOf(CANVAS, plate, drawMove(random), [], SHOT_SECONDS)
    }),
  )
  const grain = ['noise=alls=5:allf=t:all_seed=1']
  return filmAt('720p', await joined(CANVAS, shots, [], grain, QUALITY, KEYFRAMES))
}

async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = spentByAll()
  await work()
  return spentByAll() - before
}

/** CPU time of this process, of those under it, and of those they have waited for, in seconds. */
function spentByAll(): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => statOf(Number(id)) ?? [])
  const ours = new Set([process.pid])
  // Whoever is started has a parent that was there before, though not always a lower number.
  for (let found = 0; found < ours.size; ) {
    found = ours.size
    for (const { id, parent } of processes) if (ours.has(parent)) ours.add(id)
  }
  const ticks = processes.filter(({ id }) => ours.has(id)).map((each) => each.ticks)
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_A_SECOND
}

/** See proc(5): behind the name come the state, the parent, and further on the times of itself and of its children. */
function statOf(id: number) {
  try {
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number)
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + each, 0)
    return { id, parent: fields[1] ?? 0, ticks }
  } catch {
    // It has ended meanwhile, and whoever waited for it has its time.
    return undefined
  }
}
