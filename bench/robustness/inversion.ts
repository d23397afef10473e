/**
 * What can be computed back from what is kept of a picture: `npx tsx bench/robustness/inversion.ts PHOTO OUT.png`.
 * Beside the photograph stand what gradient descent makes of the texture code, and the blocks alone, both in the colours
 * that are kept of the blocks. It needs no learned model and no knowledge of pictures but that neighbours are alike; whoever
 * has a model gets more.
 */
import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'

/** These sizes are those of `native/features/texture-code.h` and `known.h`. */
const HEADER_BYTES = 8
const CELLS = 24
const SAMPLES = 4
const SIGNS = 16
const BORDER = 3
const MARGIN = 1
const WINDOW = 6
const INNER = CELLS * SAMPLES
const GRID = INNER + 2 * BORDER
const TEXTURE_BYTES = 1296
/** Of blocks the least and the most are kept before their levels. */
const ENDS_BYTES = 2
const BLOCKS = 12
const LUMA_BITS = 3
const LUMA_FINER_BITS = 2
const CHROMA_BITS = 4
/** Grey has this blue and this red. */
const GREY = 128

const STEPS = 600
const RATE = 6
/** How strongly neighbours pull at each other, and blocks at their brightness. */
const SMOOTH = 0.03
const BRIGHT = 0.25
/** Grey levels by which a sign wants its two samples apart. */
const APART = 12
const PANEL = 384

const [photo, out] = process.argv.slice(2)
if (photo === undefined || out === undefined) throw new Error('PHOTO and OUT.png are needed')

const file = readFileSync(photo)
const { features, colours: kept } = await fingerprintMedia(file, configWith({}).decode, {
  features: true,
})
if (features === undefined || kept === undefined) throw new Error('the native core is not built')
const code = Buffer.from(features, 'base64').subarray(HEADER_BYTES)

const colours = Buffer.from(kept, 'base64')
const blues = levelsIn(colours, CHROMA_BITS)
const reds = levelsIn(colours.subarray(levelsBytes(CHROMA_BITS)), CHROMA_BITS)
const bright = brightnessIn(
  code.subarray(TEXTURE_BYTES),
  colours.subarray(2 * levelsBytes(CHROMA_BITS)),
)
const computed = descended(code, bright)
const original = await sharp(file)
  .greyscale()
  .resize(INNER, INNER, { fit: 'fill' })
  .raw()
  .toBuffer()
const blocks = Float64Array.from({ length: INNER * INNER }, (_, at) =>
  blockOf(at % INNER, Math.floor(at / INNER)),
)
console.log(
  `correlation with the picture: ${correlation(computed, original).toFixed(2)} by signs and brightness, ${correlation(blocks, original).toFixed(2)} by brightness alone`,
)
const whole = { width: PANEL, height: PANEL, fit: 'fill' } as const
const panels = [
  await sharp(file).resize(whole).png().toBuffer(),
  await coloured(computed),
  await coloured(blocks),
]
await sharp({ create: { width: 3 * PANEL, height: PANEL, channels: 3, background: '#fff' } })
  .composite(panels.map((input, at) => ({ input, left: at * PANEL, top: 0 })))
  .png({ palette: true, colours: 128 })
  .toFile(out)

/** Pairs of samples that a sign compares, drawn as the native code draws them. */
function pairs(): readonly (readonly [number, number, number, number])[] {
  let state = 0x2f6e2b1
  const draw = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % WINDOW
  }
  return Array.from({ length: SIGNS }, () => {
    for (;;) {
      const pair = [draw(), draw(), draw(), draw()] as const
      if (Math.abs(pair[0] - pair[2]) + Math.abs(pair[1] - pair[3]) >= 2) return pair
    }
  })
}

function levelsBytes(bits: number): number {
  return ENDS_BYTES + (BLOCKS * BLOCKS * bits) / 8
}

/** The luma of blocks, of which the lower bits are kept apart. */
function brightnessIn(upper: Buffer, lower: Buffer): Float64Array {
  return middlesOf(upper, LUMA_BITS + LUMA_FINER_BITS, (block) => {
    const level = bitsOf(upper.subarray(ENDS_BYTES), LUMA_BITS, block)
    return (level << LUMA_FINER_BITS) | bitsOf(lower, LUMA_FINER_BITS, block)
  })
}

function levelsIn(part: Buffer, bits: number): Float64Array {
  return middlesOf(part, bits, (block) => bitsOf(part.subarray(ENDS_BYTES), bits, block))
}

function middlesOf(
  [least = 0, most = 0]: Buffer,
  bits: number,
  levelOf: (block: number) => number,
): Float64Array {
  const step = Math.max(1, most - least) / 2 ** bits
  return Float64Array.from(
    { length: BLOCKS * BLOCKS },
    (_, block) => least + (levelOf(block) + 0.5) * step,
  )
}

function bitsOf(part: Buffer, bits: number, block: number): number {
  let number = 0
  for (let bit = 0; bit < bits; bit += 1) {
    const at = block * bits + bit
    number |= (((part[at >> 3] ?? 0) >> (at & 7)) & 1) << bit
  }
  return number
}

function blockOf(x: number, y: number): number {
  const side = INNER / BLOCKS
  const [column, row] = [x, y].map((at) => Math.min(BLOCKS - 1, Math.max(0, Math.floor(at / side))))
  return bright[(row ?? 0) * BLOCKS + (column ?? 0)] ?? 0
}

/** The picture that has these signs and this brightness, as smooth as it can be. */
function descended(signs: Buffer, levels: Float64Array): Float64Array {
  const compared = pairs()
  const at = (x: number, y: number) => y * GRID + x
  const grid = new Float64Array(GRID * GRID)
  for (let y = 0; y < GRID; y += 1) {
    for (let x = 0; x < GRID; x += 1) grid[at(x, y)] = blockOf(x - BORDER, y - BORDER)
  }
  const momentum = new Float64Array(grid.length)
  const value = (place: number) => grid[place] ?? 0
  for (let step = 0; step < STEPS; step += 1) {
    const slope = new Float64Array(grid.length)
    const pull = (place: number, by: number) => {
      slope[place] = (slope[place] ?? 0) + by
    }
    for (let cell = 0; cell < CELLS * CELLS; cell += 1) {
      const bits = signs.readUInt16LE(2 * cell)
      const left = BORDER + (cell % CELLS) * SAMPLES - MARGIN
      const top = BORDER + Math.floor(cell / CELLS) * SAMPLES - MARGIN
      for (const [bit, [ax, ay, bx, by]] of compared.entries()) {
        const sign = (bits >> bit) & 1 ? 1 : -1
        const a = at(left + ax, top + ay)
        const b = at(left + bx, top + by)
        if (sign * (value(a) - value(b)) >= APART) continue
        pull(a, -sign)
        pull(b, sign)
      }
    }
    for (let y = 1; y + 1 < GRID; y += 1) {
      for (let x = 1; x + 1 < GRID; x += 1) {
        const here = at(x, y)
        const around = value(here - 1) + value(here + 1) + value(here - GRID) + value(here + GRID)
        pull(here, SMOOTH * (4 * value(here) - around))
      }
    }
    const side = INNER / BLOCKS
    for (const [block, level] of levels.entries()) {
      const left = BORDER + (block % BLOCKS) * side
      const top = BORDER + Math.floor(block / BLOCKS) * side
      let mean = 0
      for (let i = 0; i < side * side; i += 1)
        mean += value(at(left + (i % side), top + Math.floor(i / side)))
      mean /= side * side
      for (let i = 0; i < side * side; i += 1)
        pull(at(left + (i % side), top + Math.floor(i / side)), BRIGHT * (mean - level))
    }
    const rate = RATE / (20 + step / 20)
    for (let place = 0; place < grid.length; place += 1) {
      momentum[place] = 0.9 * (momentum[place] ?? 0) - rate * (slope[place] ?? 0)
      grid[place] = value(place) + 0.1 * (momentum[place] ?? 0)
    }
  }
  return Float64Array.from({ length: INNER * INNER }, (_, place) =>
    value(at((place % INNER) + BORDER, Math.floor(place / INNER) + BORDER)),
  )
}

function correlation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const mean = (all: ArrayLike<number>) =>
    Array.from(all).reduce((sum, each) => sum + each, 0) / all.length
  const [a, b] = [mean(one), mean(other)]
  let both = 0
  let ones = 0
  let others = 0
  for (let at = 0; at < one.length; at += 1) {
    const x = (one[at] ?? 0) - a
    const y = (other[at] ?? 0) - b
    both += x * y
    ones += x * x
    others += y * y
  }
  return both / Math.sqrt(ones * others)
}

/** The panel in the colours of its blocks, which go over into each other. */
async function coloured(panel: Float64Array): Promise<Buffer> {
  const [luma, blue, red] = await Promise.all([enlarged(panel), enlarged(blues), enlarged(reds)])
  const pixels = Uint8ClampedArray.from({ length: PANEL * PANEL * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3)
    const y = luma[pixel] ?? 0
    const [b, r] = [((blue[pixel] ?? 0) - GREY) / 0.564, ((red[pixel] ?? 0) - GREY) / 0.713]
    const g = -(0.299 * r + 0.114 * b) / 0.587
    return y + ([r, g, b][at % 3] ?? 0)
  })
  return sharp(pixels, { raw: { width: PANEL, height: PANEL, channels: 3 } })
    .png()
    .toBuffer()
}

/** Levels of a square, 0 to 255, as those of a panel. */
async function enlarged(levels: Float64Array): Promise<Buffer> {
  const side = Math.sqrt(levels.length)
  const bytes = Uint8Array.from(levels, (level) => Math.min(255, Math.max(0, Math.round(level))))
  return sharp(bytes, { raw: { width: side, height: side, channels: 1 } })
    .resize(PANEL, PANEL, { kernel: 'cubic' })
    .toColourspace('b-w')
    .raw()
    .toBuffer()
}
