import type { ClientHashType } from '../hashes/index.ts'

/** A hash that somebody else computed: it can lead to a look, never to an accusation. */
export interface ClientHash {
  readonly type: ClientHashType
  /** Lower-case hex; of an opaque hash as its exchange writes it. */
  readonly value: string
  /** PDQ quality, 0 to 100, where the client knows it. */
  readonly quality?: number
  /** What computed it. */
  readonly hasher?: string
  /** Time in the film, where it is the hash of a frame; there with its quality. */
  readonly frameSeconds?: number
}

/** One observation of media at a URL. */
export interface Sighting {
  /** The version of the format in which it came, where that was stated. */
  readonly version?: 1
  /** The media URL as it was seen. */
  readonly url: string
  /** The page that shows it. */
  readonly pageUrl?: string
  readonly referrer?: string
  /** UTC ISO 8601. */
  readonly fetchedAt?: string
  readonly httpStatus?: number
  readonly contentType?: string
  readonly vantage?: string
  /** The address that the submitter found behind the host's name. */
  readonly resolvedIp?: string
  /** The submitter's own reference. */
  readonly reference?: string
  /** Names this observation among those of its submitter: sent again, it is the same one. */
  readonly idempotencyKey?: string
  readonly hashes?: readonly ClientHash[]
  /** The media itself. Absent together with hashes: Hindra fetches the URL. */
  readonly media?: Uint8Array
}
