import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { hammingDistance } from '../../src/core/index.ts'
import { hasher, type PdqDihedral } from '../../src/fingerprint/index.ts'
import { type BenchRecord, RESULTS_FILE } from '../record.ts'
import { inLanes } from './lanes.ts'

/** Rules and thresholds are made on the one; the other is opened for the last table only. */
export const HALVES = ['develop', 'held-out'] as const
export type Half = (typeof HALVES)[number]

/** Names of files that show one scene, or nearly, the smallest first. */
export type Scene = readonly string[]

export interface Hashed {
  readonly name: string
  readonly hashes: PdqDihedral['hashes']
}

/**
 * Pictures as near as this, turned or mirrored, are of one scene. It is wide on purpose: among 928 photographs it
 * makes 813 scenes, the largest of 33; at 94 a quarter of all hang together.
 */
const SCENE_BITS = 90
/** Sides of the raster that scenes are told by. */
const SIDE = 512

/** The scenes of one half of these files, by what shows of each; whatever the seed, the same. */
export async function scenesOfHalf(
  folder: string,
  names: readonly string[],
  half: Half,
  shown: (file: Buffer) => Promise<Buffer> = (file) => Promise.resolve(file),
): Promise<readonly Scene[]> {
  const hashed = await inLanes(names, async (name) => ({
    name,
    hashes: await hashesOf(await shown(readFileSync(join(folder, name)))),
  }))
  return scenesOf(hashed).filter((scene) => halfOf(scene) === half)
}

/** The hashes that scenes are told by. */
async function hashesOf(picture: Uint8Array): Promise<PdqDihedral['hashes']> {
  const { data, info } = await sharp(picture)
    .resize(SIDE, SIDE, { fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  return hasher().pdqDihedral({ data, width, height, channels: 3, orientation: 1 }).hashes
}

/** Files in scenes: whoever is near one of a scene is of it. */
export function scenesOf(hashed: readonly Hashed[]): readonly Scene[] {
  let scenes: (readonly Hashed[])[] = []
  for (const picture of hashed) {
    const isNear = (scene: readonly Hashed[]) => scene.some((other) => areNear(picture, other))
    const joined = scenes.filter(isNear)
    scenes = [...scenes.filter((scene) => !joined.includes(scene)), [picture, ...joined.flat()]]
  }
  return scenes.map((scene) => scene.map(({ name }) => name).sort())
}

/** By the name of the scene's first file, so that neither a seed nor another photograph moves it. */
export function halfOf([first = '']: Scene): Half {
  const [byte = 0] = createHash('sha256').update(first).digest()
  return byte % 2 === 0 ? 'develop' : 'held-out'
}

/** How often this bench opened the held-out half before, by the records. */
export function timesOpened(bench: string): number {
  const records = readFileSync(RESULTS_FILE, 'utf8').trimEnd().split('\n')
  const isOpening = (record: BenchRecord) => record.bench === bench && record.metric === OPENED
  return records.filter((line) => isOpening(JSON.parse(line) as BenchRecord)).length
}

export const OPENED = 'held-out half opened'

function areNear(a: Hashed, b: Hashed): boolean {
  return Object.values(b.hashes).some((hash) => hammingDistance(a.hashes.whole, hash) <= SCENE_BITS)
}
