import { type Hash256, parseHash256 } from '../core/index.ts'
import type { Fingerprint, ShrunkFingerprint, View, ViewName } from '../fingerprint/index.ts'

/** A hash that is looked for, and what is known of it. */
export interface Probe {
  readonly hash: Hash256
  readonly radius: number
  readonly view: ViewName
  readonly quality: number
  readonly seconds?: number
}

/** How far a hash that came without its picture is looked for. */
export interface BareRadii {
  /** As it came, and its complement: 0 to 64. */
  readonly radius: number
  /** Its turns and mirrors, which are derived from the bits alone: 0 to 64. */
  readonly derivedRadius: number
}

/** Hashes of either hasher: what is found by them is judged by others. */
export type Searchable = Fingerprint | ShrunkFingerprint

/** Every view of a picture, every frame of a film. Throws INDEX_INVALID. */
export function probesOf({ views }: Searchable, radius: number): readonly Probe[] {
  return views.filter(isProbed).map(({ name, pdq, quality, seconds }) => ({
    hash: parseHash256(pdq),
    radius,
    view: name,
    quality,
    ...(seconds === undefined ? {} : { seconds }),
  }))
}

/** Of a picture of which only the hash is there. */
export function bareProbes(
  hash: Hash256,
  quality: number,
  { radius }: BareRadii,
): readonly Probe[] {
  return [{ hash, radius, view: 'whole', quality }]
}

/** What of an item is put into the index: as it is, for turns and mirrors are those of the sighting. */
export function isSought(view: View): boolean {
  return view.name === 'whole' && isProbed(view)
}

/** Blank frames are in every film and hit each other: a frame of no quality has nothing to match. */
function isProbed({ seconds, quality }: View): boolean {
  return seconds === undefined || quality > 0
}
