import type { Raster } from '../decode/index.ts'
import type { Descriptor } from '../model/index.ts'
import type { LearnedVector } from './fingerprint.ts'

const FLOAT_BYTES = 4

/** Undefined where the model makes nothing of the picture. */
export async function learnedVector(
  raster: Raster,
  descriptor: Descriptor,
): Promise<LearnedVector | undefined> {
  const values = await descriptor.describe(raster)
  if (values === undefined) return undefined
  const bytes = Buffer.alloc(values.length * FLOAT_BYTES)
  values.forEach((value, index) => bytes.writeFloatLE(value, index * FLOAT_BYTES))
  return { model: descriptor.id, vector: bytes.toString('base64') }
}

export function vectorOf({ vector }: LearnedVector): Float32Array {
  const bytes = Buffer.from(vector, 'base64')
  return Float32Array.from({ length: bytes.length / FLOAT_BYTES }, (_, index) =>
    bytes.readFloatLE(index * FLOAT_BYTES),
  )
}
