import { HindraError } from '../errors.ts'

/** One of many, and each piece of evidence that it stands on: a file or an item, as a text that only equals itself. */
export interface GroundRow {
  readonly id: string
  readonly grounds: readonly string[]
}

/** Of how many a refusal names the ids. */
const NAMED_MAX = 20

/**
 * The one piece of evidence that all of them stand on. Throws NOT_LOOKED_AT where some stand on nothing that is known,
 * EVIDENCE_DIFFERS where some stand on something else than most; both name them.
 */
export function commonGround(all: readonly GroundRow[]): string {
  const unknown = all.filter(({ grounds }) => grounds.length === 0)
  if (unknown.length > 0) {
    const [some, ids] = [unknown.length, named(unknown)]
    throw new HindraError('NOT_LOOKED_AT', { says: 'ground-unseen', some, all: all.length, ids })
  }
  const counts = new Map<string, number>()
  for (const ground of all.flatMap(({ grounds }) => grounds)) {
    counts.set(ground, (counts.get(ground) ?? 0) + 1)
  }
  const [ground = ''] = [...counts.keys()].toSorted(
    (a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0),
  )
  const others = all.filter(({ grounds }) => !grounds.includes(ground))
  if (others.length === 0) return ground
  const [some, ids] = [others.length, named(others)]
  throw new HindraError('EVIDENCE_DIFFERS', { says: 'ground-differs', some, all: all.length, ids })
}

function named(those: readonly GroundRow[]): string {
  const ids = those.slice(0, NAMED_MAX).map(({ id }) => id)
  const left = those.length - ids.length
  return ids.join(', ') + (left === 0 ? '' : ` and ${left} more`)
}
