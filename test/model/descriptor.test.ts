import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { decodePicture, everyPage, decodeShrunk, type Raster } from '../../src/decode/index.ts'
import { configWith } from '../../src/config.ts'
import { loadDescriptor, readModelFiles } from '../../src/model/index.ts'
import { tinyCard, tinyWeights, writeGraphModel, writeLayersModel } from './tiny-model.ts'

const limits = configWith({}).decode

describe('a learned descriptor', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hindra-model-'))
  })

  afterEach(() => rm(directory, { recursive: true, force: true }))

  const load = () => loadDescriptor({ directory, backend: 'wasm' })

  it.each([
    ['layers', writeLayersModel],
    ['graph', writeGraphModel],
  ])('gives a unit vector by a %s model, the same each time', async (_kind, write) => {
    await write(directory)
    const model = await load()
    expect(model).toMatchObject({ backend: 'wasm', dimensions: 16, reviewDistance: 0.2 })
    const raster = await picture(1)
    const [first, again, other] = [
      await model.describe(raster),
      await model.describe(raster),
      await model.describe(await picture(2)),
    ]
    expect(Math.hypot(...(first ?? []))).toBeCloseTo(1, 5)
    expect(again).toEqual(first)
    expect(distance(first, other)).toBeGreaterThan(0.01)
  })

  it('computes the same by a layers and a graph model of the same weights', async () => {
    await writeLayersModel(directory)
    const raster = await picture(1)
    const first = await (await load()).describe(raster)
    await writeGraphModel(directory)
    expect(distance(first, await (await load()).describe(raster))).toBeLessThan(1e-5)
  })

  it('makes nearly the same of a picture that was decoded at a fraction of its size', async () => {
    await writeLayersModel(directory)
    const model = await load()
    const bytes = await sceneJpeg(3, { width: 1200, height: 800 })
    const shrunk = await decodeShrunk(bytes, limits, 512)
    expect(shrunk?.factor).toBe(2)
    const [whole, small] = [
      await model.describe(await raster(bytes)),
      await model.describe(shrunk as Raster),
    ]
    expect(distance(whole, small)).toBeLessThan(0.02)
  })

  it('has another id once anything changes that decides vectors, and only then', async () => {
    await writeLayersModel(directory)
    const { id } = (await readModelFiles(directory)).facts
    expect(id).toMatch(/^tiny@1#[0-9a-f]{16}$/)
    await writeLayersModel(directory, { card: tinyCard({ reviewDistance: 0.3 }) })
    expect((await readModelFiles(directory)).facts.id).toBe(id)
    const input = { width: 32, height: 32, resize: 'cover' }
    await writeLayersModel(directory, { card: tinyCard({ input }) })
    expect((await readModelFiles(directory)).facts.id).not.toBe(id)
    const weights = tinyWeights()
    weights[7] = 0.25
    await writeLayersModel(directory, { weights })
    const changed = (await readModelFiles(directory)).facts.id
    expect(changed).not.toBe(id)
    await expect(loadDescriptor({ directory, backend: 'wasm' }, id)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('have changed since the start') as string,
    })
  })

  it.each([
    ['no card', () => ({ 'hindra-model.json': null }), /hindra-model.json cannot be read/],
    [
      'a card that is no JSON',
      () => ({ 'hindra-model.json': '{' }),
      /hindra-model.json is no JSON/,
    ],
    ['a field of the wrong kind', () => card({ reviewDistance: 'near' }), /reviewDistance/],
    ['an unknown field', () => card({ reviewDistanse: 1 }), /reviewDistanse/],
    ['a path out of the directory', () => card({ model: '../model.json' }), /model: is the name/],
    ['no topology', () => ({ 'model.json': '{"format":"onnx"}' }), /model.json: format/],
    [
      'weights cut off',
      () => ({ 'weights.bin': bytesOf(tinyWeights().subarray(1)) }),
      /are not what/,
    ],
    ['weights left over', () => ({ 'weights.bin': Buffer.alloc(4096) }), /are not what/],
    ['NaN among the weights', () => ({ 'weights.bin': bytesOf(withNaN()) }), /no finite number/],
    ['weights of zero', () => ({ 'weights.bin': Buffer.alloc(1728) }), /makes nothing/],
    [
      'another length of vectors',
      () => card({ output: { dimensions: 8 } }),
      /output.dimensions is 8/,
    ],
    ['another size of input', () => card({ input: { width: 16, height: 16 } }), /cannot be run/],
  ])('refuses %s, and says where', async (_what, files, message) => {
    await writeLayersModel(directory)
    const changed: Readonly<Record<string, string | Buffer | null>> = files()
    for (const [name, content] of Object.entries(changed)) {
      const path = join(directory, name)
      if (content === null) await rm(path)
      else await writeFile(path, content)
    }
    await expect(load()).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(message) as string,
    })
  })

  it('refuses a graph without an output of that name', async () => {
    await writeGraphModel(directory, {
      card: tinyCard({ output: { dimensions: 16, node: 'none' } }),
    })
    await expect(load()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  })
})

function card(changes: object) {
  return { 'hindra-model.json': JSON.stringify(tinyCard({ ...changes })) }
}

function withNaN(): Float32Array {
  const weights = tinyWeights()
  weights[100] = Number.NaN
  return weights
}

function bytesOf(weights: Float32Array): Buffer {
  return Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength)
}

async function picture(seed: number): Promise<Raster> {
  return raster(await sceneJpeg(seed, { width: 300, height: 200 }))
}

async function raster(bytes: Buffer): Promise<Raster> {
  const [frame] = await everyPage(decodePicture(bytes, limits))
  if (frame === undefined) throw new Error('no picture')
  return frame.raster
}

function distance(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined) return Number.NaN
  return Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)))
}
