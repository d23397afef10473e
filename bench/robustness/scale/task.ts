import type { Sight } from '../../../src/fingerprint/index.ts'

/** A picture that is looked for. */
export interface Asked extends Pick<Sight, 'fingerprint'> {
  /** See `seenFeatures`. */
  readonly seen: Uint8Array
  /** Whose copy it is; undefined where it matches nothing. */
  readonly reference: number | undefined
}

/** What the source of candidates is asked in a process of its own. */
export interface SourceTask {
  /** Size of the register, references included. */
  readonly items: number
  readonly seed: number
  /** What is kept of the pictures that are looked for: see `knownFeatures`. */
  readonly references: readonly Uint8Array[]
  /** The same of those that synthetic items are made of. */
  readonly models: readonly Uint8Array[]
  readonly altered: readonly Asked[]
  readonly heavy: readonly Asked[]
  readonly unmatched: readonly Asked[]
}

export interface Answered {
  readonly isProposed: boolean
  readonly searchMs: number
  /** The comparison with all that were proposed. */
  readonly compareMs: number
  /** All threads together. */
  readonly searchCpuMs: number
  readonly compareCpuMs: number
}

export interface SourceFigures {
  readonly items: number
  readonly buildSeconds: number
  /** How much resident memory grew while it was built. */
  readonly grownBytes: number
  readonly altered: readonly Answered[]
  readonly heavy: readonly Answered[]
  readonly unmatched: readonly Answered[]
}
