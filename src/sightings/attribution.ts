import type { Principal } from '../access/index.ts'
import type { SightedAt } from '../cases/index.ts'
import type { Sighting } from '../intake/index.ts'
import type { Submitter } from '../match/index.ts'

/** The source is the key's: a submitter cannot name another. */
export function submitterOf({ id, key }: Principal): Submitter {
  return { id, source: key?.source ?? null }
}

export function attributed({ source }: Submitter, sighting: Sighting): SightedAt {
  return source === null ? sighting : { ...sighting, source }
}
