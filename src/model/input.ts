import { decodeUpright, type Raster } from '../decode/index.ts'
import type { Card } from './card.ts'

/** Which pixels of the source make one of the target. */
interface Span {
  readonly first: number
  /** The weights of the pixels from `first` on; their sum is 1. */
  readonly weights: readonly number[]
}

/**
 * The numbers that a model is given of a picture as a viewer shows it, in the order of its tensor. A
 * pixel is the mean of the area that it stands for, so that a picture that was decoded at a fraction
 * of its size gives nearly the same.
 */
export function inputOf(raster: Raster, { input }: Pick<Card, 'input'>): Float32Array {
  const upright = decodeUpright(raster)
  const { width, height, resize, layout } = input
  const fit = fitted(upright, input)
  const pixels = resampled(upright, fit)
  const values = new Float32Array(width * height * 3)
  const channelAt = input.colours === 'rgb' ? [0, 1, 2] : [2, 1, 0]
  const [left, top] =
    resize === 'contain'
      ? [Math.floor((width - fit.width) / 2), Math.floor((height - fit.height) / 2)]
      : [0, 0]
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [column, row] = [x - left, y - top]
      const isInside = column >= 0 && column < fit.width && row >= 0 && row < fit.height
      const from = (row * fit.width + column) * 3
      for (let channel = 0; channel < 3; channel += 1) {
        const pixel = isInside ? (pixels[from + (channelAt[channel] ?? 0)] ?? 0) : 0
        const value = pixel * input.scale - (input.mean[channel] ?? 0)
        const at = y * width + x
        const to = layout === 'nhwc' ? at * 3 + channel : channel * width * height + at
        values[to] = value / (input.std[channel] ?? 1)
      }
    }
  }
  return values
}

/** Which part of the picture is taken, and to which size it is brought. */
interface Fit {
  readonly x: number
  readonly y: number
  readonly partWidth: number
  readonly partHeight: number
  readonly width: number
  readonly height: number
}

function fitted(raster: Raster, { width, height, resize }: Card['input']): Fit {
  const whole = { x: 0, y: 0, partWidth: raster.width, partHeight: raster.height }
  if (resize === 'stretch') return { ...whole, width, height }
  const across = width / raster.width
  const down = height / raster.height
  if (resize === 'contain') {
    const scale = Math.min(across, down)
    const side = (length: number) => Math.max(1, Math.round(length * scale))
    return { ...whole, width: side(raster.width), height: side(raster.height) }
  }
  const scale = Math.max(across, down)
  const [partWidth, partHeight] = [width / scale, height / scale]
  const [x, y] = [(raster.width - partWidth) / 2, (raster.height - partHeight) / 2]
  return { x, y, partWidth, partHeight, width, height }
}

function resampled(raster: Raster, fit: Fit): Float32Array {
  const columns = spans(fit.x, fit.partWidth, fit.width, raster.width)
  const rows = spans(fit.y, fit.partHeight, fit.height, raster.height)
  const narrow = new Float32Array(fit.width * raster.height * 3)
  for (let y = 0; y < raster.height; y += 1) {
    columns.forEach(({ first, weights }, x) => {
      const to = (y * fit.width + x) * 3
      weights.forEach((weight, index) => {
        const from = (y * raster.width + first + index) * 3
        for (let channel = 0; channel < 3; channel += 1) {
          narrow[to + channel] =
            (narrow[to + channel] ?? 0) + weight * (raster.data[from + channel] ?? 0)
        }
      })
    })
  }
  const small = new Float32Array(fit.width * fit.height * 3)
  const rowLength = fit.width * 3
  rows.forEach(({ first, weights }, y) => {
    weights.forEach((weight, index) => {
      const from = (first + index) * rowLength
      for (let at = 0; at < rowLength; at += 1) {
        const to = y * rowLength + at
        small[to] = (small[to] ?? 0) + weight * (narrow[from + at] ?? 0)
      }
    })
  })
  return small
}

/** The pixels that each pixel of the target covers; it lies between two of them where it is enlarged. */
function spans(start: number, length: number, count: number, side: number): readonly Span[] {
  const step = length / count
  const reach = Math.max(step, 1)
  return Array.from({ length: count }, (_, index) => {
    const middle = start + (index + 0.5) * step
    const [from, to] = [Math.max(0, middle - reach / 2), Math.min(side, middle + reach / 2)]
    const first = Math.min(side - 1, Math.floor(from))
    const last = Math.max(first, Math.min(side - 1, Math.ceil(to) - 1))
    const weights = Array.from({ length: last - first + 1 }, (__, offset) =>
      Math.max(0, Math.min(to, first + offset + 1) - Math.max(from, first + offset)),
    )
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return { first, weights: weights.map((weight) => weight / sum) }
  })
}
