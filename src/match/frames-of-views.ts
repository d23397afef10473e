import type { Edges, Region, View, ViewName } from '../fingerprint/index.ts'
import type { Shares } from './match.ts'

/** x' = a x + b y + c, y' = d x + e y + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

interface Proposal {
  readonly map: Affine
  /** The sighting is to be read as a negative. */
  readonly inverted: boolean
}

const WHOLE: Edges = { left: 0, top: 0, right: 1, bottom: 1 }
const IDENTITY: Affine = [1, 0, 0, 0, 1, 0]

/** Which way a view was turned; of a quarter turn both are tried. */
const TURNS: Readonly<Record<ViewName, readonly Affine[]>> = {
  whole: [IDENTITY],
  complement: [IDENTITY],
  trimmed: [IDENTITY],
  'content-box': [IDENTITY],
  rot180: [[-1, 0, 1, 0, -1, 1]],
  flipy: [[-1, 0, 1, 0, 1, 0]],
  flipx: [[1, 0, 0, 0, -1, 1]],
  flipp: [[0, 1, 0, 1, 0, 0]],
  flipm: [[0, -1, 1, -1, 0, 1]],
  rot90: quarterTurns(),
  rot270: quarterTurns(),
}

interface Framed {
  readonly views: readonly View[]
  readonly width?: number
  readonly height?: number
}

/**
 * How an item may lie in a sighting one of whose views is near to one of the item's hashes: from the
 * item's frame to the sighting's, both 0 to 1. The item's hash is of the whole or of what its frame
 * holds: each is tried.
 */
export function proposedMaps(view: ViewName, sighting: Framed, item: Framed): readonly Proposal[] {
  const inSighting = placeOf(view, sighting)
  const places = [
    IDENTITY,
    ...item.views.flatMap(({ region }) => (region === undefined ? [] : [shares(region, item)])),
  ]
  return places.flatMap((place) =>
    TURNS[view].map((turn) => ({
      map: composed(inSighting, composed(turn, invertedAffine(place))),
      inverted: view === 'complement',
    })),
  )
}

/** Where the frame of one picture comes to lie in the other's, as far as it is inside this part of it. */
export function frameInside([a, b, c, d, e, f]: Affine, part: Edges = WHOLE): Shares {
  const corners = [
    [c, f],
    [a + c, d + f],
    [b + c, e + f],
    [a + b + c, d + e + f],
  ] as const
  const xs = corners.map(([x]) => Math.min(part.right, Math.max(part.left, x)))
  const ys = corners.map(([, y]) => Math.min(part.bottom, Math.max(part.top, y)))
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  const rounded = (value: number) => Math.round(value * 1000) / 1000
  return {
    x: rounded(x),
    y: rounded(y),
    width: rounded(Math.max(...xs) - x),
    height: rounded(Math.max(...ys) - y),
  }
}

/** The map from a part's own frame to that of the whole. */
export function partAffine({ left, top, right, bottom }: Edges): Affine {
  return [right - left, 0, left, 0, bottom - top, top]
}

export function invertedAffine([a, b, c, d, e, f]: Affine): Affine {
  const area = a * e - b * d
  return [e / area, -b / area, (b * f - c * e) / area, -d / area, a / area, (c * d - a * f) / area]
}

/** The map that does first the second, then the first. */
export function composed(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer
  const [g, h, i, j, k, l] = inner
  return [
    a * g + b * j,
    a * h + b * k,
    a * i + b * l + c,
    d * g + e * j,
    d * h + e * k,
    d * i + e * l + f,
  ]
}

function placeOf(view: ViewName, sighting: Framed): Affine {
  const region = sighting.views.find(({ name }) => name === view)?.region
  return region === undefined ? IDENTITY : shares(region, sighting)
}

/** The map from a part's own frame to that of the whole. */
function shares({ x, y, width, height }: Region, whole: Framed): Affine {
  const { width: across = width, height: down = height } = whole
  return [width / across, 0, x / across, 0, height / down, y / down]
}

function quarterTurns(): readonly Affine[] {
  return [
    [0, 1, 0, -1, 0, 1],
    [0, -1, 1, 1, 0, 0],
  ]
}
