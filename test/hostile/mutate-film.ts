import sharp from 'sharp'
import {
  damaged,
  filmMp4,
  reencodeFilm,
  runFfmpeg,
  sceneJpeg,
  truncated,
} from '../../fixtures/index.ts'
import type { SeededRandom } from '../../src/core/index.ts'

/** A small film, by the name of its format and codec. */
export interface SoundFilm {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A film that was made hostile, and how. */
export interface HostileFilm {
  readonly of: string
  readonly way: Way
  readonly bytes: Uint8Array
}

const SIDES = { width: 96, height: 64 }
const CONTAINERS = [
  ...(['matroska', 'webm', 'avi', 'mpeg', 'mpegts', 'flv', 'asf', 'apng', 'avif'] as const),
]
const INPUT = ['-fd', '3', '-i', 'fd:']
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=1']
/** What else is in films: sound, fragments, an index in front, other codecs. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'mp4 with sound': [...INPUT, ...SOUND, '-c:v', 'copy', '-c:a', 'aac', '-f', 'mp4'],
  'mp4 in fragments': [
    ...[...INPUT, '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4'],
  ],
  'mp4 with its index in front': [...INPUT, '-c', 'copy', '-moov_size', '8000', '-f', 'mp4'],
  'mov of hevc': [
    ...[...INPUT, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'],
    ...['-f', 'mov'],
  ],
  'webm of vp9': [
    ...[...INPUT, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-f', 'webm'],
  ],
}
/** Pages of pictures that are films. */
const PAGES = [40, 90, 160, 220]

/** A second of film in each format that is taken, animated pictures among them. */
export async function soundFilms(): Promise<readonly SoundFilm[]> {
  const film = await filmMp4(3, { seconds: 1, ...SIDES })
  const found: SoundFilm[] = [{ name: 'mp4', bytes: film }]
  for (const container of CONTAINERS) {
    found.push({ name: container, bytes: await reencodeFilm(film, { container }) })
  }
  for (const [name, args] of Object.entries(OTHERS)) {
    found.push({ name, bytes: await runFfmpeg(args, film) })
  }
  const jpeg = await sceneJpeg(1, SIDES)
  const pages = await Promise.all(
    PAGES.map((red) => sharp(jpeg).tint({ r: red, g: 90, b: 90 }).toBuffer()),
  )
  const animated = () => sharp(pages, { join: { animated: true } })
  found.push({ name: 'gif', bytes: await animated().gif().toBuffer() })
  found.push({ name: 'webp', bytes: await animated().webp().toBuffer() })
  return found
}

type Mutate = (bytes: Uint8Array, random: SeededRandom, other: Uint8Array) => Uint8Array

/** A name of four letters behind or before the size of what it names: a box of MP4, a chunk of RIFF or PNG. */
interface Box {
  readonly at: number
  readonly end: number
}
/** What sizes, counts and sides lie by. */
const LIES = [0, 1, 7, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff]
const FIELDS_MAX = 6

const WAYS = {
  'bytes changed': (bytes, random) =>
    damaged(bytes, random, { count: random.integer(1, 200), keep: 0 }),
  'bytes changed behind the head': (bytes, random) =>
    damaged(bytes, random, { count: random.integer(1, 60), keep: Math.min(64, bytes.length - 1) }),
  'cut off': (bytes, random) => truncated(bytes, random.next()),
  'cut off at the front': (bytes, random) => bytes.slice(random.integer(1, bytes.length - 1)),
  'put together of two': (bytes, random, other) =>
    Buffer.concat([
      truncated(bytes, random.next()),
      other.slice(random.integer(0, other.length - 1)),
    ]),
  'followed by another': (bytes, _, other) => Buffer.concat([bytes, other]),
  'boxes in another order': (bytes, random) => {
    const [one, two] = pieces(bytes, random)
    const between = bytes.subarray(one.end, two.at)
    const parts = [bytes.subarray(0, one.at), cut(bytes, two), between, cut(bytes, one)]
    return Buffer.concat([...parts, bytes.subarray(two.end)])
  },
  'a box in a box': (bytes, random) => {
    const box = pieces(bytes, random)[0]
    const at = random.integer(box.at, box.end)
    const many = Array.from({ length: random.integer(1, 40) }, () => cut(bytes, box))
    return Buffer.concat([bytes.subarray(0, at), ...many, bytes.subarray(at)])
  },
  'sizes of boxes that lie': (bytes, random) => {
    const copy = Buffer.from(bytes)
    for (let left = random.integer(1, FIELDS_MAX); left > 0; left -= 1) {
      const { at } = pieces(bytes, random)[0]
      write(copy, at + random.integer(0, 3) * 4, random)
    }
    return copy
  },
  'numbers that lie': (bytes, random) => {
    const copy = Buffer.from(bytes)
    for (let left = random.integer(1, FIELDS_MAX); left > 0; left -= 1) {
      write(copy, random.integer(0, copy.length - 1), random)
    }
    return copy
  },
} as const satisfies Readonly<Record<string, Mutate>>
export type Way = keyof typeof WAYS
const WAY_NAMES = Object.keys(WAYS) as Way[]

export function hostileFilm(films: readonly SoundFilm[], random: SeededRandom): HostileFilm {
  const film = chosen(films, random)
  const way = chosen(WAY_NAMES, random)
  return { of: film.name, way, bytes: WAYS[way](film.bytes, random, chosen(films, random).bytes) }
}

function chosen<One>(some: readonly One[], random: SeededRandom): One {
  const one = some[random.integer(0, some.length - 1)]
  if (one === undefined) throw new RangeError('there is nothing to choose from')
  return one
}

/** Two boxes of the file, the first of them before the second; any two stretches where it has none. */
function pieces(bytes: Uint8Array, random: SeededRandom): readonly [Box, Box] {
  const boxes = boxesOf(bytes)
  const [a, b] =
    boxes.length < 2
      ? [stretch(bytes, random), stretch(bytes, random)]
      : [chosen(boxes, random), chosen(boxes, random)]
  const [one, two] = a.at <= b.at ? [a, b] : [b, a]
  return two.at >= one.end ? [one, two] : [{ at: one.at, end: two.at }, two]
}

function boxesOf(bytes: Uint8Array): readonly Box[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const boxes: Box[] = []
  for (const { index: name } of file.toString('latin1').matchAll(/[A-Za-z][A-Za-z0-9 ]{3}/g)) {
    const before = name >= 4 ? file.readUInt32BE(name - 4) : 0
    const after = name + 8 <= file.length ? file.readUInt32LE(name + 4) : 0
    if (before >= 8 && name - 4 + before <= file.length)
      boxes.push({ at: name - 4, end: name - 4 + before })
    else if (after > 0 && name + 8 + after <= file.length)
      boxes.push({ at: name, end: name + 8 + after })
  }
  return boxes
}

function stretch(bytes: Uint8Array, random: SeededRandom): Box {
  const at = random.integer(0, bytes.length - 1)
  return { at, end: Math.min(bytes.length, at + random.integer(1, 512)) }
}

function cut(bytes: Uint8Array, { at, end }: Box): Uint8Array {
  return bytes.subarray(at, end)
}

function write(copy: Buffer, at: number, random: SeededRandom): void {
  if (at + 4 > copy.length) return
  const lie = chosen(LIES, random)
  if (random.integer(0, 1) === 0) copy.writeUInt32BE(lie, at)
  else copy.writeUInt32LE(lie, at)
}
