import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import {
  type ClientHash,
  type Fetched,
  type Fetcher,
  isHtmlPage,
  type Sighting,
} from '../intake/index.ts'
import type { Pool } from '../pool/index.ts'
import type { KnownItem, KnownSet, RawHit, Register } from '../register/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import { derivedRadiusOf } from './hit.ts'
import { judge } from './judge.ts'
import { type Looked, lookAtPage, type PageSettings, type Seen } from './page.ts'
import { searchBytes } from './search-bytes.ts'

/** Sighting -> fingerprint -> raw hits -> judgement. Leaves no record. */
export type Look = (sighting: Sighting) => Promise<Seen>

export function createLook(parts: {
  readonly store: Store
  readonly fetcher: Fetcher
  readonly pool: Pool
  readonly register: Register
  readonly known: KnownSet
  readonly policy: Config['match']
  readonly pages: PageSettings
}): Look {
  const { store, fetcher, pool, register, known, policy, pages } = parts
  const radius = policy.reviewRadius
  const bareRadii = { radius, derivedRadius: derivedRadiusOf(policy) }

  async function fetchMedia(
    { url, pageUrl, referrer = pageUrl, vantage }: Sighting,
    signal?: AbortSignal,
  ): Promise<Fetched> {
    const fetched = await fetcher.fetch(url, {
      ...(referrer === undefined ? {} : { referrer }),
      ...(vantage === undefined ? {} : { vantage }),
      ...(signal === undefined ? {} : { signal }),
    })
    if (fetched.status === 200) return fetched
    throw new HindraError('FETCH_FAILED', `the host answered with status ${fetched.status}`)
  }

  /** By the bytes themselves, whatever a header said of them. */
  async function lookAtUrl(sighting: Sighting): Promise<Seen> {
    const fetched = await fetchMedia(sighting)
    if (pages.pageMediaMax === 0 || !isHtmlPage(fetched.bytes)) {
      return only(await lookAtBytes(sighting, fetched.bytes))
    }
    return lookAtPage(fetched, sighting, pages, async (shown, signal) => {
      const { bytes } = await fetchMedia(shown, signal)
      return lookAtBytes(shown, bytes)
    })
  }

  async function lookAtBytes(sighting: Sighting, bytes: Uint8Array): Promise<Looked> {
    const { fingerprint, hits } = await searchBytes(bytes, pool, known, radius)
    if (fingerprint.hasher === 'pdq-fullres') return judged(sighting, fingerprint, hits)
    return { sighting, fingerprint, judgement: { verdict: 'none', matches: [] } }
  }

  /**
   * Hashes of a client accuse nobody: a hit makes Hindra fetch the URL and judge by its own. Where
   * it cannot, or where it finds a page that does not show what was hit, they lead to a review.
   */
  async function lookAtHashes(
    sighting: Sighting,
    hashes: NonNullable<Sighting['hashes']>,
  ): Promise<Seen> {
    const hits = await known.searchHashes(hashes, bareRadii)
    if (hits.length > 0) {
      const seen = await lookAtUrl(sighting).catch(unlessBroken)
      const isConclusive = seen?.looked.some(
        (looked) => looked.sighting === sighting || looked.judgement.verdict !== 'none',
      )
      if (seen !== undefined && isConclusive === true) return seen
    }
    return only(await judged(sighting, undefined, hits))
  }

  async function judged(
    sighting: Sighting,
    fingerprint: Fingerprint | undefined,
    hits: readonly RawHit[],
  ): Promise<Looked> {
    const items = await store.transact((tx) => itemsOf(tx, hits))
    return { sighting, fingerprint, judgement: judge({ fingerprint, hits, items, policy }) }
  }

  async function itemsOf(tx: Transaction, hits: readonly RawHit[]) {
    const items = new Map<string, KnownItem>()
    for (const { itemId } of hits) {
      if (items.has(itemId)) continue
      const item = await register.known(tx, itemId)
      if (item !== undefined) items.set(itemId, item)
    }
    return items
  }

  return async (sighting) => {
    const { media, hashes } = sighting
    if (media !== undefined) return only(await lookAtBytes(sighting, media))
    return hashes?.some(isSearched) === true ? lookAtHashes(sighting, hashes) : lookAtUrl(sighting)
  }
}

/** Blockhash sees what PDQ sees, less sharply: it leads nowhere alone, and the URL is looked at. */
function isSearched({ type }: ClientHash): boolean {
  return type !== 'blockhash'
}

function only(looked: Looked): Seen {
  return { looked: [looked], failed: 0 }
}

function unlessBroken(error: unknown): undefined {
  if (!(error instanceof HindraError)) throw error
}
