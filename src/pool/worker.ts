import { toHindraError } from '../errors.ts'
import type { PixelMemory } from '../decode/index.ts'
import { fingerprintMedia, type Sight, scanMedia, sightMedia } from '../fingerprint/index.ts'
import { type Descriptor, loadDescriptor } from '../model/index.ts'
import { pixelMemoryOf } from './pixel-memory.ts'
import type { PoolAnswer, PoolModel, PoolTask, PoolWork } from './task.ts'

/** Loaded by the first task that needs it; a pool has one model. */
let loading: Promise<Descriptor> | undefined

/** One file: bytes in, fingerprint out. */
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

async function done({ work, bytes, limits }: PoolTask, memory: PixelMemory): Promise<Sight> {
  switch (work.kind) {
    case 'fingerprint':
      return { fingerprint: await fingerprintMedia(bytes, limits, await described(work, memory)) }
    case 'scan':
      return { fingerprint: await scanMedia(bytes, limits, memory) }
    case 'sight':
      return sightMedia(bytes, limits, work.profile, await descriptorOf(work.model), memory)
  }
}

async function described(
  { features, model }: Extract<PoolWork, { kind: 'fingerprint' }>,
  memory: PixelMemory,
) {
  return { features, descriptor: await descriptorOf(model), memory }
}

async function descriptorOf(model: PoolModel | undefined): Promise<Descriptor | undefined> {
  if (model === undefined) return undefined
  loading ??= loadDescriptor(model, model.id)
  return loading
}
