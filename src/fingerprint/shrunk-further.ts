import { type NativeCore, nativeCore } from '../../native/binding.ts'
import { type Raster, type ShrunkRaster, shrinkFactor } from '../decode/index.ts'

/** By how much a picture is shrunk of which all pixels were decoded: its hash is 0.3 bits off then, and 1.8 at an eighth. */
const DECODED_FACTOR = 4

/**
 * The raster as small as `decodeShrunk` gives a JPEG to be hashed: its hashes need no more, and cost a quarter of what
 * they do of a raster of twice the size. Left as it is where there is no native core.
 */
export function shrunkFurther(raster: ShrunkRaster): ShrunkRaster {
  const { factor, fullWidth, fullHeight } = raster
  const core = nativeCore()
  const whole = shrinkFactor(fullWidth, fullHeight) ?? factor
  const further = whole / factor
  if (core === undefined || further <= 1) return raster
  return { ...raster, ...meansOfSquares(core, raster, further), factor: whole }
}

/**
 * A raster at full resolution, as small as it may be to be looked for by its hashes: means cost half of what is saved.
 * Undefined where it is too small for it, and where there is no native core.
 */
export function shrunkToScan(raster: Raster): ShrunkRaster | undefined {
  const { width, height } = raster
  const core = nativeCore()
  // As large as a JPEG of which an eighth is hashed.
  if (core === undefined || shrinkFactor(width, height) !== 8) return undefined
  const means = meansOfSquares(core, raster, DECODED_FACTOR)
  return { ...raster, ...means, factor: DECODED_FACTOR, fullWidth: width, fullHeight: height }
}

function meansOfSquares(
  core: NativeCore,
  { data, width, height, channels }: Raster,
  side: number,
): Pick<Raster, 'data' | 'width' | 'height'> {
  return {
    data: core.meansOfSquares(data, width, height, channels, side),
    width: Math.floor(width / side),
    height: Math.floor(height / side),
  }
}
