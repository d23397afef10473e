import { systemRandom } from '../core/index.ts'
import { decodeStill, type PixelMemory } from '../decode/index.ts'
import { toHindraError } from '../errors.ts'
import { fingerprintMedia, scanMedia, seeMoments, sightMedia } from '../fingerprint/index.ts'
import { type Descriptor, loadDescriptor } from '../model/index.ts'
import { pixelMemoryOf } from './pixel-memory.ts'
import type { PoolAnswer, PoolModel, PoolTask, PoolWork } from './task.ts'

/** Loaded by the first task that needs it; a pool has one model. */
let loading: Promise<Descriptor> | undefined

/** One file: bytes in, fingerprint out, or what a person is shown. */
export default async function fingerprintTask(task: PoolTask): Promise<PoolAnswer> {
  const memory = pixelMemoryOf(task.memory)
  try {
    return await done(task, memory)
  } catch (error) {
    const { code, message } = toHindraError(error)
    return { refusal: { code, message } }
  } finally {
    memory.hold(0, 0)
  }
}

async function done(
  { work, bytes, limits, sought }: PoolTask,
  memory: PixelMemory,
): Promise<PoolAnswer> {
  switch (work.kind) {
    case 'fingerprint': {
      const options = { sought, memory, ...(await described(work)) }
      return { fingerprint: await fingerprintMedia(bytes, limits, options) }
    }
    case 'scan':
      return {
        fingerprint: await scanMedia(bytes, limits, { sought, memory, skimmedBy: systemRandom }),
      }
    case 'sight': {
      const descriptor = await descriptorOf(work.model)
      return sightMedia(bytes, limits, work.profile, {
        sought: work.tracks ? [...sought, 'track'] : sought,
        memory,
        descriptor,
        skimmedBy: work.skims ? systemRandom : undefined,
      })
    }
    case 'moments':
      return { moments: await seeMoments(bytes, limits, work.spans, memory) }
    case 'still':
      return { still: await decodeStill(bytes, limits, work.size, memory) }
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
