import type { io, Tensor } from '@tensorflow/tfjs-core'
import type { Raster } from '../decode/index.ts'
import { HindraError } from '../errors.ts'
import type { Card } from './card.ts'
import { invalid, type ModelFiles, readModelFiles } from './files.ts'
import { inputOf } from './input.ts'
import { loadTensorFlow, type Runnable } from './tensorflow.ts'
import type { Descriptor, ModelSource } from './model.ts'

/**
 * Loads a model and runs it once, on a picture of its own. Blocks the thread while it computes.
 * Throws MODEL_INVALID, MODEL_RUNTIME_MISSING.
 *
 * @param expectedId What the files must still be; absent where that is not known yet.
 */
export async function loadDescriptor(
  source: ModelSource,
  expectedId?: string,
): Promise<Descriptor> {
  const files = await readModelFiles(source.directory)
  const { card, facts } = files
  if (expectedId !== undefined && facts.id !== expectedId) {
    throw invalid(`the files of the model ${card.name} have changed since the start: restart`)
  }
  const { tf, backend } = await loadTensorFlow(source.backend)
  const model = await tried(card, 'cannot be loaded', () => loadModel(files))
  const { width, height, layout } = card.input
  const shape: [number, number, number, number] =
    layout === 'nhwc' ? [1, height, width, 3] : [1, 3, height, width]

  async function outputOf(raster: Raster): Promise<Float32Array> {
    return tried(card, 'cannot be run', async () => {
      const result = tf.tidy(() => {
        return only(model.run(tf.tensor4d(inputOf(raster, card), shape)), card)
      })
      try {
        return Float32Array.from(await result.data())
      } finally {
        result.dispose()
      }
    })
  }

  const descriptor: Descriptor = {
    ...facts,
    backend,
    async describe(raster) {
      const vector = await outputOf(raster)
      if (vector.length !== facts.dimensions) {
        throw invalid(
          `${card.name}: output.dimensions is ${facts.dimensions}, and the model gives ${vector.length}`,
          { field: 'output.dimensions' },
        )
      }
      return normalised(vector, card.output.normalise)
    },
  }
  if ((await descriptor.describe(testPicture())) === undefined) {
    throw invalid(`${card.name} makes nothing of a test picture: zeros, or no finite numbers`)
  }
  return descriptor
}

async function loadModel({ topology, weights, card }: ModelFiles): Promise<Runnable> {
  const tf = await import('@tensorflow/tfjs-core')
  const { format, weightsManifest, ...rest } = topology
  const artifacts = {
    ...rest,
    format,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: weights,
  } as unknown as io.ModelArtifacts
  const handler = tf.io.fromMemory(artifacts)
  if (format === 'graph-model') {
    const { loadGraphModel } = await import('@tensorflow/tfjs-converter')
    const graph = await loadGraphModel(handler)
    return { run: (input) => graph.execute(input, card.output.node) }
  }
  const { loadLayersModel } = await import('@tensorflow/tfjs-layers')
  const layers = await loadLayersModel(handler)
  return { run: (input) => layers.predict(input) }
}

function only(found: Tensor | readonly Tensor[], { name }: Card): Tensor {
  if (!Array.isArray(found)) return found as Tensor
  const [first, ...others] = found as readonly Tensor[]
  if (first !== undefined && others.length === 0) return first
  throw invalid(`${name} has ${found.length} outputs: name one`, { field: 'output.node' })
}

/** What the library throws names tensors and nodes, never pixels. */
async function tried<Result>(card: Card, what: string, work: () => Promise<Result>) {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof HindraError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw invalid(`${card.model} of ${card.name} ${what}: ${why}`, { cause })
  }
}

function normalised(
  vector: Float32Array,
  how: Card['output']['normalise'],
): Float32Array | undefined {
  const length = Math.hypot(...vector)
  if (!Number.isFinite(length) || length === 0) return undefined
  return how === 'none' ? vector : vector.map((value) => value / length)
}

/** A slope of each colour with an edge in it. */
function testPicture(): Raster {
  const side = 64
  const data = new Uint8Array(side * side * 3)
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      data.set([x * 4, y * 4, x > y ? 220 : 30], (y * side + x) * 3)
    }
  }
  return { data, width: side, height: side, channels: 3, orientation: 1 }
}
