import type { Config } from '../config.ts'
import { defined } from '../core/index.ts'
import { HindraError, unlessBroken } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import { isOpaque } from '../hashes/index.ts'
import {
  areTelling,
  type ClientHash,
  type Fetched,
  type Fetcher,
  isByHashes,
  isHtmlPage,
  type ReadPage,
  type Sighting,
} from '../intake/index.ts'
import type { KnownSet, RawHit } from '../known/index.ts'
import type { Pool } from '../pool/index.ts'
import type { KnownItem, Register } from '../register/index.ts'
import type { Store } from '../store/index.ts'
import { type Comparable, createFindAltered } from './altered.ts'
import { derivedRadiusOf } from './hit.ts'
import { type Judged, type JudgeInput, judge } from './judge.ts'
import { type Looked, lookAtPage, type PageSettings, type SeenPage, type Seen } from './page.ts'
import { searchAltered, searchBytes, searchInFull } from './search-bytes.ts'
import type { Alignment, Judgement } from './match.ts'

/** What is sought again is asked after, whatever may follow from it. */
const UNHELD = { vetoes: false, matching: 'automatic', heldBy: null } as const

/** Larger than any still picture that is usual; a larger film is refreshed by whoever has the file. */
const KEPT_MAX = 32 * 1024 * 1024

const NOTHING: Judgement = { verdict: 'none', matches: [] }
const TOO_SMALL: Judgement = { verdict: 'unjudged', why: 'too-small', matches: [] }

/** Of the shorter side. Of 60 photographs all are found at 28 pixels, 56 at 24, 45 at 20, 17 at 16. */
const JUDGED_SIDE_MIN = 28

/** What was there before: an item, or what was seen. */
export type Sought = Pick<KnownItem, 'id' | 'fingerprints'>

/** What is looked up as it is: media that was hashed here, or one hash. */
export type LookUpQuery =
  | { readonly fingerprint: Fingerprint }
  | { readonly type: 'pdq' | 'md5'; readonly value: string }

/** What a look at bytes came to that was for something. */
export interface SeenAgain {
  readonly fingerprint: Fingerprint
  readonly judgement: Judgement
  /** What it was looked for by, beside digests and PDQ: nothing found by other means is missing for sure. */
  readonly means: {
    readonly features: boolean
    /** The learned model that described it; null where there is none. */
    readonly model: string | null
  }
}

export interface LookHow {
  /**
   * Hashed at full resolution whatever it resembles, so that the time of a look does not tell whether anything was
   * found.
   */
  readonly alike: boolean
}

/** Sighting -> fingerprint -> raw hits -> judgement. Leaves no record. */
export interface Look {
  /**
   * Looks at what Hindra can see: the media that came along, else what is at the URL. Hashes of a client accuse nobody;
   * where the URL is that of a page that does not show what they hit, they lead to a review.
   */
  seen(sighting: Sighting, signal?: AbortSignal, how?: LookHow): Promise<Seen>
  /** Looks at the hashes that came along, and nothing else: at most a review. */
  byHashes(sighting: Sighting): Promise<Seen>
  /** Looks as `seen`; hashes that hit nothing spare the fetch, and what hits is a review where it fails. */
  scanned(sighting: Sighting): Promise<Seen>
  /** Looks again at what was kept of a look. Nothing confirms that needs the picture itself. */
  again(sighting: Sighting, fingerprint: Fingerprint): Promise<Looked>
  /**
   * Judges hashes as they are, for whoever asks and sees nothing done: of a film its bytes alone, for a single frame is
   * no film; of one hash no view that would be derived from it.
   */
  lookedUp(query: LookUpQuery): Promise<Judgement>
  /**
   * Looks at bytes that were fetched because `sought` was there before: it is compared with them whatever else
   * resembles them, and counts whatever a hit on it may lead to by itself. Always at full resolution.
   */
  at(bytes: Uint8Array, sought: readonly Sought[]): Promise<SeenAgain>
}

export function createLook(parts: {
  readonly store: Store
  readonly fetcher: Fetcher
  readonly pool: Pool
  readonly register: Register
  readonly known: KnownSet
  readonly policy: Config['match']
  readonly pages: PageSettings
  readonly readPage: ReadPage
  readonly features: Config['features']
  readonly model: Pick<Config['model'], 'candidatesMax'>
  /** Whether what resembles nothing is hashed at full resolution too, so that its hashes can be kept. */
  readonly inFull: boolean
}): Look {
  const { store, fetcher, pool, register, known, policy, pages, features, model, inFull } = parts
  const { readPage } = parts
  const radius = policy.reviewRadius
  const bareRadii =
    policy.bareViews === 'plain' ? { radius } : { radius, derivedRadius: derivedRadiusOf(policy) }

  const { profile } = features
  const keepsFeatures = features.store === true
  const itemsOf = (ids: readonly string[]) => store.transact((tx) => register.knownOf(tx, ids))
  const findAltered = createFindAltered({ itemsOf, known, settings: features, policy })
  const search = (bytes: Uint8Array, alike: boolean) =>
    features.store === true
      ? searchWithFeatures(bytes, { inFull: inFull || alike, sought: [] })
      : (inFull || alike ? searchInFull : searchBytes)(bytes, pool, known, radius)

  const searchWithFeatures = (
    bytes: Uint8Array,
    how: { readonly inFull: boolean; readonly sought: readonly Comparable[] },
  ) =>
    searchAltered(bytes, pool, known, {
      profile,
      policy,
      findAltered,
      itemsOf,
      resemblingMax: model.candidatesMax,
      ...how,
    })

  async function fetchMedia(
    { url, pageUrl, referrer = pageUrl, vantage }: Sighting,
    signal?: AbortSignal,
  ): Promise<Fetched> {
    const fetched = await fetcher.fetch(
      url,
      defined({
        referrer,
        vantage,
        signal,
      }),
    )
    if (fetched.status === 200) return fetched
    throw new HindraError('FETCH_FAILED', `the host answered with status ${fetched.status}`)
  }

  /** Looks at what is there by the bytes themselves, whatever a header said of them. */
  async function lookAtUrl(
    sighting: Sighting,
    ending: AbortSignal | undefined,
    alike: boolean,
  ): Promise<SeenPage> {
    const fetched = await fetchMedia(sighting, ending)
    if (pages.pageMediaMax === 0 || !isHtmlPage(fetched.bytes)) {
      return only(fetchedAt(await lookAtBytes(sighting, fetched.bytes, alike)))
    }
    const seen = await lookAtPage(fetched, sighting, pages, readPage, async (shown, signal) => {
      const either = ending === undefined ? signal : AbortSignal.any([signal, ending])
      const { bytes } = await fetchMedia(shown, either)
      return fetchedAt(await lookAtBytes(shown, bytes, alike))
    })
    const isDone = seen.looked.some(isFound) || !isByHashes(sighting)
    return isDone ? seen : only(await lookAtHashes(sighting))
  }

  async function lookAtBytes(
    sighting: Sighting,
    bytes: Uint8Array,
    alike: boolean,
  ): Promise<Looked> {
    const found = await search(bytes, alike)
    const { fingerprint } = found
    if (fingerprint.hasher !== 'pdq-fullres') return { sighting, fingerprint, judgement: NOTHING }
    const looked = await judged(sighting, { ...found, fingerprint })
    // A known file may lack what can be made of the bytes.
    const isKept = keepsFeatures && bytes.length <= KEPT_MAX
    return isKept && looked.judgement.verdict === 'exact' ? { ...looked, exactly: bytes } : looked
  }

  async function lookAtHashes(sighting: Sighting): Promise<Looked> {
    const hashes = sighting.hashes ?? []
    const hits = await known.searchHashes(hashes, bareRadii)
    const found = [...hits, ...(await opaqueHits(hashes))]
    return judged(sighting, { fingerprint: undefined, hits: found })
  }

  async function opaqueHits(hashes: readonly ClientHash[]): Promise<readonly RawHit[]> {
    const sought = hashes.flatMap(({ type, value }) => (isOpaque(type) ? [{ type, value }] : []))
    if (sought.length === 0) return []
    return store.transact(async (tx) => {
      const hits: RawHit[] = []
      for (const hash of sought) {
        for (const { id: itemId } of await register.withOpaque(tx, hash)) {
          const said = { distance: 0, view: 'whole', quality: 0, itemQuality: 0 } as const
          hits.push({ itemId, method: 'opaque', ...said })
        }
      }
      return hits
    })
  }

  /** What Hindra cannot compute it cannot gainsay: an equal hash of that kind stays a review. */
  async function orByOpaque(sighting: Sighting, sight: SeenPage): Promise<SeenPage> {
    if (!isByHashes(sighting) || sight.looked.some(isFound)) return sight
    const hits = await opaqueHits(sighting.hashes ?? [])
    const looked = await judged(sighting, { fingerprint: undefined, hits })
    return isFound(looked) ? only(looked) : sight
  }

  /** The look with what was known before it: the index of this process may be behind what others are answered. */
  async function dated(look: () => Promise<SeenPage>): Promise<Seen> {
    const since = known.position
    return { ...(await look()), since }
  }

  const byHashes = (sighting: Sighting) => dated(async () => only(await lookAtHashes(sighting)))
  const seen = (sighting: Sighting, signal?: AbortSignal, { alike } = { alike: false }) =>
    dated(async () =>
      sighting.media === undefined
        ? orByOpaque(sighting, await lookAtUrl(sighting, signal, alike))
        : only(await lookAtBytes(sighting, sighting.media, alike)),
    )

  async function lookFor(bytes: Uint8Array, wanted: readonly Sought[]): Promise<SeenAgain> {
    const sought = wanted.map((each) => ({ ...each, vouched: each.fingerprints, ...UNHELD }))
    const own = new Uint8Array(bytes)
    const found =
      features.store === true
        ? await searchWithFeatures(own, { inFull: true, sought })
        : await searchInFull(own, pool, known, radius)
    if (found.fingerprint.hasher !== 'pdq-fullres') {
      throw new HindraError('INTERNAL', 'a look in full gave a hash of a shrunk picture')
    }
    const { fingerprint, model: described = null } = found
    const looked = { ...found, fingerprint }
    const items = await itemsOf(namedIn(looked))
    const standing = new Map<string, Judged>([
      ...items,
      ...sought.map((item) => [item.id, item] as const),
    ])
    const judgement = orTooSmall(judge({ ...looked, policy, items: standing }), fingerprint)
    const laidOver = found.alignments ?? found.frames
    const means = { features: laidOver !== undefined, model: described }
    return { fingerprint, judgement, means }
  }

  async function judged(sighting: Sighting, found: FoundAlike): Promise<Looked> {
    return { sighting, fingerprint: found.fingerprint, judgement: await judgementOf(found) }
  }

  async function judgementOf(found: FoundAlike): Promise<Judgement> {
    const ids = namedIn(found)
    if (ids.length === 0) return orTooSmall(NOTHING, found.fingerprint)
    const items = await itemsOf(ids)
    return orTooSmall(judge({ ...found, items, policy }), found.fingerprint)
  }

  return {
    seen,
    byHashes,
    async scanned(sighting) {
      if (!isByHashes(sighting)) return seen(sighting)
      const claimed = await byHashes(sighting)
      if (!isFound(claimed.looked[0])) {
        return areTelling(sighting.hashes ?? []) ? claimed : seen(sighting)
      }
      return (await seen(sighting).catch(unlessBroken)) ?? claimed
    },
    again: async (sighting, fingerprint) =>
      judged(sighting, {
        fingerprint,
        hits: await known.search(fingerprint, radius),
        alignments: null,
      }),
    async lookedUp(query) {
      if (!('fingerprint' in query)) {
        const hits = await known.searchHashes([query], { radius, derivedRadius: 0 })
        const plain = hits.filter(({ derived }) => derived !== true)
        return judgementOf({ fingerprint: undefined, hits: plain, alignments: null })
      }
      const { fingerprint } = query
      const hits = await known.search(fingerprint, radius)
      const telling = fingerprint.kind === 'film' ? hits.filter(isOfBytes) : hits
      return judgementOf({ fingerprint, hits: telling, alignments: null })
    },
    at: lookFor,
  }
}

/** What a look found, before the items are read that it names. */
type FoundAlike = Omit<JudgeInput, 'items' | 'policy'>

function namedIn({ hits, alignments, frames = [], resemblances = [] }: FoundAlike): string[] {
  const laid = [...frames, alignments ?? new Map<string, Alignment>()]
  const named = [...hits, ...resemblances].map(({ itemId }) => itemId)
  return [...new Set([...named, ...laid.flatMap((one) => [...one.keys()])])]
}

function isFound({ judgement }: Looked): boolean {
  return judgement.matches.length > 0
}

/** That nothing resembles it says little of a picture that has next to no pixels. */
function orTooSmall(judgement: Judgement, fingerprint: Fingerprint | undefined): Judgement {
  if (judgement.verdict !== 'none' || fingerprint?.kind !== 'image') return judgement
  const isSmall = Math.min(fingerprint.width, fingerprint.height) < JUDGED_SIDE_MIN
  return isSmall ? TOO_SMALL : judgement
}

function isOfBytes({ method }: RawHit): boolean {
  return method !== 'pdq'
}

function fetchedAt(looked: Looked): Looked {
  return { ...looked, isFetched: true }
}

function only(looked: Looked): SeenPage {
  return { looked: [looked], failed: 0 }
}
