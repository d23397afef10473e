import { toHindraError } from '../errors.ts'
import { fingerprintMedia } from '../fingerprint/index.ts'
import type { PoolAnswer, PoolTask } from './task.ts'

/** One file: bytes in, fingerprint out. */
export default async function fingerprintTask({ bytes, limits }: PoolTask): Promise<PoolAnswer> {
  try {
    return { fingerprint: await fingerprintMedia(bytes, limits) }
  } catch (error) {
    const { code, message } = toHindraError(error)
    return { refusal: { code, message } }
  }
}
