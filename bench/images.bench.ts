import type { Bench, Cases } from './bench.ts'
import {
  atTwoMegapixels,
  atTwoMegapixelsWithGrain,
  inFormats,
  photographs,
  sceneFiles,
} from './images/files.ts'
import { benchFilms } from './images/films.ts'
import { benchDamaged, benchLuma } from './images/luma.ts'
import { crawlMix } from './images/mix.ts'
import { benchPeer } from './images/peer.ts'
import { benchPool } from './images/pool.ts'
import { benchShrink } from './images/shrink.ts'
import { benchStages } from './images/stages.ts'
import { benchUpload } from './images/upload.ts'

/** Pictures whose time is taken: more would only take longer. */
const SPEED_FILES = 30
/** Four times the twenty of which the shares of formats are, half of them small. */
const MIX_FILES = 80

export const options = {
  /** Folder of photographs, looked through to the bottom. */
  photos: { type: 'string' },
  /** How many of them, drawn by the seed. */
  count: { type: 'string', default: '60' },
  /** How many files are damaged for the case of that name. */
  damaged: { type: 'string', default: '10000' },
} as const

/** Photographs beside the project are looked for by name only. */
export function cases({ photos }: Bench['values']): Cases {
  const given = photos !== undefined
  return {
    scenes: true,
    photos: given,
    scan: true,
    progressive: true,
    formats: true,
    mix: given,
    pool: true,
    upload: true,
    shrink: given,
    luma: false,
    damaged: false,
    films: true,
  }
}

/** Bytes to fingerprints. Where there are photographs, they serve instead of generated scenes. */
export async function run(bench: Bench): Promise<void> {
  const folder = bench.values['photos']
  const count = Number(bench.values['count'])
  if (!Number.isSafeInteger(count) || count < 1) throw new Error('--count is a positive integer')
  const hasPhotographs = folder !== undefined
  const drawn = (most: number) => photographs(folder, Math.min(most, count), bench.seed)
  const large = async () =>
    hasPhotographs
      ? await Promise.all(drawn(SPEED_FILES).map((bytes) => atTwoMegapixels(bytes)))
      : await sceneFiles(bench.seed)

  const plainAndHeavy = async (form: { readonly progressive: boolean }) => {
    const pictures = hasPhotographs ? drawn(SPEED_FILES) : await sceneFiles(bench.seed)
    const plain: Uint8Array[] = []
    const heavy: Uint8Array[] = []
    for (const [index, bytes] of pictures.entries()) {
      plain.push(await atTwoMegapixels(bytes, form))
      heavy.push(await atTwoMegapixelsWithGrain(bytes, bench.seed + index, form))
    }
    return { plain, heavy }
  }

  if (bench.wants('scenes')) await benchStages(bench, 'scenes', await sceneFiles(bench.seed))
  if (bench.wants('photos')) await benchStages(bench, 'photos', drawn(SPEED_FILES))
  for (const [name, progressive] of [
    ['scan', false],
    ['progressive', true],
  ] as const) {
    if (bench.wants(name)) await benchPeer(bench, name, await plainAndHeavy({ progressive }))
  }
  if (bench.wants('formats')) await benchPeer(bench, 'formats', await inFormats(await large()))
  if (bench.wants('mix')) {
    const files = await crawlMix(photographs(folder, MIX_FILES, bench.seed), bench.seed)
    await benchPeer(bench, 'mix', files, 'a crawl')
  }
  if (bench.wants('pool')) await benchPool(bench, await large())
  if (bench.wants('upload')) await benchUpload(bench, await large())
  if (bench.wants('shrink')) await benchShrink(bench, drawn(count))
  if (bench.wants('luma')) await benchLuma(bench, drawn(count))
  if (bench.wants('damaged')) {
    await benchDamaged(bench, drawn(count), Number(bench.values['damaged']))
  }
  if (bench.wants('films')) await benchFilms(bench)
}
