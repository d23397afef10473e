import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { formatHash256, type Hash256, hammingDistance, parseHash256 } from '../../src/core/index.ts'
import { ffmpegPath } from '../../src/decode/index.ts'
import { hasher } from '../../src/fingerprint/index.ts'
import { madeBy } from './made.ts'

/** vPDQ's radius, quality and shares, as its authors set them; of a film it reads a frame a second. */
const RADIUS = 31
const QUALITY_MIN = 50
const QUERY_SHARE_MIN = 0.8
/** In votes of distinct frames for one moment of the item; films of fewer frames need all they have. */
const VOTES_MIN = 3
const OFFSET_SECONDS = 1
/** The first frame of each second. */
const EACH_SECOND = "select='isnan(prev_t)+gt(floor(t),floor(prev_t))'"
/** Larger frames are brought to it by their longer side: PDQ reads 64 x 64. */
const SIDE = 512

interface PeerFrame {
  readonly seconds: number
  readonly pdq: Hash256
}

/** What vPDQ keeps of a film: a frame a second, without those that tell nothing or repeat the one before. */
export type PeerFrames = readonly PeerFrame[]

export const PEERS = {
  vpdq: vpdqFinds,
  hough: houghFinds,
} as const satisfies Record<string, (seen: PeerFrames, known: PeerFrames) => boolean>
export type PeerName = keyof typeof PEERS
export const PEER_NAMES = Object.keys(PEERS) as readonly PeerName[]

export async function peerFrames(path: string): Promise<PeerFrames> {
  const kept = await madeBy('json', ['a frame a second', path], async () =>
    JSON.stringify(
      (await readFrames(path)).map(({ seconds, pdq }) => [seconds, formatHash256(pdq)]),
    ),
  )
  const frames = JSON.parse(readFileSync(kept, 'utf8')) as readonly (readonly [number, string])[]
  return frames.map(([seconds, pdq]) => ({ seconds, pdq: parseHash256(pdq) }))
}

/** So many frames of what is seen are near to any frame of what is known. */
function vpdqFinds(seen: PeerFrames, known: PeerFrames): boolean {
  if (seen.length === 0) return false
  const near = seen.filter(({ pdq }) =>
    known.some((frame) => hammingDistance(pdq, frame.pdq) <= RADIUS),
  )
  return near.length / seen.length >= QUERY_SHARE_MIN
}

/** Frames that are near vote for the time between them; enough frames vote for the same one. */
function houghFinds(seen: PeerFrames, known: PeerFrames): boolean {
  const votes = new Map<number, Set<PeerFrame>>()
  for (const frame of seen) {
    for (const other of known) {
      if (hammingDistance(frame.pdq, other.pdq) > RADIUS) continue
      const offset = Math.round((frame.seconds - other.seconds) / OFFSET_SECONDS)
      votes.set(offset, (votes.get(offset) ?? new Set()).add(frame))
    }
  }
  const least = Math.min(VOTES_MIN, seen.length, known.length)
  return [...votes.values()].some((frames) => frames.size >= least)
}

async function readFrames(path: string): Promise<PeerFrames> {
  const fit = `scale=${SIDE}:${SIDE}:force_original_aspect_ratio=decrease:force_divisible_by=2`
  const read = ['-nostdin', '-v', 'error', '-threads', '1', '-i', path]
  const chosen = ['-vf', `${EACH_SECOND},${fit}`, '-fps_mode', 'passthrough']
  const args = [...read, ...chosen, '-f', 'image2pipe', '-c:v', 'ppm', 'pipe:1']
  const decoder = spawn(ffmpegPath(), args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [pictures, [code]] = await Promise.all([
    buffer(decoder.stdout),
    once(decoder, 'close') as Promise<[number | null]>,
  ])
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} at ${path}`)
  const frames: PeerFrame[] = []
  for (const [second, raster] of [...ppmPictures(pictures)].entries()) {
    const { pdq, quality } = hasher().pdqHash(raster)
    const last = frames.at(-1)
    if (quality < QUALITY_MIN) continue
    if (last !== undefined && hammingDistance(last.pdq, pdq) === 0) continue
    frames.push({ seconds: second, pdq })
  }
  return frames
}

/** Pictures one after the other, each behind a head of text: `P6`, width and height, the highest level. */
function* ppmPictures(bytes: Buffer) {
  let at = 0
  while (at < bytes.length) {
    const head = /^P6\n(\d+) (\d+)\n255\n/.exec(bytes.toString('latin1', at, at + 40))
    if (head === null) throw new Error('ffmpeg wrote no picture')
    const [width, height] = [Number(head[1]), Number(head[2])]
    const from = at + head[0].length
    at = from + width * height * 3
    const data = Uint8Array.from(bytes.subarray(from, at))
    yield { data, width, height, channels: 3, orientation: 1 } as const
  }
}
