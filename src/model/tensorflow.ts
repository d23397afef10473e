import { createRequire } from 'node:module'
import type * as core from '@tensorflow/tfjs-core'
import { HindraError } from '../errors.ts'
import type { ModelSource } from './model.ts'

/** No part of the library is loaded before a model is. */
export type TensorFlow = typeof core

/** The package, not named where it is imported: it may be absent, with its types. */
const NODE_PACKAGE = '@tensorflow/tfjs-node'

/** What runs a model. They weigh more than all of Hindra, and most have no model: so they are installed beside it. */
const PACKAGES = [
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
]

/** Looks whether all of the library is installed, and loads nothing. Throws MODEL_RUNTIME_MISSING. */
export function needTensorFlow(): void {
  const { resolve } = createRequire(import.meta.url)
  for (const name of PACKAGES) {
    try {
      resolve(name)
    } catch (cause) {
      throw new HindraError('MODEL_RUNTIME_MISSING', `${name} is not installed`, { cause })
    }
  }
}

/** Loads the library and chooses what computes. Throws MODEL_RUNTIME_MISSING. */
export async function loadTensorFlow(
  backend: ModelSource['backend'],
): Promise<{ readonly tf: TensorFlow; readonly backend: string }> {
  needTensorFlow()
  const tf = await import('@tensorflow/tfjs-core')
  tf.enableProdMode()
  if (backend === 'auto' && (await hasNodeBackend(tf))) {
    return { tf, backend: 'tensorflow' }
  }
  await withoutListeners(async () => {
    await import('@tensorflow/tfjs-backend-wasm')
    await tf.setBackend('wasm')
    await tf.ready()
  })
  return { tf, backend: 'wasm' }
}

async function hasNodeBackend(tf: TensorFlow): Promise<boolean> {
  try {
    await import(NODE_PACKAGE)
    return await tf.setBackend('tensorflow')
  } catch {
    return false
  }
}

/** Emscripten's loader listens for all faults of the process, to print its own source with each. */
async function withoutListeners(work: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = new Map(events.map((event) => [event, process.listeners(event as 'exit')]))
  await work()
  for (const event of events) {
    for (const listener of process.listeners(event as 'exit')) {
      if (before.get(event)?.includes(listener) !== true) process.off(event, listener)
    }
  }
}

/** What can be run: a graph or a layers model. */
export interface Runnable {
  run(input: core.Tensor): core.Tensor | readonly core.Tensor[]
}
