import type { ErrorCode } from '../errors.ts'

/** What was wrong with a URL or its media, and would be again. */
export const LASTING_FAULTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FETCH_REFUSED',
  'URL_INVALID',
  'TOO_LARGE',
  'MEDIA_EMPTY',
  'MEDIA_UNSUPPORTED',
  'MEDIA_CORRUPT',
  'MEDIA_LIMIT',
  'MEDIA_UNHASHABLE',
])
