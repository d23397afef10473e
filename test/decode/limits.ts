import { configWith } from '../../src/config.ts'
import type { DecodeLimits } from '../../src/decode/index.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { HindraError } from '../../src/errors.ts'

/** The default limits, with changes. */
export function decodeLimits(changes: Partial<DecodeLimits> = {}): DecodeLimits {
  return { ...configWith({}).decode, ...changes }
}

/** The code of the error that `work` ends with; fails when it ends well or otherwise. */
export async function codeOf(work: Promise<unknown>): Promise<ErrorCode> {
  try {
    await work
  } catch (error) {
    if (error instanceof HindraError) return error.code
    throw error
  }
  throw new Error('an error was expected')
}
