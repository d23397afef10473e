import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import sharp, { type Sharp } from 'sharp'
import { damaged, scenePixels, truncated } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'

type Pixels = ReturnType<typeof scenePixels>

/** libjpeg-turbo's programs, which the readers of JPEG are compared with: Debian's libjpeg-turbo-progs. */
const PROGRAMS = ['/usr/bin/djpeg', '/usr/bin/cjpeg']

/** Whether they are there; says once which tests are skipped where they are not. */
export function hasLibjpeg(): boolean {
  const found = PROGRAMS.every((program) => existsSync(program))
  if (!found)
    console.warn('skipped: djpeg and cjpeg are absent (apt-get install libjpeg-turbo-progs)')
  return found
}

/** Grey, or red, green and blue. */
export interface Samples {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/**
 * A JPEG at 1/2, 1/4 or 1/8 in whole squares, as djpeg gives it by its options; undefined where libjpeg-turbo reports an
 * error.
 */
export function byDjpeg(
  bytes: Uint8Array,
  factor: 2 | 4 | 8,
  full: { readonly fullWidth: number; readonly fullHeight: number },
  ...options: readonly string[]
): Samples | undefined {
  const args = ['-scale', `1/${factor}`, ...options]
  const { stdout, status } = spawnSync('djpeg', args, { input: bytes, maxBuffer: 2 ** 26 })
  const head = /^P([56])\n(\d+) (\d+)\n255\n/.exec(stdout.subarray(0, 32).toString('latin1'))
  // What it only warns of ends with 2.
  if (head === null || (status !== 0 && status !== 2)) return undefined
  // It rounds sides up.
  const channels = head[1] === '5' ? 1 : 3
  const from = head[0].length
  const [width, height] = [
    Math.floor(full.fullWidth / factor),
    Math.floor(full.fullHeight / factor),
  ]
  const data = new Uint8Array(width * height * channels)
  for (let y = 0; y < height; y += 1) {
    const row = from + y * Number(head[2]) * channels
    data.set(stdout.subarray(row, row + width * channels), y * width * channels)
  }
  return { width, height, data }
}

/** The picture as a JPEG by cjpeg, with its options. */
export function byCjpeg({ data, width, height }: Pixels, ...options: readonly string[]): Buffer {
  const input = Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), data])
  const { stdout, status, stderr } = spawnSync('cjpeg', options, { input, maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(`cjpeg: ${stderr.toString()}`)
  return stdout
}

export function bySharp({ data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** A scene under grain so heavy that most blocks have all their coefficients. */
export function grainyPixels(seed: number, size: { width: number; height: number }): Pixels {
  const { data, width, height } = scenePixels(seed, size)
  const grain = new SeededRandom(seed).bytes(data.length)
  return { data: data.map((level, at) => (level + (grain[at] ?? 0)) >> 1), width, height }
}

/** What cameras, editors and servers make of a picture. */
export const JPEG_FORMS: Readonly<Record<string, (picture: Pixels) => Buffer | Promise<Buffer>>> = {
  'quality 1': (picture) => bySharp(picture).jpeg({ quality: 1 }).toBuffer(),
  'quality 30': (picture) => bySharp(picture).jpeg({ quality: 30 }).toBuffer(),
  'quality 100': (picture) => bySharp(picture).jpeg({ quality: 100 }).toBuffer(),
  '4:4:4': (picture) => bySharp(picture).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
  grey: (picture) => bySharp(picture).greyscale().jpeg().toBuffer(),
  'optimised tables': (picture) => bySharp(picture).jpeg({ optimizeCoding: true }).toBuffer(),
  progressive: (picture) => bySharp(picture).jpeg({ progressive: true }).toBuffer(),
  'progressive, grey': (picture) =>
    bySharp(picture).greyscale().jpeg({ progressive: true, quality: 95 }).toBuffer(),
  mozjpeg: (picture) => bySharp(picture).jpeg({ mozjpeg: true }).toBuffer(),
  'with EXIF and a profile': (picture) =>
    bySharp(picture).withMetadata({ orientation: 6 }).withIccProfile('p3').jpeg().toBuffer(),
  '4:2:2': (picture) => byCjpeg(picture, '-sample', '2x1'),
  '4:4:0': (picture) => byCjpeg(picture, '-sample', '1x2'),
  '4:1:1': (picture) => byCjpeg(picture, '-sample', '4x1', '-progressive'),
  'chroma of two kinds': (picture) => byCjpeg(picture, '-sample', '2x2,2x1,1x2'),
  'a restart a block': (picture) => byCjpeg(picture, '-restart', '1B'),
  'a restart a row': (picture) => byCjpeg(picture, '-restart', '1', '-optimize', '-quality', '97'),
  'progressive, with restarts': (picture) => byCjpeg(picture, '-restart', '7B', '-progressive'),
  '16-bit steps': (picture) => byCjpeg(picture, '-quality', '2', '-progressive'),
  arithmetic: (picture) => byCjpeg(picture, '-arithmetic'),
  'red, green and blue': (picture) => byCjpeg(picture, '-rgb'),
}

/** Bits turned, bytes changed, cut off, or a marker put in. */
export function mutated(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.integer(2, bytes.length - 1)
  switch (random.integer(0, 4)) {
    case 0:
      return bytes.map((byte, place) => (place === at ? byte ^ (1 << random.integer(0, 7)) : byte))
    case 1:
      return damaged(bytes, random, { count: random.integer(1, 8), keep: 2 })
    case 2:
      return truncated(bytes, random.next())
    case 3:
      return bytes.filter((_, place) => place !== at)
    default: {
      const marker = [0xff, random.integer(0, 255)]
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(marker), bytes.subarray(at)])
    }
  }
}
