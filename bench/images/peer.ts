import sharp from 'sharp'
import { configWith } from '../../src/config.ts'
import { digests, hasher, scanMedia } from '../../src/fingerprint/index.ts'
import type { Bench } from '../bench.ts'
import { alternate, each } from './rounds.ts'

const { decode: limits } = configWith({})
const SIDE = 512

/** Scans of each kind of file against the usual way: sharp fits the picture into 512x512, and all is hashed alike. */
export async function benchPeer(
  bench: Bench,
  name: string,
  files: Readonly<Record<string, readonly Uint8Array[]>>,
  size = '2 MP',
): Promise<void> {
  for (const [kind, each] of Object.entries(files)) {
    await benchKind(bench, name, `${size} to hashes, ${kind}`, each)
  }
}

async function benchKind(
  bench: Bench,
  name: string,
  metric: string,
  files: readonly Uint8Array[],
): Promise<void> {
  const size = files.reduce((sum, { length }) => sum + length, 0)
  bench.note(
    `${name}, ${metric}: ${files.length} files of ${(size / 1e3 / files.length).toFixed(0)} kB`,
  )
  const { scan, peer } = await alternate({
    scan: each(files, (bytes) => scanMedia(bytes, limits)),
    peer: each(files, hashResized),
  })
  const value = files.length / scan.cpuSeconds
  const peerValue = files.length / peer.cpuSeconds
  bench.record({
    case: name,
    metric,
    value,
    unit: 'images/CPU s',
    peer: `sharp to ${SIDE}, then hashed`,
    peerValue,
    ratio: value / peerValue,
  })
}

async function hashResized(bytes: Uint8Array): Promise<unknown> {
  const { data, info } = await sharp(bytes)
    .resize(SIDE, SIDE, { fit: 'inside' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const plain = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const raster = { data: plain, width, height, channels: 3, orientation: 1 } as const
  return [hasher().pdqDihedral(raster), digests(bytes)]
}
