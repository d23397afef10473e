import { configWith } from '../../src/config.ts'
import { decodePicture, everyPage, decodeShrunk, type Raster } from '../../src/decode/index.ts'
import { digests, fingerprintMedia, hasher, scanMedia } from '../../src/fingerprint/index.ts'
import type { Bench } from '../bench.ts'
import { alternate, each } from './rounds.ts'

const { decode: limits } = configWith({})

/** Registering and scanning end to end on one thread, and what each stage of it costs. */
export async function benchStages(
  bench: Bench,
  name: string,
  files: readonly Uint8Array[],
): Promise<void> {
  const rasters: Raster[] = []
  for (const bytes of files) rasters.push(await decodeFirst(bytes))
  const pixels = rasters.reduce((sum, { width, height }) => sum + width * height, 0)
  const size = files.reduce((sum, { length }) => sum + length, 0)
  const megapixels = (pixels / 1e6 / files.length).toFixed(2)
  const kilobytes = (size / 1e3 / files.length).toFixed(0)
  bench.note(`${name}: ${files.length} pictures of ${megapixels} megapixels, ${kilobytes} kB each`)

  const { pdqDihedral, blockhash } = hasher()
  const costs = await alternate({
    register: each(files, (bytes) => fingerprintMedia(bytes, limits)),
    scan: each(files, (bytes) => scanMedia(bytes, limits)),
    decode: each(files, decodeFirst),
    'decode shrunk': each(files, (bytes) => decodeShrunk(bytes, limits)),
    'pdq, 8 views': each(rasters, pdqDihedral),
    blockhash: each(rasters, blockhash),
    digests: each(files, digests),
  })
  const { register, scan, ...stages } = costs
  for (const [metric, { cpuSeconds }] of Object.entries({ register, scan })) {
    bench.record({ case: name, metric, value: files.length / cpuSeconds, unit: 'images/CPU s' })
  }
  for (const [metric, { cpuSeconds }] of Object.entries(stages)) {
    const value = (cpuSeconds * 1000) / files.length
    bench.record({ case: name, metric, value, unit: 'CPU ms/image' })
  }
}

async function decodeFirst(bytes: Uint8Array): Promise<Raster> {
  const [page] = await everyPage(decodePicture(bytes, limits))
  if (page === undefined) throw new Error('a picture has no page')
  return page.raster
}
