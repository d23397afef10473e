import sharp, { type Sharp } from 'sharp'
import { SeededRandom } from '../../src/core/index.ts'
import { PHOTOGRAPH_QUALITY, resizedTo, twoMegapixelsOf } from './files.ts'

/** A crawl brings these formats, so many of each among twenty files. */
const FORMATS = { baseline: 14, webp: 4, png: 1, progressive: 1 } as const
type Format = keyof typeof FORMATS
const FORMAT_OF_EACH = Object.entries(FORMATS).flatMap(([format, count]) =>
  Array.from({ length: count }, () => format as Format),
)
/** A picture is large from this shorter side on: an eighth of such a JPEG is large enough to be hashed. */
const LARGE_SIDE_MIN = 1024
const SMALL_SIDE_MIN = 256

/**
 * What a crawl brings: each second picture is small, its shorter side drawn evenly up to 1,023 pixels, and the others have 2
 * megapixels; both come in the formats above.
 */
export async function crawlMix(
  photographs: readonly Uint8Array[],
  seed: number,
): Promise<Readonly<Record<'mix' | 'small' | 'large', readonly Uint8Array[]>>> {
  const random = new SeededRandom(seed)
  const [small, large]: [Uint8Array[], Uint8Array[]] = [[], []]
  for (const [index, bytes] of photographs.entries()) {
    const place = index >> 1
    const format = FORMAT_OF_EACH[place % FORMAT_OF_EACH.length] ?? 'baseline'
    const isSmall = index % 2 === 0
    const size = isSmall ? await smallSizeOf(bytes, random) : await twoMegapixelsOf(bytes)
    const made = written(resizedTo(bytes, size), format).toBuffer()
    if (isSmall) small.push(await made)
    else large.push(await made)
  }
  return { mix: [...small, ...large], small, large }
}

async function smallSizeOf(bytes: Uint8Array, random: SeededRandom) {
  const { width, height } = await sharp(bytes).metadata()
  const scale = random.integer(SMALL_SIDE_MIN, LARGE_SIDE_MIN - 1) / Math.min(width, height)
  return { width: Math.round(width * scale), height: Math.round(height * scale) }
}

function written(picture: Sharp, format: Format): Sharp {
  switch (format) {
    case 'webp':
    case 'png':
      return picture.toFormat(format)
    case 'baseline':
    case 'progressive':
      return picture.jpeg({ quality: PHOTOGRAPH_QUALITY, progressive: format === 'progressive' })
  }
}
