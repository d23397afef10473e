import sharp from 'sharp'
import type { SeededRandom } from '../../../src/core/index.ts'
import {
  colour,
  composed,
  covering,
  type Draw,
  pick,
  sheet,
  type Size,
  svg,
} from '../transforms/transform.ts'
import { type Family, type Pair, reposted } from './family.ts'
import { figures, type Typeface, typeface, widthOf, words } from './writing.ts'

/** A template draws, as SVG, what is the same on each of its sheets, and entry by entry what need not be. */
interface Template {
  readonly size: Size
  readonly form: string
  readonly content: (random: SeededRandom) => readonly string[]
  /** Each of the sheets has one and the same photograph in this place. */
  readonly photograph?: Size & { readonly left: number; readonly top: number }
}
type Design = (random: SeededRandom, face: Typeface) => Template

/** A page stands upright, as it would be scanned. */
const PAGE = { width: 780, height: 1100 }
const MARGIN = 70
const INSIDE = PAGE.width - 2 * MARGIN
/** The share of the entries that differ between two sheets. */
const CHANGED = [0.3, 1] as const
const BEHIND_MOCK_UP = 3

const designs: Readonly<Record<string, Design>> = {
  spreadsheet(random, face) {
    const [columns, rows] = [random.integer(6, 11), random.integer(18, 32)]
    const [column, row] = [random.integer(80, 130), random.integer(20, 28)]
    const height = row * 0.45
    const size = { width: 150 + columns * column, height: (rows + 1) * row }
    const cells = cellsOf(columns, rows, { left: 150, top: row, column, row })
    const heads = Array.from({ length: columns }, (_, index) =>
      words(random, face, { x: 160 + index * column, y: row * 0.25, height }, column - 30),
    )
    const labels = Array.from({ length: rows }, (_, index) =>
      words(random, face, { x: 8, y: (index + 1.25) * row, height }, random.integer(60, 130)),
    )
    const band = `<rect width="100%" height="${row}" fill="${pick(random, ['#ddd', '#cfe2d4', '#d5def0'])}"/>`
    return {
      size,
      form: `${band}${ruled(size, 150, row, column, row, pick(random, ['#c4c4c4', '#888']))}${ink(heads)}${ink(labels)}`,
      content: (draw) =>
        cells.map(({ x, y }) => {
          const count = draw.integer(2, 5)
          const right = x + column - 8 - widthOf(count, height)
          return figures(draw, face, { x: right, y: y + row * 0.25, height }, count)
        }),
    }
  },
  letterhead(random, face) {
    const body = paragraphs(random, random.integer(200, 320), random.integer(4, 24))
    const mark = `<rect x="${MARGIN}" y="50" width="${random.integer(50, 110)}" height="${random.integer(50, 90)}" rx="${random.integer(0, 30)}" fill="${colour(random)}"/>`
    const address = [60, 84, 108].map((y) =>
      words(random, face, { x: 460, y, height: 13 }, random.integer(160, 240)),
    )
    const foot = [1030, 1050].map((y) => words(random, face, { x: MARGIN, y, height: 10 }, INSIDE))
    const name = words(random, face, { x: MARGIN + 130, y: 70, height: 30 }, 210)
    const rule = `<path d="M${MARGIN} 1015H${PAGE.width - MARGIN}" stroke="#888"/>`
    return {
      size: PAGE,
      form: `${mark}${rule}${ink([name, ...address, ...foot])}`,
      content: (draw) =>
        body.map(({ y, width }) => words(draw, face, { x: MARGIN, y, height: 13 }, width)),
    }
  },
  table(random, face) {
    const [columns, rows, row] = [random.integer(3, 6), random.integer(14, 24), 34]
    const column = INSIDE / columns
    const title = words(random, face, { x: MARGIN, y: 70, height: 26 }, random.integer(300, 600))
    const heads = Array.from({ length: columns }, (_, index) =>
      words(random, face, { x: MARGIN + 8 + index * column, y: 140, height: 13 }, column - 40),
    )
    const band = `<rect x="${MARGIN}" y="130" width="${INSIDE}" height="${row}" fill="${colour(random)}" opacity="0.4"/>`
    const rules = Array.from(
      { length: rows + 2 },
      (_, index) => `M${MARGIN} ${130 + index * row}h${INSIDE}`,
    )
    const cells = cellsOf(columns, rows, { left: MARGIN, top: 130 + row, column, row })
    return {
      size: PAGE,
      form: `${band}<path d="${rules.join('')}" stroke="#555"/>${ink([title, ...heads])}`,
      content: (draw) =>
        cells.map(({ x, y }) =>
          words(draw, face, { x: x + 8, y: y + 10, height: 13 }, draw.between(0.3, 0.85) * column),
        ),
    }
  },
  form(random, face) {
    const row = random.integer(52, 70)
    const fields = Array.from({ length: random.integer(10, 14) }, (_, index) => ({
      y: 150 + index * row,
      ticks: random.next() < 0.3,
    }))
    const title = words(random, face, { x: MARGIN, y: 70, height: 26 }, random.integer(300, 600))
    const labels = fields.map(({ y }) =>
      words(random, face, { x: MARGIN, y: y + 10, height: 13 }, random.integer(90, 190)),
    )
    const boxes = fields.map(({ y, ticks }) =>
      ticks
        ? `<path d="${[280, 420, 560].map((x) => `M${x} ${y + 6}h24v24h-24z`).join('')}"/>`
        : `<rect x="270" y="${y}" width="${PAGE.width - MARGIN - 270}" height="36"/>`,
    )
    return {
      size: PAGE,
      form: `<g fill="none" stroke="#444" stroke-width="1.5">${boxes.join('')}</g>${ink([title, ...labels])}`,
      content: (draw) =>
        fields.map(({ y, ticks }) =>
          ticks
            ? `<path d="M${pick(draw, [280, 420, 560])} ${y + 6}l24 24m0 -24l-24 24" stroke-width="3"/>`
            : words(draw, face, { x: 282, y: y + 9, height: 17 }, draw.integer(80, 380)),
        ),
    }
  },
  timetable(random, face) {
    const [columns, rows, row] = [
      random.integer(5, 9),
      random.integer(16, 26),
      random.integer(26, 34),
    ]
    const column = (INSIDE - 130) / columns
    const [left, top] = [MARGIN + 130, 180]
    const title = figures(random, face, { x: MARGIN, y: 60, height: 60 }, 2)
    const route = words(random, face, { x: MARGIN + 140, y: 75, height: 24 }, 420)
    const stops = Array.from({ length: rows }, (_, index) =>
      words(random, face, { x: MARGIN, y: top + (index + 0.25) * row, height: row * 0.42 }, 120),
    )
    const shaded = Array.from({ length: Math.ceil(rows / 2) }, (_, index) => {
      const y = top + index * 2 * row
      return `<rect x="${MARGIN}" y="${y}" width="${INSIDE}" height="${row}" fill="#eef"/>`
    })
    const cells = cellsOf(columns, rows, { left, top, column, row })
    const height = Math.min(row * 0.42, column / 4.6)
    return {
      size: PAGE,
      form: `${shaded.join('')}${ink([title, route, ...stops])}`,
      content: (draw) =>
        cells.map(({ x, y }) => {
          const line = { x, y: y + row * 0.25, height }
          const minutes = { ...line, x: x + widthOf(2.4, height) }
          return `${figures(draw, face, line, 2)}${figures(draw, face, minutes, 2)}`
        }),
    }
  },
  poster(random, face) {
    const height = random.integer(380, 640)
    const below = height + 40
    const title = words(
      random,
      face,
      { x: MARGIN, y: below, height: 46 },
      random.integer(380, INSIDE),
    )
    const names = [90, 125].map((y) =>
      words(random, face, { x: MARGIN, y: below + y, height: 20 }, random.integer(200, 500)),
    )
    const lines = Array.from(
      { length: random.integer(3, 7) },
      (_, index) => below + 190 + index * 34,
    )
    return {
      size: PAGE,
      photograph: { left: 0, top: 0, width: PAGE.width, height },
      form: ink([title, ...names]),
      content: (draw) =>
        lines.map((y) => words(draw, face, { x: MARGIN, y, height: 20 }, draw.integer(150, 420))),
    }
  },
  'product sheet'(random, face) {
    const side = random.integer(220, 340)
    const title = words(random, face, { x: MARGIN, y: 60, height: 34 }, random.integer(260, 560))
    const rows = Array.from({ length: random.integer(8, 14) }, (_, index) => 180 + index * 44)
    const labels = rows.map((y) =>
      words(random, face, { x: MARGIN + side + 40, y, height: 15 }, random.integer(60, 110)),
    )
    const code = { x: MARGIN, y: 180 + side + 60, width: side, height: random.integer(80, 150) }
    return {
      size: PAGE,
      photograph: { left: MARGIN, top: 180, width: side, height: side },
      form: ink([title, ...labels]),
      content: (draw) => [
        bars(draw, code),
        ...rows.map((y) =>
          figures(draw, face, { x: MARGIN + side + 170, y, height: 15 }, draw.integer(2, 9)),
        ),
      ],
    }
  },
}

/** Two sheets of one template with different content: what agrees is the form. */
export const documents: Family = {
  name: 'documents',
  photographsAPair: BEHIND_MOCK_UP,
  rows: {
    ...Object.fromEntries(
      Object.entries(designs).map(([name, design]) => [
        `documents, ${name}`,
        (draw: Draw) => sheets(draw, design),
      ]),
    ),
    'documents, mock-up': mockUp,
  },
}

async function sheets(draw: Draw, design: Design): Promise<Pair> {
  const { random, other } = draw
  const { size, form, content, photograph } = design(random, typeface(random))
  const shared =
    photograph === undefined ? [] : [{ ...photograph, input: await covering(other(), photograph) }]
  const share = random.between(...CHANGED)
  const [first, second] = [content(random), content(random)]
  const changed = first.map((entry, index) =>
    random.next() < share ? (second[index] ?? '') : entry,
  )
  const drawn = (entries: readonly string[]) =>
    composed(sheet(size, '#fff'), [
      ...shared,
      { input: svg(size, form + ink(entries)), left: 0, top: 0 },
    ])
  const seen = await reposted(await drawn(changed), draw)
  return { known: await drawn(first), seen, groups: ['documents'] }
}

/** One wall with a frame on it, and another poster in the frame. */
async function mockUp(draw: Draw): Promise<Pair> {
  const { random, other } = draw
  const size = { width: random.integer(640, 900), height: random.integer(560, 800) }
  const ground = await covering(other(), size)
  const share = random.between(0.1, 0.4)
  const box = {
    width: Math.round(size.width * Math.sqrt(share) * random.between(0.85, 1.15)),
    height: Math.round(size.height * Math.sqrt(share)),
  }
  const left = random.integer(14, size.width - box.width - 14)
  const top = random.integer(14, size.height - box.height - 14)
  const rim = random.integer(3, 12)
  const edge = sheet({ width: box.width + 2 * rim, height: box.height + 2 * rim }, colour(random))
  const frame = { input: await edge.png().toBuffer(), left: left - rim, top: top - rim }
  const poster = async () => ({ input: await covering(other(), box), left, top })
  const known = await composed(sharp(ground), [frame, await poster()])
  const seen = await composed(sharp(ground), [frame, await poster()])
  return { known, seen: await reposted(seen, draw), groups: ['documents'] }
}

/** The lines of paragraphs, `count` of them, from `top` down, with the length of each. */
function paragraphs(random: SeededRandom, top: number, count: number) {
  let next = top
  return Array.from({ length: count }, () => {
    const isLast = random.next() < 0.2
    const y = next
    next += isLast ? 40 : 26
    return { y, width: INSIDE * (isLast ? random.between(0.2, 0.8) : random.between(0.93, 1)) }
  })
}

function cellsOf(
  columns: number,
  rows: number,
  grid: {
    readonly left: number
    readonly top: number
    readonly column: number
    readonly row: number
  },
) {
  return Array.from({ length: columns * rows }, (_, index) => ({
    x: grid.left + (index % columns) * grid.column,
    y: grid.top + Math.floor(index / columns) * grid.row,
  }))
}

/** A bar code: bars and gaps of one to four modules. */
function bars(
  random: SeededRandom,
  { x, y, width, height }: Size & { readonly x: number; readonly y: number },
): string {
  const path: string[] = []
  for (let at = 0; at < width; ) {
    const [bar, gap] = [3 * random.integer(1, 4), 3 * random.integer(1, 4)]
    path.push(`M${x + at} ${y}h${bar}v${height}h-${bar}z`)
    at += bar + gap
  }
  return `<path d="${path.join('')}" fill="#111" stroke="none"/>`
}

/** Lines from here on to the right and down. */
function ruled(size: Size, left: number, top: number, column: number, row: number, stroke: string) {
  const path: string[] = []
  for (let x = left; x < size.width; x += column) path.push(`M${x} 0V${size.height}`)
  for (let y = top; y < size.height; y += row) path.push(`M0 ${y}H${size.width}`)
  return `<path d="${path.join('')}" stroke="${stroke}" fill="none"/>`
}

function ink(drawn: readonly string[]): string {
  return `<g stroke="#1a1a1a" fill="none">${drawn.join('')}</g>`
}
