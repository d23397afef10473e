import { defined } from '../core/index.ts'
import { type FeaturesLack, lackOfFeatures } from '../fingerprint/index.ts'
import type { KnownHashSet } from './hash-set.ts'

/** What its features lack, or those of some shot, as earlier versions kept them; undefined where it is nothing. */
export function lackOf({
  features,
  chroma,
  shots = [],
}: Pick<KnownHashSet, 'features' | 'chroma' | 'shots'>): FeaturesLack | undefined {
  const still = features === undefined ? [] : [{ features, ...defined({ chroma }) }]
  const lacks = new Set([...still, ...shots].map(lackOfFeatures))
  return (['brightness', 'chroma'] as const).find((lack) => lacks.has(lack))
}
