import { toHindraError } from '../errors.ts'
import { fingerprintMedia, scanMedia } from '../fingerprint/index.ts'
import type { PoolAnswer, PoolTask } from './task.ts'

/** One file: bytes in, fingerprint out. */
export default async function fingerprintTask({
  bytes,
  limits,
  detail,
}: PoolTask): Promise<PoolAnswer> {
  const hash = detail === 'scan' ? scanMedia : fingerprintMedia
  try {
    return { fingerprint: await hash(bytes, limits) }
  } catch (error) {
    const { code, message } = toHindraError(error)
    return { refusal: { code, message } }
  }
}
