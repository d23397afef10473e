import { HindraError } from '../errors.ts'

/** What the bodies of all uploads together may take. */
export interface UploadMemory {
  /**
   * Room for one body, before a byte of it is read; call what it gives exactly once. Throws OVERLOADED
   * where others hold too much, TOO_LARGE where it would not fit alone.
   */
  reserve(bytes: number): () => void
}

export function createUploadMemory(bytesMax: number): UploadMemory {
  let free = bytesMax
  return {
    reserve(bytes) {
      if (bytes > bytesMax) {
        const message = `the upload is over server.uploadBytesMax, ${bytesMax} bytes`
        throw new HindraError('TOO_LARGE', message)
      }
      if (bytes > free) {
        throw new HindraError('OVERLOADED', 'other uploads hold server.uploadBytesMax')
      }
      free -= bytes
      return () => {
        free += bytes
      }
    },
  }
}
