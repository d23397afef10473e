import { formatHash256, type Hash256, SeededRandom } from '../../src/core/index.ts'
import type { Fingerprint, View } from '../../src/fingerprint/index.ts'
import { type Alignment, type Judgement, judge, type MatchPolicy } from '../../src/match/index.ts'
import type { RawHit } from '../../src/known/index.ts'
import type { KnownItem } from '../../src/register/index.ts'
import { configWith } from '../../src/config.ts'
import { knownItem } from '../known-item.ts'
import { hammingDistance, parseHash256 } from '../../src/core/index.ts'

export const POLICY: MatchPolicy = configWith({}).match

/** All of a picture. */
export const WHOLE = { x: 0, y: 0, width: 1, height: 1 }
/** How a copy lies that a rule confirms. */
export const ALIGNMENT: Alignment = {
  inliers: 60,
  inlierShare: 0.4,
  cells: 400,
  agreement: 0.9,
  strictAgreement: 0.88,
  mirrored: false,
  negative: false,
  sameFrame: false,
  region: WHOLE,
  itemRegion: WHOLE,
}

export function fingerprintOf(change: Partial<Fingerprint> = {}): Fingerprint {
  return {
    hasher: 'pdq-fullres',
    hasherVersion: 1,
    kind: 'image',
    width: 640,
    height: 480,
    md5: '0'.repeat(32),
    sha1: '0'.repeat(40),
    sha256: '0'.repeat(64),
    views: [],
    ...change,
  }
}

export function itemOf(change: Partial<KnownItem> = {}): KnownItem {
  return knownItem({ id: 'item-1', fingerprints: [fingerprintOf()], ...change })
}

export function hitOf(change: Partial<RawHit> = {}): RawHit {
  return {
    itemId: 'item-1',
    method: 'pdq',
    distance: 0,
    view: 'whole',
    quality: 100,
    itemQuality: 100,
    ...change,
  }
}

/** Judges hits on items by the default policy; a picture that Hindra hashed, unless told otherwise. */
export function judged(
  hits: readonly RawHit[],
  items: readonly KnownItem[] = [itemOf()],
  fingerprint: Fingerprint | undefined = fingerprintOf(),
  policy = POLICY,
): Judgement {
  return judge({ fingerprint, hits, items: new Map(items.map((item) => [item.id, item])), policy })
}

/** Judges what the index would give: every pair of frames within the review radius is a hit. */
export function judgedFilms(views: readonly View[], itemViews: readonly View[]): Judgement {
  const hits = views.flatMap((view) =>
    itemViews
      .map((itemView) => ({ view, itemView, distance: distanceOf(view, itemView) }))
      .filter(({ distance }) => distance <= POLICY.reviewRadius)
      .map(({ itemView, distance }) =>
        hitOf({
          distance,
          quality: view.quality,
          itemQuality: itemView.quality,
          seconds: view.seconds ?? 0,
          itemSeconds: itemView.seconds ?? 0,
        }),
      ),
  )
  const film = fingerprintOf({ kind: 'film', views: itemViews })
  const item = itemOf({ kind: 'film', fingerprints: [film] })
  return judged(hits, [item], fingerprintOf({ kind: 'film', views }))
}

export function filmOf(hashes: readonly Hash256[], quality = 100): View[] {
  return hashes.map((hash, seconds) => ({
    name: 'whole',
    pdq: formatHash256(hash),
    quality,
    seconds,
  }))
}

/** Hashes of unlike frames. */
export function scenes(seed: number, count: number): Hash256[] {
  const random = new SeededRandom(seed)
  return Array.from({ length: count }, () => random.bytes(32))
}

/** The same frames as another encoder leaves them, `bits` bits off. */
export function copied(hashes: readonly Hash256[], bits: number, seed = 99): Hash256[] {
  const random = new SeededRandom(seed)
  return hashes.map((hash) => {
    const copy = Uint8Array.from(hash)
    const chosen = new Set<number>()
    while (chosen.size < bits) chosen.add(random.integer(0, 255))
    for (const bit of chosen) copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return copy
  })
}

function distanceOf(a: View, b: View): number {
  return hammingDistance(parseHash256(a.pdq), parseHash256(b.pdq))
}
