import type { Random } from './random.ts'

const FACTOR = 4
const FRACTION_BYTES = 4

/**
 * How long to wait after so many failures in a row: four times as long each time, up to a limit,
 * less up to half of it by chance, so that what fell together does not rise together.
 */
export function backoffMs(
  failures: number,
  { firstMs, longestMs }: { readonly firstMs: number; readonly longestMs: number },
  random: Random,
): number {
  const wait = firstMs * FACTOR ** (failures - 1)
  const bytes = Buffer.from(random.bytes(FRACTION_BYTES))
  const fraction = bytes.readUInt32BE() / 2 ** (8 * FRACTION_BYTES)
  return Math.min(wait, longestMs) * (1 - fraction / 2)
}
