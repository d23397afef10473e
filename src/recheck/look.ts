import type { Case } from '../cases/index.ts'
import { identifyMedia } from '../decode/index.ts'
import { HindraError } from '../errors.ts'
import { digests, type Fingerprint } from '../fingerprint/index.ts'
import type { Fetched, Fetcher } from '../intake/index.ts'
import type { MatchPolicy } from '../match/index.ts'
import { compareAll, isSameFile, type Reference, SAME_BYTES } from './compare.ts'
import { type Finding, unverifiable } from './finding.ts'

export interface LookParts {
  readonly fetcher: Fetcher
  /** Decodes and hashes; may take the bytes for itself. */
  readonly fingerprint: (bytes: Uint8Array) => Promise<Fingerprint>
  readonly policy: MatchPolicy
}

/** Where the media of a case is. */
export type Place = Pick<Case, 'rawUrl' | 'pageUrl'>

/** It is not there, and not merely kept from us (RFC 9110, 15.5.5 and 15.5.11). */
const GONE_STATUSES: readonly number[] = [404, 410]

/**
 * One look at the media URL of a case, with its page as referrer. Only an answer that is plainly
 * about the media counts as `present` or `gone`: a login, a block, a page where media was, a broken
 * line or a file that cannot be read are `unverifiable`. Without a fingerprint to compare with, any
 * media counts as present.
 */
export async function lookAt(
  place: Place,
  known: readonly Reference[] | undefined,
  parts: LookParts,
): Promise<Finding> {
  try {
    const fetched = await fetchMedia(place, parts.fetcher)
    const { status } = fetched
    if (GONE_STATUSES.includes(status)) return found('gone', `HTTP ${status}`)
    if (!isSuccess(fetched)) return unverifiable(`HTTP ${status}`)
    return await judge(fetched.bytes, known, parts)
  } catch (error) {
    if (!(error instanceof HindraError)) throw error
    if (error.code === 'MEDIA_UNSUPPORTED') return unverifiable('no media where media was')
    return unverifiable(`${error.code}: ${error.message}`)
  }
}

/** What is at the place now, to compare later looks with; undefined where it cannot be had. */
export async function fingerprintAt(
  place: Place,
  parts: Pick<LookParts, 'fetcher' | 'fingerprint'>,
): Promise<Fingerprint | undefined> {
  try {
    const fetched = await fetchMedia(place, parts.fetcher)
    return isSuccess(fetched) ? await parts.fingerprint(fetched.bytes) : undefined
  } catch (error) {
    if (error instanceof HindraError) return undefined
    throw error
  }
}

async function judge(
  bytes: Uint8Array,
  known: readonly Reference[] | undefined,
  { fingerprint, policy }: LookParts,
): Promise<Finding> {
  if (known === undefined) {
    identifyMedia(bytes)
    return found('present', 'media is there; nothing is known to compare it with')
  }
  const own = digests(bytes)
  if (known.some((reference) => isSameFile(own, reference))) return SAME_BYTES
  return compareAll(await fingerprint(bytes), known, policy)
}

function fetchMedia({ rawUrl, pageUrl }: Place, fetcher: Fetcher): Promise<Fetched> {
  const isReferrer = pageUrl !== null && /^https?:/i.test(pageUrl) && URL.canParse(pageUrl)
  return fetcher.fetch(rawUrl, isReferrer ? { referrer: pageUrl } : {})
}

export function isSuccess({ status }: Pick<Fetched, 'status'>): boolean {
  return status >= 200 && status < 300
}

function found(outcome: 'present' | 'gone', reason: string): Finding {
  return { outcome, reason, distance: null }
}
