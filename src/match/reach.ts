import { BROWSER_BITS_MAX, BROWSER_HASHER } from '../fingerprint/index.ts'
import type { Entry } from '../register/index.ts'
import type { MatchPolicy } from './match.ts'

/**
 * What a sighting can be, at most, by what an entry can be found by; for people.
 *
 * @param isVetted Whether two persons have vetted its list
 */
export function reachOf(
  {
    evidence,
    quality,
    outdated,
    hasher,
  }: Pick<Entry, 'evidence' | 'quality' | 'outdated' | 'hasher'>,
  isVetted: boolean,
  policy: Pick<
    MatchPolicy,
    'reviewRadius' | 'confirmRadius' | 'confirmQualityMin' | 'filmFramesMin' | 'filmConfirmShare'
  >,
): string {
  const { reviewRadius, confirmRadius, confirmQualityMin, filmFramesMin, filmConfirmShare } = policy
  const near = `confirmed only within ${confirmRadius} at quality ${confirmQualityMin}`
  const isTelling = quality >= confirmQualityMin
  switch (evidence) {
    case 'features':
      if (outdated === true) {
        return 'features of an earlier version: a review at most, until hindra register --refresh renews them'
      }
      return 'features: copies, crops and parts are confirmed'
    case 'picture':
      return `no features: crops are not found; a copy is ${isTelling ? near : 'a review at most'}`
    case 'film':
      return [
        `film: frames only; confirmed by ${filmFramesMin} of them in order, ${Math.round(filmConfirmShare * 100)}% of both films`,
        ...(isVetted
          ? []
          : ['frames that a list gave: a review at most, unless two persons vet it']),
      ].join('; ')
    case 'bits':
      if (hasher?.name === BROWSER_HASHER) {
        const within = reviewRadius - BROWSER_BITS_MAX
        const near =
          within < 0 ? 'no copy is found' : `copies within ${within} bits are a review at most`
        return `hashed in a browser: the same file is found; ${near}, until Hindra sees these bytes`
      }
      if (!isTelling) return `bits only, of quality ${quality}: a review at most`
      return isVetted
        ? `bits only: ${near}`
        : 'bits only: a review at most, unless two persons vet the list (hindra lists vet)'
    case 'bytes':
      return 'bytes only: the same file is found, no copy of it'
    case 'weak':
      return 'digests that can be forged, or hashes of others: a review at most'
  }
}
