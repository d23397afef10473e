import { CELLS_ACROSS } from './cells.ts'
import type { Alignment, Match, Shares } from './match.ts'
import { stripsSvg } from './strips-svg.ts'

const CELL = 16
const SIDE = CELLS_ACROSS * CELL
const GAP = 40
const HEAD = 60
const COLOURS: ReadonlyMap<string, string> = new Map([
  ['=', '#2a9d5c'],
  ['#', '#c8372d'],
  ['o', '#e0a526'],
])
const UNTOLD = '#d9d9d9'
const LEGEND = [
  ['=', 'agree'],
  ['#', 'differ'],
  ['o', 'drawn over'],
  ['.', 'cannot be told'],
] as const

/** How an item lies in a sighting, drawn. */
export interface DrawnMatch {
  readonly itemId: string
  readonly svg: string
}

/**
 * Each match that rests on a comparison of cells, drawn, and of films which seconds are which; others have nothing that
 * could be.
 */
export function drawnMatches(matches: readonly Match[]): readonly DrawnMatch[] {
  return matches.flatMap(({ itemId, alignment, pieces }) => [
    ...(pieces === undefined ? [] : [{ itemId, svg: stripsSvg(pieces) }]),
    ...(alignment?.map === undefined ? [] : [{ itemId, svg: alignmentSvg(alignment) }]),
  ])
}

/** The signs of a map, row by row. */
export function mapRows(map: string): readonly (readonly string[])[] {
  return Array.from({ length: CELLS_ACROSS }, (_, row) =>
    Array.from(map.slice(row * CELLS_ACROSS, (row + 1) * CELLS_ACROSS)),
  )
}

/**
 * Why a verdict is what it is, as an SVG: the item by cells, and where it lies in the sighting, over outlines alone. No
 * picture is needed, and none is shown.
 */
function alignmentSvg({ map = '', region, differing, mirrored, negative }: Alignment): string {
  const counts = LEGEND.map(([sign, text]) => `${map.split(sign).length - 1} ${text}`)
  const cells = mapRows(map).flatMap((row, y) =>
    row.map((sign, x) => {
      const fill = COLOURS.get(sign) ?? UNTOLD
      return `<rect x="${x * CELL}" y="${y * CELL}" width="${CELL - 1}" height="${CELL - 1}" fill="${fill}"/>`
    }),
  )
  const other = differing === undefined ? '' : outline(differing.itemRegion, '#7a1712')
  const ways = [mirrored ? 'mirrored' : '', negative ? 'a negative' : ''].filter(Boolean).join(', ')
  const legend = LEGEND.map(([sign, text], at) => {
    const x = at * 150
    return `<rect x="${x}" y="${SIDE + 16}" width="12" height="12" fill="${COLOURS.get(sign) ?? UNTOLD}"/><text x="${x + 18}" y="${SIDE + 27}">${text}</text>`
  })
  const width = 2 * SIDE + GAP
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-20 -${HEAD} ${width + 40} ${SIDE + HEAD + 60}" role="img" font-family="sans-serif" font-size="14">`,
    `<title>Cells of the item: ${counts.join(', ')}</title>`,
    `<rect x="-20" y="-${HEAD}" width="${width + 40}" height="${SIDE + HEAD + 60}" fill="#fff"/>`,
    '<text x="0" y="-14">the item, by cells</text>',
    `<text x="${SIDE + GAP}" y="-14">where it lies in the picture${ways === '' ? '' : ` (${ways})`}</text>`,
    ...cells,
    other,
    `<g transform="translate(${SIDE + GAP} 0)"><rect width="${SIDE}" height="${SIDE}" fill="none" stroke="#888"/>${outline(region, '#1f5fa8')}</g>`,
    ...legend,
    '</svg>',
    '',
  ].join('\n')
}

function outline({ x, y, width, height }: Shares, colour: string): string {
  const at = (share: number) => Math.round(share * SIDE)
  return `<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" fill="none" stroke="${colour}" stroke-width="3"/>`
}
