import type { DecodeLimits } from '../decode/index.ts'
import type { ErrorCode } from '../errors.ts'
import type { Fingerprint, ShrunkFingerprint } from '../fingerprint/index.ts'

/** What a worker is given. The bytes are alone in their ArrayBuffer, which goes with them. */
export interface PoolTask {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly limits: DecodeLimits
  /** What is to be done with them: `fingerprintMedia` or `scanMedia`. */
  readonly detail: 'full' | 'scan'
}

/** What a worker answers. Refusals are answers, for errors lose their type on the way. */
export type PoolAnswer =
  | { readonly fingerprint: Fingerprint | ShrunkFingerprint }
  | { readonly refusal: { readonly code: ErrorCode; readonly message: string } }
