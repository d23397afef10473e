import sharp from 'sharp'
import {
  damaged,
  filmMp4,
  pngBomb,
  reencodeFilm,
  sceneJpeg,
  tiffBomb,
  truncated,
} from '../../fixtures/index.ts'
import type { SeededRandom } from '../../src/core/index.ts'

/** Where most formats say what they are and how large. */
const HEADER_BYTES = 64

/** A small sound file of each format that is read. */
export async function soundFiles(): Promise<readonly Uint8Array[]> {
  const jpeg = await sceneJpeg(1, { width: 320, height: 240 })
  const scene = () => sharp(jpeg)
  const film = await filmMp4(3, { seconds: 1, width: 96, height: 64 })
  const pictures = await Promise.all([
    scene().jpeg({ progressive: true }).toBuffer(),
    scene().png().toBuffer(),
    scene().webp().toBuffer(),
    scene().gif().toBuffer(),
    scene().tiff({ compression: 'lzw' }).toBuffer(),
    scene().avif({ effort: 0 }).toBuffer(),
  ])
  const films = await Promise.all(
    (['matroska', 'webm', 'avi', 'flv'] as const).map((container) =>
      reencodeFilm(film, { container }),
    ),
  )
  return [jpeg, ...pictures, film, ...films]
}

/** A sound file made hostile in one of the ways that files are: by chance, by intent, or by both. */
export function hostileFile(sound: readonly Uint8Array[], random: SeededRandom): Uint8Array {
  const pick = () => sound[random.integer(0, sound.length - 1)] ?? new Uint8Array()
  const file = pick()
  switch (random.integer(0, 7)) {
    case 0:
      return damaged(file, random, { count: random.integer(1, 40), keep: 0 })
    case 1:
      return damaged(file, random, { count: random.integer(1, 200), keep: HEADER_BYTES })
    case 2:
      return truncated(file, random.next())
    case 3:
      return Buffer.concat([truncated(file, random.next()), truncated(pick(), random.next())])
    case 4:
      return Buffer.concat([file.subarray(0, HEADER_BYTES), random.bytes(random.integer(0, 4_096))])
    case 5:
      return repeated(file, random)
    case 6:
      return pngBomb(random.integer(1, 2 ** 31 - 1), random.integer(1, 2 ** 31 - 1))
    default:
      return tiffBomb(pages(random))
  }
}

/** A piece of the file again and again: boxes in boxes, chunks and markers by the thousand. */
function repeated(file: Uint8Array, random: SeededRandom): Uint8Array {
  const start = random.integer(0, file.length - 1)
  const piece = file.subarray(start, start + random.integer(1, 64))
  const many = Array.from({ length: random.integer(2, 500) }, () => piece)
  return Buffer.concat([file.subarray(0, start), ...many, file.subarray(start)])
}

/** The sides of a few pages, now and then of one that is too large. */
function pages(random: SeededRandom): readonly number[] {
  const few = Array.from({ length: random.integer(1, 6) }, () => random.integer(1, 2_000))
  return random.integer(1, 4) === 1 ? [...few, random.integer(10_000, 60_000)] : few
}
