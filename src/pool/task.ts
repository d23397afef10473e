import type { ErrorCode } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'

/** What a worker answers: the fingerprint, or why there is none. */
export type PoolAnswer =
  | { readonly fingerprint: Fingerprint }
  | { readonly refusal: { readonly code: ErrorCode; readonly message: string } }
