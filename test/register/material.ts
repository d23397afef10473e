import { createHash } from 'node:crypto'
import type { Principal } from '../../src/access/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { type Fingerprint, WHOLE_VIEWS, type View } from '../../src/fingerprint/index.ts'

export function person(id: string): Principal {
  return { id, pseudonym: id, kind: 'person', roles: ['analyst', 'verifier'] }
}

/** Fingerprint of a made-up picture: random hashes, so that two seeds are far apart. */
export function pictureOf(seed: number, quality = 90): Fingerprint {
  const random = new SeededRandom(seed)
  const views = WHOLE_VIEWS.map((name): View => ({ name, pdq: randomHash(random), quality }))
  return { ...digestsOf(`picture ${seed}`), kind: 'image', views }
}

/** Fingerprint of a made-up film of one frame a second. */
export function filmOf(seed: number, qualities: readonly number[]): Fingerprint {
  const random = new SeededRandom(seed)
  const views = qualities.map((quality, seconds): View => {
    return { name: 'whole', pdq: randomHash(random), quality, seconds }
  })
  return { ...digestsOf(`film ${seed}`), kind: 'film', views, durationSeconds: qualities.length }
}

export function hashOf({ views }: Fingerprint, position = 0): string {
  return views[position]?.pdq ?? ''
}

/** The hash with its first `bits` bits turned. */
export function flipped(pdq: string, bits: number): string {
  const hash = Buffer.from(pdq, 'hex')
  for (let bit = 0; bit < bits; bit += 1) {
    const byte = bit >> 3
    hash[byte] = (hash[byte] ?? 0) ^ (1 << (bit & 7))
  }
  return hash.toString('hex')
}

/** The same picture after a change of `bits` bits, seen as it is or through the view. */
export function copyOf(original: Fingerprint, bits: number, view: View['name']): Fingerprint {
  const copy = pictureOf(Number.parseInt(hashOf(original).slice(0, 6), 16))
  const pdq = flipped(hashOf(original), bits)
  return {
    ...copy,
    views: copy.views.map((own) => (own.name === view ? { ...own, pdq } : own)),
  }
}

function randomHash(random: SeededRandom): string {
  return Buffer.from(random.bytes(32)).toString('hex')
}

function digestsOf(text: string) {
  const digest = (name: string) => createHash(name).update(text).digest('hex')
  return {
    hasher: 'pdq-fullres',
    hasherVersion: 1,
    width: 640,
    height: 480,
    md5: digest('md5'),
    sha1: digest('sha1'),
    sha256: digest('sha256'),
  } as const
}
