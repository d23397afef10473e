import type { SeededRandom } from '../../src/core/index.ts'
import type { Raster } from '../../src/decode/index.ts'

type Colour = readonly [red: number, green: number, blue: number]

/** A raster from a formula: no file is needed. */
export function drawRaster(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => Colour,
): Raster {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) data.set(colourAt(x, y), (y * width + x) * 3)
  }
  return { data, width, height, channels: 3, orientation: 1 }
}

const grey = (level: number): Colour => [level, level, level]

/** The synthetic pictures of which the reference's hashes are known, by name. */
export function drawKnown(drawing: string, width: number, height: number): Raster {
  return drawRaster(width, height, (x, y) => {
    const [kind, ...levels] = drawing.split(/-(?=\d)/)
    switch (kind) {
      case 'solid':
        return [Number(levels[0]), Number(levels[1]), Number(levels[2])]
      case 'checker':
        return grey(((x >> 3) + (y >> 3)) % 2 === 0 ? 0 : 255)
      case 'half':
        return grey(x < width / 2 ? 0 : 255)
      case 'ramp-across':
        return grey(x)
      case 'ramp-down':
        return grey(y)
      case 'pattern':
        return [(37 * x + 11 * y) % 256, (5 * x + 71 * y) % 256, (x * y) % 256]
      default:
        throw new Error(`there is no drawing ${drawing}`)
    }
  })
}

/** Kinds of pictures that are hard on the arithmetic: sharp, flat, smooth or symmetric. */
export const HARD_KINDS = ['noise', 'ramp', 'blocks', 'waves', 'paper', 'text'] as const
export type HardKind = (typeof HARD_KINDS)[number]

export function drawHard(
  kind: HardKind,
  width: number,
  height: number,
  random: SeededRandom,
): Raster {
  const levels = random.bytes(64)
  const level = (cell: number) => levels[cell % 64] ?? 0
  const across = (x: number) => x / width
  const down = (y: number) => y / height
  switch (kind) {
    case 'noise':
      return drawRaster(width, height, () => [
        random.integer(0, 255),
        random.integer(0, 255),
        random.integer(0, 255),
      ])
    case 'ramp':
      return drawRaster(width, height, (x, y) => grey((across(x) + down(y)) * 127))
    case 'blocks':
      return drawRaster(width, height, (x, y) =>
        grey(level(Math.floor(down(y) * 8) * 8 + Math.floor(across(x) * 8))),
      )
    case 'waves':
      return drawRaster(width, height, (x, y) => {
        const wave = Math.sin(across(x) * 9 + down(y) * 5) + Math.cos(down(y) * 13 - across(x) * 3)
        return [127 + 60 * wave, 127 - 60 * wave, 90]
      })
    case 'paper':
      return drawRaster(width, height, (x, y) =>
        across(x) < 1 / 3 && down(y) < 1 / 4 ? [17, 17, 17] : [255, 255, 255],
      )
    case 'text':
      return drawRaster(width, height, (x, y) =>
        grey(y % 20 < 12 && level(x >> 3) > 127 ? 17 : 255),
      )
  }
}

/** Nearest-neighbour stretch to 512x512, as the reference's command line does first. */
export function stretchTo512({ data, width, height }: Raster): Raster {
  return drawRaster(512, 512, (x, y) => {
    const from = (Math.floor((y * height) / 512) * width + Math.floor((x * width) / 512)) * 3
    return [data[from] ?? 0, data[from + 1] ?? 0, data[from + 2] ?? 0]
  })
}

/** Binary PPM (P6, 8 bits). */
export function parsePpm(file: Uint8Array): Raster {
  const head = /^P6\s(\d+)\s(\d+)\s255\s/.exec(Buffer.from(file.subarray(0, 40)).toString('latin1'))
  if (head === null) throw new Error('this is no 8-bit P6 file')
  const [all, width, height] = head
  const data = file.subarray(all.length)
  return { data, width: Number(width), height: Number(height), channels: 3, orientation: 1 }
}
