import { defined } from '../core/index.ts'
import { type FeaturesLack, lackOfFeatures } from '../fingerprint/index.ts'
import type { KnownHashSet } from './hash-set.ts'

/** What its features lack, or those of some shot, as earlier versions kept them; undefined where it is nothing. */
export function lackOf({
  features,
  colours,
  shots = [],
}: Pick<KnownHashSet, 'features' | 'colours' | 'shots'>): FeaturesLack | undefined {
  const still = features === undefined ? [] : [{ features, ...defined({ colours }) }]
  const lacks = new Set([...still, ...shots].map(lackOfFeatures))
  return (['brightness', 'colours'] as const).find((lack) => lacks.has(lack))
}
