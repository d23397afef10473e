import { z } from 'zod'

/** The file beside a model that describes it. */
export const CARD_FILE = 'hindra-model.json'

const SIDE_MAX = 1_024
const channels = z.array(z.number()).length(3)
const fileName = z
  .string()
  .regex(/^[\w.-]+$/, 'is the name of a file in the same directory')
  .refine((name) => !name.startsWith('.'), 'is the name of a file in the same directory')

/** What a model is given: pixels, 0 to 255, times `scale`, less `mean`, by `std`, a channel each. */
const input = z.strictObject({
  width: z.int().min(8).max(SIDE_MAX),
  height: z.int().min(8).max(SIDE_MAX),
  /**
   * How a picture comes to the size: stretched to the sides; cut at the middle to their aspect; whole inside them, in
   * the middle of black.
   */
  resize: z.enum(['stretch', 'cover', 'contain']).default('stretch'),
  colours: z.enum(['rgb', 'bgr']).default('rgb'),
  /** Order of the tensor: rows of pixels, or planes of channels. */
  layout: z.enum(['nhwc', 'nchw']).default('nhwc'),
  scale: z
    .number()
    .positive()
    .default(1 / 255),
  mean: channels.default([0, 0, 0]),
  std: z.array(z.number().positive()).length(3).default([1, 1, 1]),
})

const output = z.strictObject({
  /** The node of a graph model whose value is the vector; by default the model's only output. */
  node: z.string().min(1).optional(),
  dimensions: z.int().min(2).max(4_096),
  /** `unit`: vectors are brought to length 1. */
  normalise: z.enum(['unit', 'none']).default('unit'),
})

export const cardSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,64}$/, 'has 1 to 64 letters, digits, dots, dashes'),
  version: z.string().regex(/^[\w.-]{1,32}$/, 'has 1 to 32 letters, digits, dots, dashes'),
  /** The file that TensorFlow.js writes: topology and the names of the files of weights. */
  model: fileName.default('model.json'),
  input,
  output,
  reviewDistance: z.number().positive(),
})

export type Card = z.infer<typeof cardSchema>

/** What TensorFlow.js itself wrote, as far as Hindra reads it. */
export const topologySchema = z.looseObject({
  format: z.enum(['layers-model', 'graph-model']),
  modelTopology: z.looseObject({}),
  weightsManifest: z.array(
    z.looseObject({
      paths: z.array(fileName).min(1),
      weights: z.array(
        z.looseObject({
          name: z.string(),
          shape: z.array(z.int().min(0)),
          dtype: z.enum(['float32', 'int32', 'bool']),
          quantization: z.looseObject({ dtype: z.enum(['uint8', 'uint16', 'float16']) }).optional(),
        }),
      ),
    }),
  ),
})

export type Topology = z.infer<typeof topologySchema>
