import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filmMp4, sceneJpeg } from '../fixtures/index.ts'
import { configWith } from '../src/config.ts'
import { SeededRandom } from '../src/core/index.ts'
import { decodePicture, type Raster } from '../src/decode/index.ts'
import { digests, fingerprintMedia, hasher } from '../src/fingerprint/index.ts'
import { createPool } from '../src/pool/index.ts'
import type { Bench } from './bench.ts'
import { median, spent } from './measure.ts'

export const options = {
  /** Folder of photographs, looked through to the bottom. */
  photos: { type: 'string' },
  /** How many of them, drawn by the seed. */
  count: { type: 'string', default: '60' },
} as const

const SCENES = 12
const ROUNDS = 5
const { decode: limits, pool: settings } = configWith({})

export async function run(bench: Bench): Promise<void> {
  if (bench.wants('scenes')) {
    const size = { width: 1600, height: 1200 }
    const seeds = Array.from({ length: SCENES }, (_, index) => bench.seed * 1000 + index)
    await measurePictures(
      bench,
      'scenes',
      await Promise.all(seeds.map((seed) => sceneJpeg(seed, size))),
    )
  }
  const folder = bench.values['photos']
  if (bench.wants('photos', folder !== undefined)) {
    if (typeof folder !== 'string') throw new Error('the case photos needs --photos DIR')
    const count = Number(bench.values['count'])
    await measurePictures(bench, 'photos', drawPhotographs(folder, count, bench.seed))
  }
  if (bench.wants('films')) await measureFilm(bench)
}

/** End to end and stage by stage on one thread, then through the pool on all. */
async function measurePictures(
  bench: Bench,
  name: string,
  files: readonly Uint8Array[],
): Promise<void> {
  const rasters: Raster[] = []
  for (const bytes of files) rasters.push(await decodeFirst(bytes))
  const pixels = rasters.reduce((sum, { width, height }) => sum + width * height, 0)
  const megapixels = (pixels / 1e6 / files.length).toFixed(2)
  bench.note(`${name}: ${files.length} pictures of ${megapixels} megapixels each, ${ROUNDS} rounds`)

  const wholeMs = await cpuMsEach(files, (bytes) => fingerprintMedia(bytes, limits))
  bench.record({
    case: name,
    metric: 'end to end',
    value: 1000 / wholeMs,
    unit: 'images/CPU s',
  })
  const stages = {
    decode: await cpuMsEach(files, decodeFirst),
    'pdq, 8 views': await cpuMsEach(rasters, hasher().pdqDihedral),
    blockhash: await cpuMsEach(rasters, hasher().blockhash),
    digests: await cpuMsEach(files, digests),
  }
  for (const [metric, value] of Object.entries(stages)) {
    bench.record({ case: name, metric, value, unit: 'CPU ms/image' })
  }
  bench.record({
    case: name,
    metric: 'pool, all cores',
    value: await poolRate(files),
    unit: 'images/s',
  })
}

async function decodeFirst(bytes: Uint8Array): Promise<Raster> {
  const [page] = await decodePicture(bytes, limits)
  if (page === undefined) throw new Error('a picture has no page')
  return page.raster
}

/** The median round; one round before, for the compiler. */
async function cpuMsEach<Input>(
  inputs: readonly Input[],
  work: (input: Input) => unknown,
): Promise<number> {
  const round = async () => {
    for (const input of inputs) await work(input)
  }
  await round()
  const rounds: number[] = []
  for (let i = 0; i < ROUNDS; i += 1) rounds.push((await spent(round)).cpuSeconds)
  return (median(rounds) * 1000) / inputs.length
}

async function poolRate(files: readonly Uint8Array[]): Promise<number> {
  const pool = createPool({ settings, limits })
  // Copies, for the pool takes the bytes over.
  const round = () => Promise.all(files.map((bytes) => pool.fingerprint(Uint8Array.from(bytes))))
  await round()
  const rounds: number[] = []
  for (let i = 0; i < ROUNDS; i += 1) rounds.push((await spent(round)).wallSeconds)
  await pool.close()
  return files.length / median(rounds)
}

/** Wall time, for ffmpeg is a process of its own. */
async function measureFilm(bench: Bench): Promise<void> {
  const seconds = 20
  const film = await filmMp4(bench.seed, { seconds, width: 640, height: 360 })
  const hash = async () => (await fingerprintMedia(film, limits)).views.length
  const frames = await hash()
  bench.note(`films: ${seconds} s of 640x360, ${frames} frames looked at`)
  const rounds: number[] = []
  for (let i = 0; i < ROUNDS; i += 1) rounds.push((await spent(hash)).wallSeconds)
  const wallSeconds = median(rounds)
  bench.record({ case: 'films', metric: 'frames', value: frames / wallSeconds, unit: 'frames/s' })
  bench.record({
    case: 'films',
    metric: 'film time per time',
    value: seconds / wallSeconds,
    unit: 's/s',
  })
}

function drawPhotographs(folder: string, count: number, seed: number): readonly Uint8Array[] {
  const random = new SeededRandom(seed)
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(jpe?g|png|webp|avif)$/i.test(name))
    .sort()
  if (names.length === 0) throw new Error(`there are no pictures in ${folder}`)
  while (names.length > count) names.splice(random.integer(0, names.length - 1), 1)
  return names.map((name) => readFileSync(join(folder, name)))
}
