import type { ErrorMeaning } from './entry.ts'

/** What is wrong with a learned model, or with what runs it. */
export const MODEL_ERRORS = {
  MODEL_INVALID: {
    status: 500,
    exit: 2,
    meaning: 'The model of model.path cannot be used: a file or a field of it is wrong.',
    remedy: 'Correct what the message names; `hindra model check DIR` says whether it works then.',
  },
  MODEL_RUNTIME_MISSING: {
    status: 500,
    exit: 6,
    meaning: 'model.path is set, and TensorFlow.js, which runs a model, is not installed.',
    remedy:
      'npm install @tensorflow/tfjs-core@4 @tensorflow/tfjs-layers@4 @tensorflow/tfjs-converter@4 @tensorflow/tfjs-backend-wasm@4',
  },
} as const satisfies Record<string, ErrorMeaning>
