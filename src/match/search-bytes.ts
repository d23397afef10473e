import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  type FeatureProfile,
  type Fingerprint,
  type ShrunkFingerprint,
  type Sight,
} from '../fingerprint/index.ts'
import { BANDED_RADIUS_MAX, RADIUS_MAX } from '../index/index.ts'
import type { KnownSet, RawHit, Resemblance } from '../known/index.ts'
import type { Pool } from '../pool/index.ts'
import { type Comparable, type FindAltered, type KnownReader, readingOnce } from './altered.ts'
import { type FoundInFilm, lookIntoFilm } from './film-altered.ts'
import type { Alignment, MatchPolicy } from './match.ts'

interface SearchedInFull {
  readonly fingerprint: Fingerprint
  readonly hits: readonly RawHit[]
  readonly alignments?: ReadonlyMap<string, Alignment>
  /** Of a film: the same, frame by frame, and what was asked after. */
  readonly frames?: FoundInFilm['frames']
  readonly moments?: FoundInFilm['moments']
  readonly placed?: FoundInFilm['placed']
  /** Of a film: see `Sight`. */
  readonly overlay?: string
  readonly resemblances?: readonly Resemblance[]
  /** The model that described the picture. */
  readonly model?: string
}

/** What was found, at full resolution wherever there are hits. */
type Searched =
  | SearchedInFull
  | {
      readonly fingerprint: ShrunkFingerprint
      readonly hits: readonly []
      readonly alignments?: never
      readonly frames?: never
      readonly moments?: never
      readonly placed?: never
      readonly overlay?: never
      readonly resemblances?: never
      readonly model?: never
    }

/**
 * Most of what a crawler brings resembles nothing known, and a scan at reduced resolution says so in
 * half the time. It looks further by the bits that shrinking can cost, view by view, so that it misses nothing, and
 * what it finds is only a hint: the picture is hashed and searched again at full resolution, so that
 * every match rests on the hash that lists exchange. A picture whose hash may be off by more than can be searched for
 * cheaply is looked at in full at once. A film that resembles something is looked at as a whole, for its
 * keyframes may be all that was seen of it.
 */
export async function searchBytes(
  bytes: Uint8Array,
  pool: Pick<Pool, 'fingerprint' | 'scan'>,
  known: Pick<KnownSet, 'search' | 'hashes'>,
  radius: number,
): Promise<Searched> {
  const scanned = await pool.scan(bytes)
  if (scanned.hasher === 'pdq-fullres') {
    const hits = await known.search(scanned, radius)
    const found = { fingerprint: scanned, hits }
    const isHint = scanned.kind === 'film' && hits.length > 0
    return isHint ? searchInFull(bytes, pool, known, radius).catch(whenLate(found)) : found
  }
  const isHint = await mayMatch(scanned, known, radius)
  return isHint ? searchInFull(bytes, pool, known, radius) : { fingerprint: scanned, hits: [] }
}

/** So many hashes are compared one by one, a nanosecond each, in half the time of a look at full resolution. */
const COMPARED_MAX = 8_000_000

/**
 * Whether the picture may have hits at full resolution: there are some as far away as its hashes may be off, or these may
 * be off by more than is looked for, or than can be looked for in less time than a look at full resolution takes.
 */
async function mayMatch(
  scanned: ShrunkFingerprint,
  known: Pick<KnownSet, 'search' | 'hashes'>,
  radius: number,
): Promise<boolean> {
  const reaches = scanned.views.map(({ slack }) => radius + slack)
  const comparing = reaches.filter((reach) => reach > BANDED_RADIUS_MAX).length
  if (Math.max(...reaches) > RADIUS_MAX || comparing * known.hashes > COMPARED_MAX) return true
  const hints = await known.search(scanned, radius)
  return hints.length > 0
}

/**
 * Searches as `searchBytes`, and looks for items that a still picture shows altered or in part, by its local features,
 * by what is near to its hashes, and by what a learned model finds alike.
 */
export async function searchAltered(
  bytes: Uint8Array,
  pool: Pick<Pool, 'fingerprint' | 'sight' | 'moments'>,
  known: Pick<KnownSet, 'search' | 'hashes' | 'resembling'>,
  {
    profile,
    policy,
    findAltered,
    itemsOf,
    resemblingMax,
    inFull,
    sought,
  }: {
    readonly profile: FeatureProfile
    readonly policy: MatchPolicy
    readonly findAltered: FindAltered
    readonly itemsOf: KnownReader
    /** Vectors of a learned model that are looked at. */
    readonly resemblingMax: number
    /** Whether bytes are hashed in full where nothing is found, too. */
    readonly inFull: boolean
    /** Compared with the picture whatever proposes them. */
    readonly sought: readonly Comparable[]
  },
): Promise<Searched> {
  const { reviewRadius, candidateRadius } = policy
  const lookAtFilm = async ({ fingerprint, frames = [], overlay }: Sight) => {
    if (fingerprint.hasher !== 'pdq-fullres') throw new RangeError('a shrunk film')
    const hits = await known.search(fingerprint, reviewRadius)
    const { isHint, closer } = await lookIntoFilm(
      { frames, fingerprint, hits, sought },
      {
        findAltered,
        itemsOf: readingOnce(itemsOf),
        seeAgain: (spans) => pool.moments(bytes, spans),
        search: (again) => known.search(again, reviewRadius),
        policy,
      },
    )
    return {
      isHint,
      closer: async () => ({ fingerprint, ...defined({ overlay }), ...(await closer()) }),
    }
  }
  // What is sought may be known no more, and its coded pictures tell it all the same.
  const tracks = sought.length > 0
  const skims = !inFull && sought.length === 0
  const sight = await pool.sight(bytes, profile, { skims, tracks })
  const { fingerprint: scanned, seen, frames, learned } = sight
  if (frames !== undefined) {
    const first = await lookAtFilm(sight)
    if (sight.skimmed !== true || !first.isHint) return first.closer()
    const whole = await pool.sight(bytes, profile).then(lookAtFilm).catch(whenLate(first))
    return whole.closer()
  }
  if (seen === undefined && learned === undefined) {
    // Without a native core there is nothing to be laid over anything.
    if (scanned.hasher !== 'pdq-fullres') return searchInFull(bytes, pool, known, reviewRadius)
    return { fingerprint: scanned, hits: await known.search(scanned, reviewRadius) }
  }
  // What is proposed is compared, so that nobody looks beyond the radius for it.
  const views = scanned.views.map((view) => ({ ...view, slack: 0 }))
  const hits = await known.search({ ...scanned, views }, Math.max(reviewRadius, candidateRadius))
  const alignments =
    seen === undefined ? undefined : await findAltered({ seen, fingerprint: scanned, hits, sought })
  const resemblances = learned === undefined ? [] : await known.resembling(learned, resemblingMax)
  const found = { ...defined({ alignments, model: learned?.model }), resemblances }
  if (scanned.hasher === 'pdq-fullres') {
    const within = hits.filter(({ distance }) => distance <= reviewRadius)
    return { fingerprint: scanned, hits: within, ...found }
  }
  const isAlike = (alignments?.size ?? 0) + resemblances.length > 0
  const isHint = isAlike || (await mayMatch(scanned, known, reviewRadius))
  if (!isHint && !inFull) return { fingerprint: scanned, hits: [] }
  return { ...(await searchInFull(bytes, pool, known, reviewRadius)), ...found }
}

/** What was found in the keyframes of a film stands where it is too long to be looked at as a whole. */
function whenLate<Found>(found: Found): (error: unknown) => Found {
  return (error) => {
    if (error instanceof HindraError && error.code === 'DECODE_TIMEOUT') return found
    throw error
  }
}

/** Searches at full resolution, whatever is found. */
export async function searchInFull(
  bytes: Uint8Array,
  pool: Pick<Pool, 'fingerprint'>,
  known: Pick<KnownSet, 'search'>,
  radius: number,
): Promise<SearchedInFull> {
  const fingerprint = await pool.fingerprint(bytes)
  return { fingerprint, hits: await known.search(fingerprint, radius) }
}
