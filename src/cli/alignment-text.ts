import type { Alignment, Shares } from '../match/index.ts'
import { mapRows } from '../match/terms.ts'
import { fields } from './output.ts'

const COLUMNS = 32
const ROWS = 10
const MAP_TITLE = 'the item by cells: = agree, # differ, o drawn over, . cannot be told'

/** How an item lies in a sighting, in numbers and as two rectangles. No picture is needed, and none is shown. */
export function alignmentText(alignment: Alignment): string {
  const { cells: all, agreement, strictAgreement, mirrored, negative, differing, map } = alignment
  const { drawn: shownDrawn } = alignment
  const numbers = fields({
    'found by': foundBy(alignment),
    'textured cells': `${percent(agreement)} of ${all} agree`,
    'with plain cells': `${percent(strictAgreement)} agree`,
    ...(shownDrawn && {
      'drawn over': `${shownDrawn.cells} cells; without them ${percent(shownDrawn.strictAgreement)} agree`,
    }),
    ...(differing && {
      'shows something else': `${percent(differing.share)} in one place: ${placeOf(differing.itemRegion)}`,
    }),
    mirrored,
    negative,
  })
  const seen = drawn('the picture', alignment.region)
  const known = drawn('the item', alignment.itemRegion)
  const side = seen.map((line, row) => `${line.padEnd(COLUMNS + 4)}${known[row] ?? ''}`.trimEnd())
  const cells =
    map === undefined ? [] : ['', MAP_TITLE, ...mapRows(map).map((row) => row.join(' '))]
  return [numbers, '', ...side, ...cells].join('\n')
}

function foundBy({ view, inliers, inlierShare }: Alignment): string {
  if (view !== undefined) return `the view ${view}`
  const share = inlierShare === undefined ? '' : `, ${percent(inlierShare)} of those there`
  return `${inliers} local features${share}`
}

/** The whole in dots, and what shows the same as the other one in crosses. */
function drawn(title: string, { x, y, width, height }: Shares): readonly string[] {
  const isInside = (at: number, of: number, from: number, length: number) => {
    const middle = (at + 0.5) / of
    return middle >= from && middle <= from + length
  }
  const row = (down: number) =>
    Array.from({ length: COLUMNS }, (_, across) =>
      isInside(down, ROWS, y, height) && isInside(across, COLUMNS, x, width) ? 'x' : '.',
    ).join('')
  return [
    title,
    placeOf({ x, y, width, height }),
    ...Array.from({ length: ROWS }, (_, down) => row(down)),
  ]
}

function placeOf({ x, y, width, height }: Shares): string {
  return `${percent(x)}-${percent(x + width)} across, ${percent(y)}-${percent(y + height)} down`
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`
}
