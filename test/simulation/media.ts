import { createHash } from 'node:crypto'
import { HindraError } from '../../src/errors.ts'
import type { Fingerprint } from '../../src/fingerprint/index.ts'
import type { Pool } from '../../src/pool/index.ts'

/** A picture of the simulation: which one, and which of its copies. */
export interface Picture {
  readonly subject: string
  /** 0 is the original; others are re-encoded: other bytes, a few bits off. */
  readonly variant: number
}

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0])
const VARIANT_BITS = 8

export function bytesOf(picture: Picture): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([JPEG, Buffer.from(JSON.stringify(picture))]))
}

/** Hashes as the real hashers would: the same picture is near, another one is far. */
export function createFakePool(): Pool {
  const fingerprint = (bytes: Uint8Array): Promise<Fingerprint> => {
    const file = Buffer.from(bytes)
    if (!file.subarray(0, JPEG.length).equals(JPEG)) {
      return Promise.reject(new HindraError('MEDIA_UNSUPPORTED', 'no picture'))
    }
    const { subject, variant } = JSON.parse(file.subarray(JPEG.length).toString()) as Picture
    const pdq = createHash('sha256').update(subject).digest()
    for (let bit = 0; bit < VARIANT_BITS && variant > 0; bit += 1) {
      const position = (variant * 31 + bit * 17) % 256
      pdq[position >> 3] = (pdq[position >> 3] ?? 0) ^ (1 << (position & 7))
    }
    const digest = (name: string) => createHash(name).update(file).digest('hex')
    return Promise.resolve({
      hasher: 'pdq-fullres',
      hasherVersion: 1,
      kind: 'image',
      width: 640,
      height: 480,
      md5: digest('md5'),
      sha1: digest('sha1'),
      sha256: digest('sha256'),
      views: [{ name: 'whole', pdq: pdq.toString('hex'), quality: 100 }],
    })
  }
  return {
    fingerprint,
    scan: fingerprint,
    sight: async (bytes) => ({ fingerprint: await fingerprint(bytes) }),
    queued: 0,
    close: () => Promise.resolve(),
  }
}
