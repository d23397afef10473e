import type { LoadedConfig } from '../../config.ts'
import { openConfidence } from '../../confidence/index.ts'
import { systemClock } from '../../core/index.ts'
import { toHindraError } from '../../errors.ts'
import { type CheckReport, fail, ok, warn } from './check.ts'

const MEND = 'ask them for a new key and put it into takedown.confidence'

/** The certificates and keys that letters are encrypted with. */
export async function lettersInConfidence({ config }: LoadedConfig): Promise<CheckReport> {
  const name = 'letters in confidence'
  const count = Object.keys(config.takedown.confidence).length
  try {
    const { faults } = await openConfidence(config.takedown)
    const found = faults(systemClock.now()).map(({ address, why }) => `${address}: ${why}`)
    if (found.length > 0) return warn(name, found.join('; '), MEND)
  } catch (cause) {
    return fail(name, toHindraError(cause).message, MEND)
  }
  return ok(
    name,
    count === 0 ? 'nobody has a key, and nobody is told by portal only' : `contacts: ${count}`,
  )
}
