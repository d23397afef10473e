import type { Principal } from '../access/index.ts'
import type { SightedAt } from '../cases/index.ts'
import type { Sighting } from '../intake/index.ts'

/** The source is the key's: a submitter cannot name another. */
export function attributed(by: Principal, { url, pageUrl, fetchedAt }: Sighting): SightedAt {
  const source = by.key?.source ?? undefined
  return {
    url,
    ...(pageUrl === undefined ? {} : { pageUrl }),
    ...(fetchedAt === undefined ? {} : { fetchedAt }),
    ...(source === undefined ? {} : { source }),
  }
}
