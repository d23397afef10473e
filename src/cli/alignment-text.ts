import type { Alignment, Shares } from '../match/index.ts'
import { fields } from './output.ts'

const COLUMNS = 32
const ROWS = 10

/** How an item lies in a sighting, in numbers and as two rectangles. No picture is needed, and none is shown. */
export function alignmentText(alignment: Alignment): string {
  const { cells, agreement, strictAgreement, mirrored, negative } = alignment
  const numbers = fields({
    'found by': foundBy(alignment),
    'textured cells': `${percent(agreement)} of ${cells} agree`,
    'with plain cells': `${percent(strictAgreement)} agree`,
    mirrored,
    negative,
  })
  const seen = drawn('the picture', alignment.region)
  const known = drawn('the item', alignment.itemRegion)
  const side = seen.map((line, row) => `${line.padEnd(COLUMNS + 4)}${known[row] ?? ''}`.trimEnd())
  return [numbers, '', ...side].join('\n')
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
  const place = `${percent(x)}-${percent(x + width)} across, ${percent(y)}-${percent(y + height)} down`
  return [title, place, ...Array.from({ length: ROWS }, (_, down) => row(down))]
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`
}
