import type { AnyRaster } from '../decode/index.ts'
import type { Region } from './fingerprint.ts'

/** Samples a line that are looked at: a border is as plain between them. */
const SAMPLES_MAX = 192
/** How many levels a byte tells apart. */
const LEVELS = 256
/** Grey levels that compression adds to a plain border. */
const PLAIN_LEVELS = 12
/** How many of the samples of a line may stray, as at a rounded corner. */
const STRAY_SHARE = 0.02
/** A line shows content where less than this share of it has the colour of the ground. */
const GROUND_SHARE = 0.4
/** An edge is of the ground where this share of it has one level. */
const EDGE_SHARE_MIN = 0.7
/** Lines of ground within the content, such as a bright sky, by share of the side. */
const GAP_SHARE = 0.03
/** Smaller is no picture in a frame, but a detail. */
const AREA_SHARE_MIN = 0.15
const SIDE_MIN = 32
/** A cut of less than this share of a side leaves the hash as it is. */
const CUT_SHARE_MIN = 0.006

interface Span {
  readonly from: number
  /** The first that is not part of it. */
  readonly to: number
}

interface Box {
  readonly rows: Span
  readonly columns: Span
}

/**
 * The picture without the plain border around it (each side may have a colour of its own);
 * undefined where there is none, or where too little would be left.
 */
export function trimmedRegion(raster: AnyRaster): Region | undefined {
  const box = trimmed(raster, wholeOf(raster))
  return regionOf(raster, box)
}

/**
 * A guess at the picture in a page, screenshot or meme: the longest runs of rows, and within them
 * of columns, that are not mostly of the colour that the edges have. Undefined where that is the
 * whole, or what trimming gives.
 */
export function contentRegion(raster: AnyRaster): Region | undefined {
  const whole = wholeOf(raster)
  const ground = groundLevel(raster)
  if (ground === undefined) return undefined
  const rows = longestContent(whole.rows, (y) => groundShare(raster, 'row', y, whole, ground))
  const inRows = { rows, columns: whole.columns }
  const columns = longestContent(whole.columns, (x) =>
    groundShare(raster, 'column', x, inRows, ground),
  )
  const region = regionOf(raster, trimmed(raster, { rows, columns }))
  return isSame(region, trimmedRegion(raster)) ? undefined : region
}

function wholeOf({ width, height }: AnyRaster): Box {
  return { rows: { from: 0, to: height }, columns: { from: 0, to: width } }
}

function trimmed(raster: AnyRaster, box: Box): Box {
  const rows = withoutPlain(box.rows, (y) => isPlain(raster, 'row', y, box))
  const inRows = { rows, columns: box.columns }
  return { rows, columns: withoutPlain(box.columns, (x) => isPlain(raster, 'column', x, inRows)) }
}

function withoutPlain({ from, to }: Span, isPlainAt: (line: number) => boolean): Span {
  let first = from
  let last = to
  while (first < last && isPlainAt(first)) first += 1
  while (last > first && isPlainAt(last - 1)) last -= 1
  return { from: first, to: last }
}

/** Whether all but a few samples of the line are near its middle one. */
function isPlain(raster: AnyRaster, axis: 'row' | 'column', line: number, box: Box): boolean {
  const levels = lineLevels(raster, axis, line, box)
  const middle = levels[levels.length >> 1] ?? 0
  let strays = levels.length * STRAY_SHARE
  for (const level of levels) {
    if (Math.abs(level - middle) > PLAIN_LEVELS && (strays -= 1) < 0) return false
  }
  return true
}

/** The level that most of one of the four edges has; undefined where none has one. */
function groundLevel(raster: AnyRaster): number | undefined {
  const whole = wholeOf(raster)
  const edges = [
    lineLevels(raster, 'row', 0, whole),
    lineLevels(raster, 'row', raster.height - 1, whole),
    lineLevels(raster, 'column', 0, whole),
    lineLevels(raster, 'column', raster.width - 1, whole),
  ].map(commonLevel)
  const best = edges.reduce((a, b) => (b.share > a.share ? b : a))
  return best.share >= EDGE_SHARE_MIN ? best.level : undefined
}

/** The middle of the levels that are most common, give or take what compression adds. */
function commonLevel(levels: Uint8Array): { readonly level: number; readonly share: number } {
  const counts = new Uint16Array(LEVELS)
  for (const level of levels) counts[level] = (counts[level] ?? 0) + 1
  let most = 0
  /** The place of the middle one of the levels in order of size. */
  let middle = 0
  let below = 0
  let within = 0
  for (const [level, count] of counts.entries()) {
    const left = counts[level - PLAIN_LEVELS - 1] ?? 0
    below += left
    within += count - left
    if (within <= most) continue
    most = within
    middle = (2 * below + within - 1) >> 1
  }
  return { level: levelAt(counts, middle), share: most / levels.length }
}

function levelAt(counts: Uint16Array, place: number): number {
  let passed = 0
  return counts.findIndex((count) => (passed += count) > place)
}

function groundShare(
  raster: AnyRaster,
  axis: 'row' | 'column',
  line: number,
  box: Box,
  ground: number,
): number {
  const levels = lineLevels(raster, axis, line, box)
  let alike = 0
  for (const level of levels) if (Math.abs(level - ground) <= PLAIN_LEVELS) alike += 1
  return levels.length === 0 ? 1 : alike / levels.length
}

function longestContent({ from, to }: Span, shareAt: (line: number) => number): Span {
  const gap = Math.max(1, Math.round((to - from) * GAP_SHARE))
  let best: Span = { from, to: from }
  let start: number | undefined
  let end = from
  for (let line = from; line < to; line += 1) {
    if (shareAt(line) >= GROUND_SHARE) continue
    if (start === undefined || line - end > gap) start = line
    end = line + 1
    if (end - start > best.to - best.from) best = { from: start, to: end }
  }
  return best
}

/** Luma of evenly spaced samples of one row or column inside the box, 0 to 255. */
function lineLevels(raster: AnyRaster, axis: 'row' | 'column', line: number, box: Box): Uint8Array {
  const { data, width, channels } = raster
  const { from, to } = axis === 'row' ? box.columns : box.rows
  const count = Math.min(SAMPLES_MAX, to - from)
  const levels = new Uint8Array(count)
  const [start, step] = axis === 'row' ? [line * width, 1] : [line, width]
  for (let sample = 0; sample < count; sample += 1) {
    const along = from + Math.floor(((sample + 0.5) * (to - from)) / count)
    const at = (start + along * step) * channels
    levels[sample] =
      channels === 1
        ? (data[at] ?? 0)
        : (77 * (data[at] ?? 0) + 150 * (data[at + 1] ?? 0) + 29 * (data[at + 2] ?? 0)) >> 8
  }
  return levels
}

/** Undefined where hardly anything is cut off, or hardly anything left. */
function regionOf(raster: AnyRaster, { rows, columns }: Box): Region | undefined {
  const width = columns.to - columns.from
  const height = rows.to - rows.from
  const cut = Math.max(1 - width / raster.width, 1 - height / raster.height)
  const share = (width * height) / (raster.width * raster.height)
  if (cut < CUT_SHARE_MIN || share < AREA_SHARE_MIN) return undefined
  if (Math.min(width, height) < SIDE_MIN) return undefined
  return { x: columns.from, y: rows.from, width, height }
}

function isSame(a: Region | undefined, b: Region | undefined): boolean {
  return a?.x === b?.x && a?.y === b?.y && a?.width === b?.width && a?.height === b?.height
}
