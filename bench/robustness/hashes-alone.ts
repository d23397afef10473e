import type { Bench } from '../bench.ts'
import type { Family } from './families/family.ts'
import { inLanes } from './lanes.ts'
import { drawnPairs } from './pairs.ts'
import { pdqDistance } from './peers.ts'
import type { Photographs } from './photographs.ts'
import { drawOf, GROUPS, transforms } from './transforms/index.ts'

/** Distances within which pairs and copies are counted: what a hash alone would confirm. */
const WITHIN = [0, 2, 4, 6, 8, 10, 12, 16] as const

/** A family and the photographs that its pairs are made of. */
interface Drawable {
  readonly family: Family
  readonly scenes: readonly Buffer[]
}

/**
 * What entries would confirm that are bits alone: pairs of different pictures, and copies, by the distance of their
 * PDQ hashes where both have the quality that it takes.
 */
export async function benchHashesAlone(
  bench: Bench,
  families: readonly Drawable[],
  pairs: number,
  { references, others }: Photographs,
): Promise<void> {
  for (const { family, scenes } of families) {
    const groups = new Map<string, (number | undefined)[]>()
    for (const batch of drawnPairs(bench.seed, family, scenes, pairs)) {
      await inLanes(batch, async ({ pair: make }) => {
        const pair = await make()
        const distance = await pdqDistance(pair.known, pair.seen)
        for (const group of new Set([...pair.groups, family.name])) {
          groups.set(group, [...(groups.get(group) ?? []), distance])
        }
      })
    }
    for (const name of [...groups.keys()].sort()) {
      report(bench, `${name}, different`, groups.get(name) ?? [])
    }
  }
  for (const group of GROUPS) {
    const jobs = transforms
      .map((each, way) => ({ ...each, way }))
      .filter((each) => each.group === group)
      .flatMap((each) => references.map((picture, index) => ({ ...each, picture, index })))
    const distances = await inLanes(jobs, async ({ transform, picture, way, index }) => {
      const seed = Math.imul(bench.seed, 0x9e3779b1) ^ (way * 8191 + index)
      return pdqDistance(picture, await transform(picture, drawOf(others, seed)))
    })
    report(bench, `${group}, copies`, distances)
  }
}

function report(bench: Bench, name: string, distances: readonly (number | undefined)[]): void {
  const told = distances.filter((distance) => distance !== undefined)
  const record = (metric: string, value: number, unit: string) => {
    bench.record({ case: `hash of ${name}`, metric, value, unit })
  }
  if (told.length > 0) record('least distance', Math.min(...told), 'bits')
  for (const most of WITHIN) {
    const value = told.filter((distance) => distance <= most).length
    record(`within ${most}`, value, `of ${distances.length}`)
  }
}
