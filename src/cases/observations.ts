import type { CaseObservation, SightedAt } from './case.ts'

/** A copy that is seen every day must not make its case grow without end. */
const KEPT_MAX = 10

/**
 * What is kept of a sighting, by name: media and hashes, which may come along in the same line, are never kept with a
 * case.
 */
const KEPT = [
  'url',
  'pageUrl',
  'referrer',
  'fetchedAt',
  'httpStatus',
  'contentType',
  'vantage',
  'resolvedIp',
  'reference',
  'source',
] as const satisfies readonly (keyof SightedAt)[]

export function observed(sighted: SightedAt, by: string, at: string): CaseObservation {
  const told = KEPT.filter((name) => sighted[name] !== undefined).map(
    (name) => [name, sighted[name]] as const,
  )
  return { at, by, ...(Object.fromEntries(told) as unknown as SightedAt) }
}

/** The first one stays: it is what opened the case. Of the others the latest do. */
export function withObservation(
  kept: readonly CaseObservation[],
  latest: CaseObservation,
): readonly CaseObservation[] {
  const [first, ...others] = [...kept, latest]
  return [first, ...others.slice(1 - KEPT_MAX)]
}
