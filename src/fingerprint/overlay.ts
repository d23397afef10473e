import type { Raster } from '../decode/index.ts'
import { OVERLAY_ACROSS } from './terms.ts'

/** Pixels that are read of a cell, each way: strokes of glyphs are so fine, and what is behind shows beside them. */
const SAMPLES = 4
/** So many of them stay the same where something is drawn over; one may do so by chance. */
const SAME_MIN = 2
/** Frames of shots without which what stays the same may do so by chance. */
const SHOTS_MIN = 3
/** In so many of them a pixel must be as it mostly is, give or take this of 255: encoders leave noise. */
const MOST = 0.75
const OFF = 12

const ACROSS = OVERLAY_ACROSS * SAMPLES

/** Some pixels of a frame, as many of each. Of colours green is most of what is bright, and told alone. */
export function pixelsOf({ data, width, height, channels }: Raster): Uint8Array {
  const pixels = new Uint8Array(ACROSS * ACROSS)
  const placeOf = (sample: number, side: number) => Math.floor(((sample + 0.5) * side) / ACROSS)
  for (let y = 0; y < ACROSS; y += 1) {
    const row = placeOf(y, height) * width
    for (let x = 0; x < ACROSS; x += 1) {
      pixels[y * ACROSS + x] = data[(row + placeOf(x, width)) * channels + 1] ?? 0
    }
  }
  return pixels
}

/**
 * The cells of a film's frame in which something stays the same while it is cut from shot to shot, as captions, logos and
 * bars do: `#`, and `.` for the others. Undefined where it has too few shots to tell.
 *
 * @param shots A frame of each shot, by `pixelsOf`
 */
export function overlayOf(shots: readonly Uint8Array[]): string | undefined {
  if (shots.length < SHOTS_MIN) return undefined
  const same = new Uint8Array(OVERLAY_ACROSS * OVERLAY_ACROSS)
  for (let pixel = 0; pixel < ACROSS * ACROSS; pixel += 1) {
    if (!staysSame(shots.map((shot) => shot[pixel] ?? 0))) continue
    const row = Math.floor(pixel / ACROSS / SAMPLES)
    const cell = row * OVERLAY_ACROSS + Math.floor((pixel % ACROSS) / SAMPLES)
    same[cell] = (same[cell] ?? 0) + 1
  }
  return Array.from(same, (count) => (count >= SAME_MIN ? '#' : '.')).join('')
}

function staysSame(bright: readonly number[]): boolean {
  const usual = bright.toSorted((a, b) => a - b)[bright.length >> 1] ?? 0
  const near = bright.filter((one) => Math.abs(one - usual) <= OFF).length
  return near >= MOST * bright.length
}
