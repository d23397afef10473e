import { type Fingerprint, SHRUNK_BITS_MAX, type ShrunkFingerprint } from '../fingerprint/index.ts'
import { RADIUS_MAX } from '../index/index.ts'
import type { Pool } from '../pool/index.ts'
import type { KnownSet, RawHit } from '../register/index.ts'

/** At full resolution wherever there are hits. */
type Searched =
  | { readonly fingerprint: Fingerprint; readonly hits: readonly RawHit[] }
  | { readonly fingerprint: ShrunkFingerprint; readonly hits: readonly [] }

/**
 * Most of what a crawler brings resembles nothing known, and a scan at reduced resolution says so in
 * half the time. It looks further by the bits that shrinking can cost, so that it misses nothing, and
 * what it finds is only a hint: the picture is hashed and searched again at full resolution, so that
 * every match rests on the hash that lists exchange. Takes the bytes over.
 */
export async function searchBytes(
  bytes: Uint8Array,
  pool: Pick<Pool, 'fingerprint' | 'scan'>,
  known: Pick<KnownSet, 'search'>,
  radius: number,
): Promise<Searched> {
  // A copy, for the pool takes over what it is given.
  const scanned = await pool.scan(new Uint8Array(bytes))
  if (scanned.hasher === 'pdq-fullres') {
    return { fingerprint: scanned, hits: await known.search(scanned, radius) }
  }
  const hints = await known.search(scanned, Math.min(radius + SHRUNK_BITS_MAX, RADIUS_MAX))
  if (hints.length === 0) return { fingerprint: scanned, hits: [] }
  const fingerprint = await pool.fingerprint(bytes)
  return { fingerprint, hits: await known.search(fingerprint, radius) }
}
