import type { Raster } from '../decode/index.ts'

/** Where a model is and what may run it. */
export interface ModelSource {
  /** Holds hindra-model.json and the files that it names. */
  readonly directory: string
  /** `auto` uses @tensorflow/tfjs-node where it is installed as well, else WASM. */
  readonly backend: 'auto' | 'wasm'
}

/** What is known of a model without running it. */
export interface ModelFacts {
  /**
   * Name, version and a digest of all that decides its vectors. Vectors of different ids are never
   * compared.
   */
  readonly id: string
  /** Numbers of a vector. */
  readonly dimensions: number
  /** Euclidean distance within which two vectors are worth a person's look; of unit vectors 0 to 2. */
  readonly reviewDistance: number
}

/** Makes one vector of a picture: the port of learned descriptors. */
export interface Descriptor extends ModelFacts {
  /** What runs it: `wasm` or `tensorflow` (tfjs-node). */
  readonly backend: string
  /**
   * Undefined where the model makes nothing of the picture: a vector without length, or one that is
   * not finite. Throws MODEL_INVALID where the model cannot be run, or answers in another shape.
   */
  describe(raster: Raster): Promise<Float32Array | undefined>
}
