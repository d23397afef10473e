/**
 * A learned descriptor that an operator brings: a TensorFlow.js model with a file that describes it.
 * `readModelFiles` checks it, `loadDescriptor` loads and runs it, in a worker thread.
 */
export { loadDescriptor } from './descriptor.ts'
export { readModelFiles } from './files.ts'
export * from './model.ts'
export { needTensorFlow } from './tensorflow.ts'
