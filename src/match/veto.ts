import { isProof } from '../hashes/index.ts'
import type { RawHit } from '../known/index.ts'
import type { KnownItem } from '../register/index.ts'
import type { Alignment, MatchPolicy } from './match.ts'
import type { MatchWhy } from './why.ts'

/** What the allow-list leaves of the hits on a sighting. */
export interface Vetoed {
  readonly hits: readonly RawHit[]
  /** Why a hit is no more than a matter of review; undefined where nothing speaks against it. */
  readonly doubtOf: (hit: RawHit) => MatchWhy | undefined
  /** Times of the frames that are known to be harmless: logos, title cards, blank ones. */
  readonly harmlessSeconds: ReadonlySet<number>
}

type Vetoing = ReadonlyMap<string, Pick<KnownItem, 'vetoes'>>

/**
 * Items that the sighting shows throughout, while in one place it shows something else than each harmless picture that
 * is like it: who stands in a room that is on the allow-list. These no veto clears.
 */
export function beyondHarmless(
  hits: readonly RawHit[],
  alignments: ReadonlyMap<string, Alignment>,
  items: Vetoing,
  { agreementConfirm, differingMax }: Pick<MatchPolicy, 'agreementConfirm' | 'differingMax'>,
): ReadonlySet<string> {
  const isThroughout = (alignment: Alignment | undefined) =>
    alignment === undefined || (alignment.differing?.share ?? 0) <= differingMax
  const clear = [...alignments].filter(
    ([, { strictAgreement }]) => strictAgreement >= agreementConfirm,
  )
  const like = new Set([...hits.map(({ itemId }) => itemId), ...clear.map(([id]) => id)])
  const harmless = [...like].filter((id) => items.get(id)?.vetoes === true)
  const isElsewhere = (id: string) => !isThroughout(alignments.get(id))
  if (harmless.length === 0 || !harmless.every(isElsewhere)) return new Set()
  const throughout = [...alignments].filter(([, alignment]) => isThroughout(alignment))
  return new Set(throughout.map(([id]) => id))
}

/**
 * Known causes of false matches veto: bytes that are on the allow-list match nothing, and what
 * resembles something harmless at least as much as it resembles an item does not match that item.
 * Equal bytes of an item stay what they are. A film whose pictures are those of a harmless one matches by its bytes alone. Of a film the harmless frames say nothing.
 *
 * @param beyond See `beyondHarmless`
 */
export function applyVeto(
  hits: readonly RawHit[],
  items: Vetoing,
  beyond: ReadonlySet<string>,
): Vetoed {
  const isHarmless = ({ itemId }: RawHit) => items.get(itemId)?.vetoes === true
  const harmless = hits.filter(isHarmless)
  if (harmless.length === 0) {
    return { hits, doubtOf: () => undefined, harmlessSeconds: new Set() }
  }
  const nearest = nearestByFrame(harmless)
  const nearestTo = ({ method, itemId, seconds }: RawHit) =>
    method === 'pdq' && !beyond.has(itemId) ? nearest.get(seconds) : undefined
  const isCleared = harmless.some(({ method }) => isProof(method))
  const isHarmlessTrack = harmless.some(({ method }) => method === 'track')
  const left = hits.filter((hit) => {
    if (isHarmless(hit) || isCleared) return false
    if (isHarmlessTrack && !isProof(hit.method)) return false
    const distance = nearestTo(hit)
    return distance === undefined || distance > hit.distance
  })
  return {
    hits: left,
    doubtOf(hit) {
      const distance = nearestTo(hit)
      if (distance === undefined) return undefined
      return { says: 'allowed-like', distance }
    },
    harmlessSeconds: new Set([...nearest.keys()].filter((seconds) => seconds !== undefined)),
  }
}

/**
 * The same where pictures are laid over each other: what shows something harmless at least as clearly
 * as it shows an item is not aligned with that item.
 */
export function clearAlignments(
  alignments: ReadonlyMap<string, Alignment>,
  items: Vetoing,
  { agreementConfirm }: Pick<MatchPolicy, 'agreementConfirm'>,
  beyond: ReadonlySet<string>,
): ReadonlyMap<string, Alignment> {
  const isHarmless = (id: string) => items.get(id)?.vetoes === true
  const clearest = Math.max(
    0,
    ...[...alignments].map(([id, { strictAgreement }]) => (isHarmless(id) ? strictAgreement : 0)),
  )
  if (clearest < agreementConfirm) return alignments
  return new Map(
    [...alignments].filter(
      ([id, { strictAgreement }]) =>
        beyond.has(id) || (!isHarmless(id) && strictAgreement > clearest),
    ),
  )
}

function nearestByFrame(hits: readonly RawHit[]): ReadonlyMap<number | undefined, number> {
  const nearest = new Map<number | undefined, number>()
  for (const { method, seconds, distance } of hits) {
    if (method !== 'pdq') continue
    nearest.set(seconds, Math.min(distance, nearest.get(seconds) ?? distance))
  }
  return nearest
}
