import { isListed, isOpaque } from '../hashes/index.ts'
import type { ClientHash, Sighting } from './sighting-fields.ts'

/** Whether it came with hashes to search by, and without the media. */
export function isByHashes({ media, hashes }: Pick<Sighting, 'media' | 'hashes'>): boolean {
  return media === undefined && hashes?.some(isSearched) === true
}

/**
 * Whether hashes that hit nothing say so much that nobody need look. Opaque ones are compared for
 * equality alone, so that a copy that is encoded anew hits nothing.
 */
export function areTelling(hashes: readonly ClientHash[]): boolean {
  return hashes.some((hash) => isSearched(hash) && !isOpaque(hash.type))
}

/** What no list holds leads nowhere alone, and the URL is looked at. */
function isSearched({ type }: ClientHash): boolean {
  return isListed(type)
}
