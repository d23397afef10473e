import { type Sentence, type Sentences, worded } from '../errors.ts'
import { BROWSER_BITS_MAX, BROWSER_HASHER } from '../fingerprint/index.ts'
import type { Entry } from '../register/index.ts'
import type { MatchPolicy } from './match.ts'

interface Near {
  readonly radius: number
  readonly quality: number
}

const within = ({ radius, quality }: Near) =>
  `confirmed only within ${radius} at quality ${quality}`

/** What a sighting can be, at most, by what an entry can be found by. */
export const REACHES = {
  features: () => 'features: copies, crops and parts are confirmed, of films too',
  'features-outdated': () =>
    'features of an earlier version: a review at most, until hindra register --refresh renews them',
  'features-colourless': () =>
    'its features keep no colours: another person, as bright, in one place is not told until hindra register --refresh renews them',
  'picture-near': (near: Near) => `no features: crops are not found; a copy is ${within(near)}`,
  'picture-little': () => 'no features: crops are not found; a copy is a review at most',
  film: ({ count, share }: { readonly count: number; readonly share: number }) =>
    `film: hashes of frames only, until hindra register --refresh adds its shots; confirmed by ${count} of them in order, ${share}% of both films`,
  'film-without-track': () =>
    'its coded pictures have no digest, which finds it in another file: hindra register --refresh adds it where they are enough',
  'film-of-list': () => 'frames that a list gave: a review at most, unless two persons vet it',
  'browser-copies': ({ bits }: { readonly bits: number }) =>
    `hashed in a browser: the same file is found; copies within ${bits} bits are a review at most, until Hindra sees these bytes`,
  'browser-file': () =>
    'hashed in a browser: the same file is found; no copy is found, until Hindra sees these bytes',
  'bits-little': ({ quality }: { readonly quality: number }) =>
    `bits only, of quality ${quality}: a review at most`,
  'bits-near': (near: Near) => `bits only: ${within(near)}`,
  'bits-of-list': () =>
    'bits only: a review at most, unless two persons vet the list (hindra lists vet)',
  bytes: () => 'bytes only: the same file is found, no copy of it',
  weak: () => 'digests that can be forged, or hashes of others: a review at most',
} as const satisfies Sentences

export type ReachWords = Sentence<typeof REACHES>

const COLOURLESS = { says: 'features-colourless' } as const

/** What an entry can be found by. */
type FoundBy = Pick<Entry, 'evidence' | 'quality' | 'outdated' | 'colourless' | 'hasher'>
type ReachPolicy = Pick<
  MatchPolicy,
  'reviewRadius' | 'confirmRadius' | 'confirmQualityMin' | 'filmFramesMin' | 'filmConfirmShare'
>

/**
 * What a sighting can be, at most, by what an entry can be found by, in a few sentences.
 *
 * @param isVetted Whether two persons have vetted its list
 */
export function reachOf(
  entry: FoundBy & Pick<Entry, 'trackless'>,
  isVetted: boolean,
  policy: ReachPolicy,
): readonly ReachWords[] {
  const reach = reachOfEvidence(entry, isVetted, policy)
  return entry.trackless === true ? [...reach, { says: 'film-without-track' }] : reach
}

function reachOfEvidence(
  { evidence, quality, outdated, colourless, hasher }: FoundBy,
  isVetted: boolean,
  policy: ReachPolicy,
): readonly ReachWords[] {
  const { reviewRadius, confirmRadius, confirmQualityMin, filmFramesMin, filmConfirmShare } = policy
  const near = { radius: confirmRadius, quality: confirmQualityMin }
  const isTelling = quality >= confirmQualityMin
  switch (evidence) {
    case 'features':
      if (outdated === true) return [{ says: 'features-outdated' }]
      return [{ says: 'features' }, ...(colourless === true ? [COLOURLESS] : [])]
    case 'picture':
      return [isTelling ? { says: 'picture-near', ...near } : { says: 'picture-little' }]
    case 'film': {
      const share = Math.round(filmConfirmShare * 100)
      const frames = { says: 'film', count: filmFramesMin, share } as const
      // Lists name no hasher: what has one was hashed here.
      return isVetted || hasher !== null ? [frames] : [frames, { says: 'film-of-list' }]
    }
    case 'bits':
      if (hasher?.name === BROWSER_HASHER) {
        const bits = reviewRadius - BROWSER_BITS_MAX
        return [bits < 0 ? { says: 'browser-file' } : { says: 'browser-copies', bits }]
      }
      if (!isTelling) return [{ says: 'bits-little', quality }]
      return [isVetted ? { says: 'bits-near', ...near } : { says: 'bits-of-list' }]
    case 'bytes':
      return [{ says: 'bytes' }]
    case 'weak':
      return [{ says: 'weak' }]
  }
}

export function reachText(reach: readonly ReachWords[]): string {
  return reach.map((one) => worded(REACHES, one)).join('; ')
}
