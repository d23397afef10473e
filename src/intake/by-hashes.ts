import type { ClientHash, Sighting } from './types.ts'

/** Whether it came with hashes to search by, and without the media. */
export function isByHashes({ media, hashes }: Pick<Sighting, 'media' | 'hashes'>): boolean {
  return media === undefined && hashes?.some(isSearched) === true
}

/** Blockhash sees what PDQ sees, less sharply: it leads nowhere alone, and the URL is looked at. */
function isSearched({ type }: ClientHash): boolean {
  return type !== 'blockhash'
}
