import sharp from 'sharp'
import { configWith } from '../../src/config.ts'
import { decodePicture, everyPage, decodeShrunk } from '../../src/decode/index.ts'
import { hasher, scanMedia, sightMedia } from '../../src/fingerprint/index.ts'
import type { Bench } from '../bench.ts'
import { alternate, each } from '../images/rounds.ts'
import { inLanes } from './lanes.ts'
import type { Photographs } from './photographs.ts'
import { PROFILES, type Profile } from './profiles.ts'
import type { World } from './world.ts'

const FILES = 12
/** A host that is shared changes its speed within seconds: fewer give ratios of 1.3 to 1.7. */
const ROUNDS = 25
/** Registered before anything is looked for: some are candidates, and are compared. */
const KNOWN_MAX = 100
/** 2 megapixels less a little, as a phone makes them. */
const SIZE = { width: 1600, height: 1200, fit: 'cover' } as const
const QUALITY = 85
const { decode: limits } = configWith({})

/**
 * What a scan of a JPEG of 2 megapixels that matches nothing costs by each profile, one after the other:
 * the look alone (decoding, hashes, features), and through a whole Hindra, with pool, search and the
 * comparison with candidates, which any picture has. Beside it what no matcher can do without,
 * decoding and PDQ: by sharp at full resolution, and by the shrinking decode that a scan by hashes uses.
 */
export async function benchCost(
  bench: Bench,
  open: (profile: Profile) => Promise<World>,
  photographs: Photographs,
): Promise<void> {
  const files = await Promise.all(photographs.others.slice(0, FILES).map(atTwoMegapixels))
  const known = photographs.distractors.slice(0, KNOWN_MAX)
  const worlds = new Map<Profile, World>()
  try {
    for (const profile of Object.keys(PROFILES) as Profile[]) {
      const world = await open(profile)
      worlds.set(profile, world)
      await inLanes(known, (picture) => world.know(picture))
    }
    let matched = 0
    const scanBy = (profile: Profile) =>
      each(files, async (bytes) => {
        matched += (await worlds.get(profile)?.scan(bytes))?.length ?? 0
      })
    const { full, shrunk, ...profiles } = await alternate(
      {
        full: each(files, decodeAndHash),
        shrunk: each(files, decodeShrunkAndHash),
        'hashes, look': each(files, (bytes) => scanMedia(bytes, limits)),
        'default, look': each(files, (bytes) => sightMedia(bytes, limits, 'default')),
        'exhaustive, look': each(files, (bytes) => sightMedia(bytes, limits, 'exhaustive')),
        hashes: scanBy('hashes'),
        default: scanBy('default'),
        exhaustive: scanBy('exhaustive'),
      },
      ROUNDS,
    )
    bench.note(`${files.length} pictures, ${known.length} known items, ${matched} matches`)
    const perFile = (seconds: number) => (seconds * 1000) / files.length
    const record = (
      metric: string,
      value: number,
      unit: string,
      peer: string,
      peerValue: number,
    ) => {
      bench.record({ case: 'cost', metric, value, unit, peer, peerValue, ratio: value / peerValue })
    }
    for (const [metric, { cpuSeconds, wallSeconds }] of Object.entries(profiles)) {
      const cpu = perFile(cpuSeconds)
      const peers = { 'decode + PDQ': full, 'shrinking decode + PDQ': shrunk }
      for (const [peer, spent] of Object.entries(peers)) {
        record(metric, cpu, 'CPU ms/image', peer, perFile(spent.cpuSeconds))
      }
      record(metric, perFile(wallSeconds), 'ms/image', 'decode + PDQ', perFile(full.wallSeconds))
    }
  } finally {
    for (const world of worlds.values()) await world.close()
  }
}

function atTwoMegapixels(picture: Buffer): Promise<Buffer> {
  return sharp(picture).resize(SIZE).jpeg({ quality: QUALITY }).toBuffer()
}

async function decodeAndHash(bytes: Uint8Array): Promise<unknown> {
  const [page] = await everyPage(decodePicture(bytes, limits))
  return page && hasher().pdqHash(page.raster)
}

async function decodeShrunkAndHash(bytes: Uint8Array): Promise<unknown> {
  const raster = await decodeShrunk(bytes, limits)
  return raster && hasher().pdqShrunk(raster)
}
