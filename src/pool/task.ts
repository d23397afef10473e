import type { DecodeLimits, Span, Still, StillSize } from '../decode/index.ts'
import type { ErrorCode } from '../errors.ts'
import type { FeatureProfile, SeenFrame, Sight, SoughtDigest } from '../fingerprint/index.ts'
import type { ModelSource } from '../model/index.ts'
import type { MemoryAllotment } from './pixel-memory.ts'

/** What a worker is given. The bytes are alone in their ArrayBuffer, which goes with them. */
export interface PoolTask {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly limits: DecodeLimits
  /** Digests by which something may be found that its SHA-256 does not find. */
  readonly sought: readonly SoughtDigest[]
  readonly work: PoolWork
  readonly memory: MemoryAllotment
}

/** A learned model for the work to use, and the id that it must have. */
export interface PoolModel extends ModelSource {
  readonly id?: string | undefined
}

/** What is to be done with the bytes. */
export type PoolWork =
  | { readonly kind: 'fingerprint'; readonly features: boolean; readonly model?: PoolModel }
  | { readonly kind: 'scan' }
  | {
      readonly kind: 'sight'
      readonly profile: FeatureProfile
      readonly skims: boolean
      /** Whether the digest of a film's coded pictures is made, sought or not. */
      readonly tracks: boolean
      readonly model?: PoolModel
    }
  | { readonly kind: 'moments'; readonly spans: readonly Span[] }
  | { readonly kind: 'still'; readonly size: StillSize }

/** What a worker answers. Refusals are answers, for errors lose their type on the way. */
export type PoolAnswer =
  | Sight
  | { readonly moments: readonly SeenFrame[] }
  | { readonly still: Still }
  | { readonly refusal: { readonly code: ErrorCode; readonly message: string } }
