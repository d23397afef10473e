import { HOUR_MS, type Random, SECOND_MS } from '../core/index.ts'

const FACTOR = 4
const FRACTION_BYTES = 4

/**
 * How long to wait after so many failures in a row: four times as long each time, up to a limit,
 * less up to half of it by chance, so that endpoints that fell together do not rise together.
 */
export function backoffMs(
  failures: number,
  settings: { readonly retrySeconds: number; readonly retryHoursMax: number },
  random: Random,
): number {
  const wait = settings.retrySeconds * SECOND_MS * FACTOR ** (failures - 1)
  const bytes = Buffer.from(random.bytes(FRACTION_BYTES))
  const fraction = bytes.readUInt32BE() / 2 ** (8 * FRACTION_BYTES)
  return Math.min(wait, settings.retryHoursMax * HOUR_MS) * (1 - fraction / 2)
}
