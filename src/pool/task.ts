import type { DecodeLimits } from '../decode/index.ts'
import type { ErrorCode } from '../errors.ts'
import type { FeatureProfile, Sight } from '../fingerprint/index.ts'

/** What a worker is given. The bytes are alone in their ArrayBuffer, which goes with them. */
export interface PoolTask {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly limits: DecodeLimits
  readonly work: PoolWork
}

/** What is to be done with the bytes. */
export type PoolWork =
  | { readonly kind: 'fingerprint'; readonly features: boolean }
  | { readonly kind: 'scan' }
  | { readonly kind: 'sight'; readonly profile: FeatureProfile }

/** What a worker answers. Refusals are answers, for errors lose their type on the way. */
export type PoolAnswer =
  | Sight
  | { readonly refusal: { readonly code: ErrorCode; readonly message: string } }
