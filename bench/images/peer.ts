import sharp from 'sharp'
import { configWith } from '../../src/config.ts'
import { digests, hasher, scanMedia } from '../../src/fingerprint/index.ts'
import type { Bench } from '../bench.ts'
import { alternate, each } from './rounds.ts'

const { decode: limits } = configWith({})
const SIDE = 512

/** A scan against the usual way: sharp fits the picture into 512x512, and all is hashed alike. */
export async function benchPeer(bench: Bench, files: readonly Uint8Array[]): Promise<void> {
  const { scan, peer } = await alternate({
    scan: each(files, (bytes) => scanMedia(bytes, limits)),
    peer: each(files, hashResized),
  })
  const value = files.length / scan.cpuSeconds
  const peerValue = files.length / peer.cpuSeconds
  bench.record({
    case: 'scan',
    metric: '2 MP JPEG to hashes',
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
  return [hasher().pdqDihedral(raster), hasher().blockhash(raster), digests(bytes)]
}
