import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import '@tensorflow/tfjs-backend-wasm'
import { SeededRandom } from '../../src/core/index.ts'

/** Numbers of a vector of the tiny models. */
export const TINY_DIMENSIONS = 16
const SIDE = 32
const KERNEL = [3, 3, 3, TINY_DIMENSIONS] as const

export type TinyCard = Readonly<Record<string, unknown>>

/** What describes either of the tiny models, with changes. */
export function tinyCard(changes: TinyCard = {}): TinyCard {
  return {
    name: 'tiny',
    version: '1',
    input: { width: SIDE, height: SIDE, resize: 'stretch', mean: [0.5, 0.5, 0.5] },
    output: { dimensions: TINY_DIMENSIONS },
    reviewDistance: 0.2,
    ...changes,
  }
}

/** A convolution by fixed weights, and the mean of each channel: colours and edges, wherever they are. */
export async function writeLayersModel(
  directory: string,
  { card = tinyCard(), weights = tinyWeights() } = {},
): Promise<void> {
  await tf.setBackend('wasm')
  const model = layers.sequential({
    name: 'tiny',
    layers: [
      layers.layers.conv2d({
        name: 'edges',
        inputShape: [SIDE, SIDE, 3],
        filters: TINY_DIMENSIONS,
        kernelSize: 3,
        activation: 'relu',
        useBias: false,
      }),
      layers.layers.globalAveragePooling2d({ name: 'vector' }),
    ],
  })
  model.setWeights([tf.tensor(weights, [...KERNEL])])
  const saved: tf.io.ModelArtifacts[] = []
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved.push(artifacts)
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
      })
    }),
  )
  await write(directory, card, {
    format: 'layers-model',
    modelTopology: saved[0]?.modelTopology,
    weightSpecs: saved[0]?.weightSpecs ?? [],
    weights,
  })
}

/** The same as a graph, as the converter writes it. */
export async function writeGraphModel(
  directory: string,
  { card = tinyCard(), weights = tinyWeights() } = {},
): Promise<void> {
  const float = { type: 'DT_FLOAT' }
  const shape = (...sides: readonly number[]) => ({
    shape: { dim: sides.map((size) => ({ size: String(size) })) },
  })
  const modelTopology = {
    node: [
      {
        name: 'image',
        op: 'Placeholder',
        attr: { dtype: float, shape: shape(-1, SIDE, SIDE, 3) },
      },
      {
        name: 'kernel',
        op: 'Const',
        attr: { dtype: float, value: tensor('DT_FLOAT', KERNEL) },
      },
      {
        name: 'sides',
        op: 'Const',
        attr: { dtype: { type: 'DT_INT32' }, value: tensor('DT_INT32', [2]) },
      },
      {
        name: 'edges',
        op: 'Conv2D',
        input: ['image', 'kernel'],
        attr: {
          T: float,
          strides: { list: { i: ['1', '1', '1', '1'] } },
          dilations: { list: { i: ['1', '1', '1', '1'] } },
          padding: { s: Buffer.from('VALID').toString('base64') },
          data_format: { s: Buffer.from('NHWC').toString('base64') },
        },
      },
      { name: 'positive', op: 'Relu', input: ['edges'], attr: { T: float } },
      {
        name: 'vector',
        op: 'Mean',
        input: ['positive', 'sides'],
        attr: { T: float, keep_dims: { b: false } },
      },
    ],
    library: {},
    versions: { producer: 27 },
  }
  const kernel = { name: 'kernel', shape: [...KERNEL], dtype: 'float32' }
  const sides = { name: 'sides', shape: [2], dtype: 'int32' }
  await write(directory, card, {
    format: 'graph-model',
    modelTopology,
    weightSpecs: [kernel, sides],
    weights,
    tail: Buffer.from(Int32Array.of(1, 2).buffer),
  })
}

export function tinyWeights(): Float32Array {
  const random = new SeededRandom(5)
  const count = KERNEL.reduce((product, side) => product * side, 1)
  return Float32Array.from({ length: count }, () => random.integer(-1_000, 1_000) / 1_000)
}

function tensor(dtype: string, sides: readonly number[]) {
  return { tensor: { dtype, tensorShape: { dim: sides.map((size) => ({ size: String(size) })) } } }
}

async function write(
  directory: string,
  card: TinyCard,
  model: {
    readonly format: string
    readonly modelTopology: unknown
    readonly weightSpecs: readonly object[]
    readonly weights: Float32Array
    readonly tail?: Buffer
  },
): Promise<void> {
  const { format, modelTopology, weightSpecs, weights, tail = Buffer.alloc(0) } = model
  const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }]
  const topology = { format, modelTopology, weightsManifest: manifest }
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'hindra-model.json'), JSON.stringify(card))
  await writeFile(join(directory, 'model.json'), JSON.stringify(topology))
  const bytes = Buffer.concat([Buffer.from(weights.buffer), tail])
  await writeFile(join(directory, 'weights.bin'), bytes)
}
