import type { DecodeLimits } from '../decode/index.ts'
import { toHindraError } from '../errors.ts'
import { fingerprintMedia } from '../fingerprint/index.ts'
import type { PoolAnswer } from './task.ts'

/** One file: bytes in, fingerprint out. Refusals are answers, for errors lose their type on the way. */
export default async function fingerprintTask(task: {
  readonly bytes: Uint8Array
  readonly limits: DecodeLimits
}): Promise<PoolAnswer> {
  try {
    return { fingerprint: await fingerprintMedia(task.bytes, task.limits) }
  } catch (error) {
    const { code, message } = toHindraError(error)
    return { refusal: { code, message } }
  }
}
