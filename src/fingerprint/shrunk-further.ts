import { nativeCore } from '../../native/binding.ts'
import { type ShrunkRaster, shrinkFactor } from '../decode/index.ts'

/**
 * The raster as small as `decodeShrunk` gives a JPEG to be hashed: its hashes need no more, and cost a quarter of what
 * they do of a raster of twice the size. Left as it is where there is no native core.
 */
export function shrunkFurther(raster: ShrunkRaster): ShrunkRaster {
  const { data, width, height, channels, factor, fullWidth, fullHeight } = raster
  const core = nativeCore()
  const whole = shrinkFactor(fullWidth, fullHeight) ?? factor
  const further = whole / factor
  if (core === undefined || further <= 1) return raster
  return {
    ...raster,
    data: core.meansOfSquares(data, width, height, channels, further),
    width: Math.floor(width / further),
    height: Math.floor(height / further),
    factor: whole,
  }
}
