import type { Resemblance } from '../known/index.ts'
import type { KnownItem } from '../register/index.ts'
import { because, type MatchEvidence } from './evidence.ts'

/** A model is somebody's, and nobody has shown what it takes for alike: it never confirms. */
export function weighResemblance({ model, distance }: Resemblance): MatchEvidence {
  return {
    verdict: 'review',
    method: 'learned',
    resemblance: { model, distance },
    ...because(
      { says: 'model-alone' },
      `the model ${model} finds it like the item, at distance ${distance.toFixed(3)}`,
    ),
  }
}

/** What is as like something harmless as it is like an item is not like that item. */
export function clearResemblances(
  resemblances: readonly Resemblance[],
  items: ReadonlyMap<string, Pick<KnownItem, 'vetoes'>>,
): ReadonlyMap<string, Resemblance> {
  const isHarmless = ({ itemId }: Resemblance) => items.get(itemId)?.vetoes === true
  const nearest = Math.min(
    ...resemblances.filter(isHarmless).map(({ distance }) => distance),
    Number.POSITIVE_INFINITY,
  )
  const left = resemblances.filter((each) => each.distance < nearest && !isHarmless(each))
  return new Map(left.map((each) => [each.itemId, each]))
}
