import { HindraError } from '../errors.ts'
import type { Deadline } from './deadline.ts'

/** What sharp threw, as one of ours. Its text stays in `cause`: it may quote the file. */
export function pictureError(cause: unknown, deadline: Deadline): HindraError {
  if (cause instanceof HindraError) return cause
  const text = cause instanceof Error ? cause.message : ''
  if (text.startsWith('timeout:')) return deadline.error()
  if (text.includes('exceeds pixel limit')) {
    return new HindraError('MEDIA_LIMIT', 'a page is over decode.pixelsMax', { cause })
  }
  return new HindraError('MEDIA_CORRUPT', 'the picture is damaged or cut off', { cause })
}
