import { join } from 'node:path'
import type { Fingerprint } from '../../../src/fingerprint/index.ts'
import type { Match, Verdict } from '../../../src/match/index.ts'

export const MEDIA = join(import.meta.dirname, 'media')
/** Lines of JSON, one a file. */
export const LIST = join(import.meta.dirname, 'gallery.ndjson.gz')
/** The copy that is registered. */
export const ORIGINAL = 'original'

/** What a place shows: of which subject, and which of its copies. */
export interface Picture {
  readonly subject: string
  readonly copy: string
}

/**
 * What a piece is in the world: of the register, new to everybody and illegal, nobody's concern, or what
 * hosts show in the place of what they removed.
 */
export type Role = 'known' | 'new' | 'innocent' | 'placeholder'

/** One file of the gallery: a line of its list. */
export interface Piece extends Picture {
  readonly file: string
  readonly role: Role
  /** The known subject whose surroundings it shares, though it shows something else. */
  readonly like?: string
  /** What a Hindra that knew all originals but the innocent ones made of it, and by what. */
  readonly verdict: Verdict
  readonly method?: Match['method']
  /** The version of the local features by which it was looked for; films have none. */
  readonly featuresVersion?: number
  /** What the real hashers gave, once: without local features, which are many times as large. */
  readonly fingerprint: Fingerprint
}
