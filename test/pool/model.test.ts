import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { createMemoryBudget } from '../../src/pool/pixel-memory.ts'
import type { PoolWork } from '../../src/pool/task.ts'
import fingerprintTask from '../../src/pool/worker.ts'

let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-pool-model-'))
})

afterAll(() => rm(directory, { recursive: true, force: true }))

it('loads nothing of TensorFlow before a task has a model, and then says what is wrong', async () => {
  const sight = { kind: 'sight', profile: 'default', skims: false, tracks: false } as const
  expect(await answer({ kind: 'fingerprint', features: true })).not.toHaveProperty('learned')
  expect(await answer(sight)).not.toHaveProperty('learned')
  expect(loaded()).toEqual([])

  const { writeLayersModel } = await import('../model/tiny-model.ts')
  await writeLayersModel(directory)
  const model = { directory, backend: 'wasm', id: 'tiny@1#another' } as const
  expect(await answer({ ...sight, model })).toMatchObject({
    refusal: { code: 'MODEL_INVALID', message: expect.stringMatching(/have changed/) as string },
  })
  expect(loaded()).not.toEqual([])
})

async function answer(work: PoolWork) {
  const bytes = Uint8Array.from(await sceneJpeg(9, { width: 200, height: 150 }))
  const memory = createMemoryBudget(64).share()
  return fingerprintTask({ bytes, limits: configWith({}).decode, sought: [], work, memory })
}

function loaded(): readonly string[] {
  const { cache } = createRequire(import.meta.url)
  return Object.keys(cache).filter((name) => name.includes('@tensorflow'))
}
