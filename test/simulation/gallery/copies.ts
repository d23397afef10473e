import sharp, { type Sharp } from 'sharp'
import { scribble } from '../../../fixtures/scribble.ts'
import { drawOf, transforms } from '../../../bench/robustness/transforms/index.ts'
import { SeededRandom } from '../../../src/core/index.ts'
import { runFfmpeg, reencodeFilm } from '../../../fixtures/index.ts'

/** How a copy is kept: of these sides at most, in this format. */
const ORIGINAL = { side: 512, encode: (picture: Sharp) => picture.webp({ quality: 70 }) }
const webp = { side: 448, encode: (picture: Sharp) => picture.webp({ quality: 58 }) }
const tall = { ...webp, side: 576 }
const sheet = { side: 540, encode: (picture: Sharp) => picture.avif({ quality: 46 }) }
const avif = { side: 448, encode: (picture: Sharp) => picture.avif({ quality: 48 }) }
const jpeg = {
  side: 400,
  encode: (picture: Sharp) => picture.jpeg({ quality: 45, mozjpeg: true }),
}

/** Every picture comes in these; names are those of `bench/robustness/transforms`. */
const ALWAYS = {
  're-encoded': { by: 'jpeg 30-60', as: jpeg },
  mirrored: { by: 'mirror', as: avif },
  cropped: { by: 'crop 50-65%', as: webp },
} as const
/** And in three of these, in turn. */
const IN_TURN = {
  captioned: { by: 'caption', as: webp },
  collage: { by: 'collage 2x2', as: sheet },
  bordered: { by: 'border wide', as: avif },
  screenshot: { by: 'screenshot feed', as: tall },
  story: { by: 'story', as: tall },
  'meme bar': { by: 'meme bar', as: webp },
} as const
const IN_TURN_COUNT = 3

export async function originalOf(picture: Buffer): Promise<Buffer> {
  return encoded(picture, ORIGINAL)
}

/** Altered copies by their names. `number` is that of the picture, and the seed. */
export async function copiesOf(
  picture: Buffer,
  number: number,
  others: readonly Buffer[],
): Promise<ReadonlyMap<string, Buffer>> {
  const inTurn = Object.entries(IN_TURN)
  const drawn = Array.from({ length: IN_TURN_COUNT }, (_, at) => {
    return inTurn[(number * IN_TURN_COUNT + at + Math.floor(number / 2)) % inTurn.length]
  })
  const copies = new Map<string, Buffer>()
  for (const [name, { by, as }] of [...Object.entries(ALWAYS), ...drawn.filter(isThere)]) {
    const found = transforms.find((one) => one.name === by)
    if (found === undefined) throw new Error(`there is no transform "${by}"`)
    const altered = await found.transform(picture, drawOf(others, number))
    copies.set(name, await encoded(altered, as))
  }
  return copies
}

/** Something else in the middle of the same surroundings, over this share of both sides. */
export async function alikeOf(picture: Buffer, other: Buffer, share: number): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata()
  const box = { width: Math.round(width * share), height: Math.round(height * share) }
  const middle = await sharp(other)
    .resize({ ...box, fit: 'cover' })
    .toBuffer()
  return encoded(
    await sharp(picture)
      .composite([{ input: middle }])
      .jpeg()
      .toBuffer(),
    webp,
  )
}

/** What hosts show in the place of what they removed. */
export async function placeholder(): Promise<Buffer> {
  const lines = [1, 2, 3].map((seed) => ({
    input: Buffer.from(
      scribble(new SeededRandom(seed), 360, 60, { ink: '#444', ground: 'none', opacity: 1 }),
    ),
    left: 40,
    top: 60 + 80 * seed,
  }))
  const create = { width: 440, height: 440, channels: 3, background: '#dcdcdc' } as const
  return encoded(await sharp({ create }).composite(lines).png().toBuffer(), webp)
}

/** Copies of a film: encoded again, and pieces of it. */
export async function filmCopiesOf(film: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  return new Map([
    ['re-encoded', await reencodeFilm(film, { crf: 38, scale: 0.8 })],
    ['piece', await pieceOf(film, 1, 6)],
    ['short piece', await pieceOf(film, 3, 4)],
  ])
}

function pieceOf(film: Uint8Array, from: number, seconds: number): Promise<Buffer> {
  const part = ['-ss', String(from), '-t', String(seconds)]
  const output = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '33', '-f', 'mp4']
  return runFfmpeg(['-fd', '3', '-i', 'fd:', ...part, '-pix_fmt', 'yuv420p', ...output], film)
}

async function encoded(
  picture: Buffer,
  { side, encode }: { side: number; encode: (picture: Sharp) => Sharp },
): Promise<Buffer> {
  const size = { width: side, height: side, fit: 'inside', withoutEnlargement: true } as const
  return encode(sharp(picture).resize(size)).toBuffer()
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined
}
