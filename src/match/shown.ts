import type { Span } from '../decode/index.ts'
import type { Match } from './match.ts'

/**
 * What of a known item is shown. `copy`: the known picture or film, altered perhaps. `piece`: the known film or a part of
 * it, in a film. `frame`: one picture of the known film; of the rest of it nothing is said. `still`: the known picture, in
 * a film.
 */
export type Extent = 'copy' | 'piece' | 'frame' | 'still'

export interface Showing {
  readonly extent: Extent
  /** When in the film that was seen; empty where a picture was, and where it is all of the film. */
  readonly moments: readonly Span[]
}

/** The known picture or film itself. */
export const COPY: Showing = { extent: 'copy', moments: [] }

/** What of its item a match says is shown: no more than its evidence tells. */
export function shownBy({ method, alignment, pieces, ...hit }: Match): Showing {
  if (method === 'film') {
    return { extent: 'piece', moments: (pieces ?? []).map(({ from, to }) => ({ from, to })) }
  }
  const { seconds, itemSeconds } = alignment ?? hit
  const moments = seconds === undefined ? [] : [{ from: seconds, to: seconds }]
  if (itemSeconds !== undefined) return { extent: 'frame', moments }
  return seconds === undefined ? COPY : { extent: 'still', moments }
}

/** The same in words, for people. */
export const EXTENTS: Readonly<Record<Extent, string>> = {
  copy: 'the known picture or film',
  piece: 'the known film or a part of it, in a film',
  frame: 'one picture of the known film',
  still: 'the known picture, in a film',
}
