import { configWith } from '../../src/config.ts'
import { decodeStill } from '../../src/decode/index.ts'
import {
  type FeatureProfile,
  type Fingerprint,
  fingerprintMedia,
  type Sight,
  seeMoments,
  sightMedia,
} from '../../src/fingerprint/index.ts'
import type { Pool } from '../../src/pool/index.ts'
import { PLACEHOLDER } from './answers.ts'
import { bytesOf, pieceWith } from './gallery/gallery.ts'
import { inTurn } from './machine.ts'

const { decode } = configWith({})

/** What was described, by SHA-256; a piece is decoded once a process. */
const described = new Map<string, Promise<Fingerprint>>()
const sighted = new Map<string, Promise<Sight>>()

/**
 * What the real hashers made of the pieces of the gallery, once: views and digests are kept with it, and
 * local features come from the real code when they are asked for. Other bytes are refused as the real pool
 * refuses them.
 */
export function createGalleryPool(
  /** Whether any picture looks like a plain card to it, but for its hashes. */
  isBlind: () => boolean = () => false,
): Pool {
  const fingerprint: Pool['fingerprint'] = async (bytes, { features = false } = {}) => {
    const piece = pieceWith(bytes)
    if (piece === undefined) return inTurn(() => fingerprintMedia(bytes, decode, { features }))
    const { kind, sha256 } = piece.fingerprint
    if (!features || kind === 'film') return piece.fingerprint
    return once(described, sha256, () => fingerprintMedia(bytes, decode, { features }))
  }
  return {
    fingerprint,
    scan: (bytes) => fingerprint(bytes),
    async sight(bytes, profile) {
      const own = await sightOf(bytes, profile)
      if (own.seen === undefined || !isBlind()) return own
      const { seen = own.seen } = await sightOf(bytesOf(PLACEHOLDER), profile)
      return { ...own, seen }
    },
    moments: (bytes, spans) => inTurn(() => seeMoments(bytes, decode, spans)),
    still: (bytes, size) => inTurn(() => decodeStill(bytes, decode, size)),
    queued: 0,
    close: () => Promise.resolve(),
  }
}

async function sightOf(bytes: Uint8Array, profile: FeatureProfile): Promise<Sight> {
  const { fingerprint: kept } = pieceWith(bytes) ?? {}
  if (kept?.kind === 'film') return { fingerprint: kept }
  const look = () => sightMedia(bytes, decode, profile, { sought: ['track'] })
  return kept === undefined ? inTurn(look) : once(sighted, kept.sha256, look)
}

/** In turn also where it was made before, so that a seed goes the same way in every process. */
function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  return inTurn(() => {
    const making = made.get(key) ?? make()
    made.set(key, making)
    return making
  })
}
