import { toHindraError } from '../errors.ts'
import { fingerprintMedia, type Sight, scanMedia, sightMedia } from '../fingerprint/index.ts'
import { type Descriptor, loadDescriptor } from '../model/index.ts'
import type { PoolAnswer, PoolModel, PoolTask, PoolWork } from './task.ts'

/** Loaded by the first task that needs it; a pool has one model. */
let loading: Promise<Descriptor> | undefined

/** One file: bytes in, fingerprint out. */
export default async function fingerprintTask({
  bytes,
  limits,
  asked,
  work,
}: PoolTask): Promise<PoolAnswer> {
  try {
    return await done(work, { bytes, limits, asked })
  } catch (error) {
    const { code, message } = toHindraError(error)
    return { refusal: { code, message } }
  }
}

async function done(
  work: PoolWork,
  { bytes, limits, asked }: Omit<PoolTask, 'work'>,
): Promise<Sight> {
  switch (work.kind) {
    case 'fingerprint':
      return {
        fingerprint: await fingerprintMedia(bytes, limits, { asked, ...(await described(work)) }),
      }
    case 'scan':
      return { fingerprint: await scanMedia(bytes, limits, asked) }
    case 'sight':
      return sightMedia(bytes, limits, work.profile, {
        asked,
        descriptor: await descriptorOf(work.model),
      })
  }
}

async function described({ features, model }: Extract<PoolWork, { kind: 'fingerprint' }>) {
  return { features, descriptor: await descriptorOf(model) }
}

async function descriptorOf(model: PoolModel | undefined): Promise<Descriptor | undefined> {
  if (model === undefined) return undefined
  loading ??= loadDescriptor(model, model.id)
  return loading
}
