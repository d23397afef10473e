import type { AnyRaster, AnyShrunkRaster } from '../decode/index.ts'
import { HindraError } from '../errors.ts'
import type { Region } from './fingerprint.ts'

const SIDE_MAX = 2 ** 31 - 1
const FACTORS: readonly number[] = [2, 4, 8] satisfies AnyShrunkRaster['factor'][]

/**
 * Throws INVALID_INPUT where the data cannot be those of a picture of this size, or could change or
 * go away while they are hashed.
 */
export function checkRaster({ data, width, height, channels }: AnyRaster): void {
  if (!isSide(width) || !isSide(height)) throw invalid('width and height are whole numbers from 1')
  if (data.buffer instanceof SharedArrayBuffer) {
    throw invalid('data in shared memory could change while they are hashed')
  }
  const bytes = width * height * channels
  if (data.length !== bytes) {
    throw invalid(`data has ${data.length} bytes where width x height x channels is ${bytes}`)
  }
}

/** Throws as `checkRaster`, and where the sides are not those of the whole picture by the factor. */
export function checkShrunk(raster: AnyShrunkRaster): void {
  checkRaster(raster)
  const { width, height, factor, fullWidth, fullHeight } = raster
  if (!FACTORS.includes(factor)) throw invalid('the factor is 2, 4 or 8')
  if (!isSide(fullWidth) || !isSide(fullHeight)) {
    throw invalid('the sides of the whole picture are whole numbers from 1')
  }
  const isByFactor =
    width === Math.floor(fullWidth / factor) && height === Math.floor(fullHeight / factor)
  if (!isByFactor) throw invalid('the sides are not those of the whole picture by the factor')
}

/** Throws INVALID_INPUT where a region is empty or reaches beyond the raster. */
export function checkRegion({ x, y, width, height }: Region, raster: AnyRaster): void {
  const isInside = (from: number, length: number, end: number) =>
    Number.isInteger(from) && from >= 0 && isSide(length) && from + length <= end
  if (isInside(x, width, raster.width) && isInside(y, height, raster.height)) return
  throw invalid('a region is empty or reaches beyond the raster')
}

function isSide(length: number): boolean {
  return Number.isInteger(length) && length >= 1 && length <= SIDE_MAX
}

function invalid(message: string): HindraError {
  return new HindraError('INVALID_INPUT', message)
}
