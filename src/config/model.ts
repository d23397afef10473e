import { z } from 'zod'

export const modelSettings = {
  path: z
    .string()
    .min(1)
    .optional()
    .describe('Directory of a learned model (hindra-model.json); needs features.store: true'),
  backend: z
    .enum(['auto', 'wasm'])
    .default('auto')
    .describe('auto runs it by @tensorflow/tfjs-node where that is installed, else by WASM'),
  candidatesMax: z
    .int()
    .min(1)
    .max(1_000)
    .default(20)
    .describe('Nearest vectors that are looked at'),
}
