import type { Principal } from '../access/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { LookUpQuery } from '../match/index.ts'
import type { EntryStatus, List, ListedEntry } from '../register/index.ts'

export type { LookUpQuery }

/** An entry of a list that a hash leads to. */
export interface ListHit {
  readonly list: string
  readonly status: EntryStatus
  /** For whoever was granted it: which entry, and the PDQ distance (0 for equal digests). */
  readonly evidence?: { readonly entryId: string; readonly distance: number }
}

/** For clients that only hash and look up: no case is opened, and nothing is kept. */
export interface HashingApi {
  /** What is at a URL, by the safe fetcher. Throws as it does. */
  fetchMedia(by: Principal, url: string): Promise<Uint8Array>
  /** Takes the bytes over. Throws as the pool does. */
  hash(by: Principal, media: Uint8Array): Promise<Fingerprint>
  /**
   * Entries that accuse, of the items that match: the allow-list clears here as everywhere. Throws
   * HASH_INVALID.
   *
   * @param admitHit Asked before a hit by a hash alone is answered
   */
  lookUp(by: Principal, query: LookUpQuery, admitHit: () => void): Promise<readonly ListHit[]>
  /** The lists, but those of harmless material. */
  banks(by: Principal): Promise<readonly List[]>
  /** The first entry of a list behind an id, without its hashes. */
  entryAfter(by: Principal, list: string, after: string): Promise<ListEntry | undefined>
}

export type ListEntry = Pick<ListedEntry, 'id' | 'itemId' | 'list' | 'status'>
