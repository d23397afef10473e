import { createHash } from 'node:crypto'

export interface Digests {
  readonly md5: string
  readonly sha1: string
  readonly sha256: string
}

/** Digests of the bytes, in lower-case hex: what other lists and tools name a file by. */
export function digests(bytes: Uint8Array): Digests {
  const hex = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex')
  return { md5: hex('md5'), sha1: hex('sha1'), sha256: hex('sha256') }
}
