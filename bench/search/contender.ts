import type { HashQuery, Hit } from '../../src/index/index.ts'

/** The answer of a peer: in any order, of all within the radius. */
export interface Found {
  readonly labels: Uint32Array
  readonly distances: Uint16Array
}

/** What is timed: one call from JavaScript that answers one query. Every HashIndex is one. */
export interface Contender {
  readonly name: string
  search(query: HashQuery, limit?: number): readonly Hit[] | Found
  close(): void
}

/** Nearest first, ties by label, no more than the limit: the form in which answers are compared. */
export function hitsOf(answer: readonly Hit[] | Found, limit?: number): readonly Hit[] {
  if (!('labels' in answer)) return answer
  return Array.from(answer.labels, (label, i) => ({ label, distance: answer.distances[i] ?? 0 }))
    .sort((a, b) => a.distance - b.distance || a.label - b.label)
    .slice(0, limit)
}
