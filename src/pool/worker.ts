import { toHindraError } from '../errors.ts'
import type { DecodeLimits } from '../decode/index.ts'
import { fingerprintMedia, type Sight, scanMedia, sightMedia } from '../fingerprint/index.ts'
import type { PoolAnswer, PoolTask, PoolWork } from './task.ts'

/** One file: bytes in, fingerprint out. */
export default async function fingerprintTask({
  bytes,
  limits,
  work,
}: PoolTask): Promise<PoolAnswer> {
  try {
    return await done(work, bytes, limits)
  } catch (error) {
    const { code, message } = toHindraError(error)
    return { refusal: { code, message } }
  }
}

async function done(work: PoolWork, bytes: Uint8Array, limits: DecodeLimits): Promise<Sight> {
  switch (work.kind) {
    case 'fingerprint':
      return { fingerprint: await fingerprintMedia(bytes, limits, work) }
    case 'scan':
      return { fingerprint: await scanMedia(bytes, limits) }
    case 'sight':
      return sightMedia(bytes, limits, work.profile)
  }
}
