import { OVERLAY_ACROSS } from '../fingerprint/index.ts'
import { CELLS_ACROSS, isDifferent, largestArea } from './cells.ts'
import type { WeighedFrame } from './evidence.ts'
import type { Alignment, MatchPolicy, Shares } from './match.ts'
import type { MatchWhy } from './why.ts'

/** More is no caption and no logo, as it is not where it is drawn over a still. */
const OVERLAY_MAX = 0.4
/** So much of the area that differs most is drawn over: edges of areas are coarse. */
const COVERED_MIN = 0.8
/** Why a frame is doubted that differs where something is drawn over it. */
const OF_OVERLAYS = new Set<MatchWhy['says']>(['differs', 'elsewhere', 'texture-disagrees'])

type Limits = Pick<MatchPolicy, 'agreementConfirmUndrawn' | 'cellsSameFrame' | 'differingMax'>

/**
 * A frame of a film is confirmed that agrees everywhere but where the whole film is drawn over. Of a still it cannot be
 * told whether a caption or somebody stands there; what stays the same while a film is cut from shot to shot is drawn.
 *
 * @param overlay Which cells stay the same, row by row: see `Sight`
 */
export function besideOverlay(
  evidence: WeighedFrame,
  overlay: string,
  limits: Limits,
): WeighedFrame {
  const { why = [], alignment, method } = evidence
  const { map } = alignment
  if (map === undefined || why.length === 0) return evidence
  if (!why.every(({ says }) => OF_OVERLAYS.has(says))) return evidence
  const covered = coveredCells(alignment, overlay)
  if (covered.size === 0 || covered.size > OVERLAY_MAX * CELLS_ACROSS * CELLS_ACROSS)
    return evidence
  const areas = [alignment.differing, alignment.differingFinely].filter(
    (area) => area !== undefined,
  )
  if (areas.some(({ itemRegion }) => coveredShare(itemRegion, covered) < COVERED_MIN))
    return evidence
  const other = Array.from(map, (state, cell) => (covered.has(cell) ? '.' : state))
  const agreeing = other.filter((state) => state === '=').length
  const cells = agreeing + other.filter(isDifferent).length
  const isMuch = cells >= limits.cellsSameFrame
  if (!isMuch || agreeing < limits.agreementConfirmUndrawn * cells) return evidence
  // Only the largest area that differs is told, and beside a caption another one may be of somebody.
  const differing = other.flatMap((state, cell) => (isDifferent(state) ? [cell] : []))
  if (largestArea(differing) > limits.differingMax * other.length) return evidence
  const percent = Math.round((100 * agreeing) / cells)
  const reason = `${percent}% of ${cells} textured cells agree beside what is drawn over the whole film`
  return { verdict: 'confirmed', method, alignment, reason, why: [] }
}

/** The cells of the item where the film is drawn over, and those beside them: what is drawn ends within cells. */
function coveredCells(alignment: Alignment, overlay: string): ReadonlySet<number> {
  const covered = new Set<number>()
  for (let cell = 0; cell < CELLS_ACROSS * CELLS_ACROSS; cell += 1) {
    const [column, row] = [cell % CELLS_ACROSS, Math.floor(cell / CELLS_ACROSS)]
    const left = seenCell((column - 0.5) / CELLS_ACROSS, alignment, 'across')
    const right = seenCell((column + 1.5) / CELLS_ACROSS, alignment, 'across')
    const top = seenCell((row - 0.5) / CELLS_ACROSS, alignment, 'down')
    const bottom = seenCell((row + 1.5) / CELLS_ACROSS, alignment, 'down')
    if (isDrawn(overlay, [left, right], [top, bottom])) covered.add(cell)
  }
  return covered
}

/** Where a place of the item is in the film's frame, in cells of the overlay. */
function seenCell(
  place: number,
  { region, itemRegion, mirrored }: Alignment,
  way: 'across' | 'down',
): number {
  const isAcross = way === 'across'
  const [start, length] = isAcross
    ? [itemRegion.x, itemRegion.width]
    : [itemRegion.y, itemRegion.height]
  const [seenStart, seenLength] = isAcross ? [region.x, region.width] : [region.y, region.height]
  const share = length === 0 ? 0 : (place - start) / length
  return (seenStart + seenLength * (isAcross && mirrored ? 1 - share : share)) * OVERLAY_ACROSS
}

function isDrawn(
  overlay: string,
  across: readonly [number, number],
  down: readonly [number, number],
): boolean {
  const [left, right] = [Math.max(0, Math.floor(Math.min(...across))), Math.max(...across)]
  const [top, bottom] = [Math.max(0, Math.floor(Math.min(...down))), Math.max(...down)]
  for (let row = top; row < Math.min(bottom, OVERLAY_ACROSS); row += 1)
    for (let column = left; column < Math.min(right, OVERLAY_ACROSS); column += 1)
      if (overlay[row * OVERLAY_ACROSS + column] === '#') return true
  return false
}

function coveredShare({ x, y, width, height }: Shares, covered: ReadonlySet<number>): number {
  let [inside, all] = [0, 0]
  for (
    let row = Math.round(y * CELLS_ACROSS);
    row < Math.round((y + height) * CELLS_ACROSS);
    row += 1
  ) {
    for (
      let column = Math.round(x * CELLS_ACROSS);
      column < Math.round((x + width) * CELLS_ACROSS);
      column += 1
    ) {
      all += 1
      if (covered.has(row * CELLS_ACROSS + column)) inside += 1
    }
  }
  return all === 0 ? 1 : inside / all
}
