import type { Child } from 'hono/jsx'
import { cellText, type ReportCell } from '../../reports/terms.ts'
import { useVisit } from '../visiting.ts'

/** One number of a chart, and what it is of. */
export interface ChartPart {
  readonly name: string
  readonly cell: ReportCell
}

/** Charts are measured in units of the drawing; one is about a pixel. */
const WIDTH = 360
const COLUMNS = { height: 176, top: 24, base: 148, label: 168, widthMax: 56, share: 0.6 }
const LENGTH = { row: 40, text: 14, bar: 20, thick: 12 }
/** What fits beside a number in one line. */
const NAME_CHARS_MAX = 36

/**
 * A column for each period. Every number stands at its column: nothing is told by height or colour alone, and what is
 * hidden or cannot be measured has its sign and no column.
 */
export function Columns({
  id,
  title,
  parts,
}: {
  readonly id: string
  readonly title: string
  readonly parts: readonly ChartPart[]
}) {
  const { language } = useVisit()
  const most = mostOf(parts)
  const slot = WIDTH / parts.length
  const width = Math.min(COLUMNS.widthMax, slot * COLUMNS.share)
  return (
    <Drawing id={id} title={title} height={COLUMNS.height}>
      {parts.map(({ name, cell }, at) => {
        const middle = slot * (at + 0.5)
        const height = partOf(cell, most) * (COLUMNS.base - COLUMNS.top)
        const top = COLUMNS.base - height
        return (
          <g key={name}>
            <rect class="bar" x={middle - width / 2} y={top} width={width} height={height} />
            <text class="middle" x={middle} y={top - 6}>
              {cellText(cell, language)}
            </text>
            <text class="middle" x={middle} y={COLUMNS.label}>
              {name}
            </text>
          </g>
        )
      })}
      <path class="axis" d={`M0 ${COLUMNS.base}H${WIDTH}`} />
    </Drawing>
  )
}

/**
 * A bar for each part, one below the other, with its name and number above it.
 *
 * @param whole What a bar of full length is: 100 of shares, which are drawn within an outline; else the longest one
 */
export function Bars({
  id,
  title,
  parts,
  whole,
}: {
  readonly id: string
  readonly title: string
  readonly parts: readonly ChartPart[]
  readonly whole?: number
}) {
  const { language, words } = useVisit()
  const { figures } = words
  const most = whole ?? mostOf(parts)
  return (
    <Drawing id={id} title={title} height={parts.length * LENGTH.row}>
      {parts.map(({ name, cell }, at) => {
        const top = at * LENGTH.row
        const bar = { x: 0, y: top + LENGTH.bar, height: LENGTH.thick }
        return (
          <g key={name}>
            <text x={0} y={top + LENGTH.text}>
              {shortened(name)}
            </text>
            <text class="end" x={WIDTH} y={top + LENGTH.text}>
              {cellText(cell, language)}
              {whole === 100 && typeof cell === 'number' && figures.percent}
            </text>
            {whole !== undefined && <rect class="whole" {...bar} width={WIDTH} />}
            <rect class="bar" {...bar} width={partOf(cell, most) * WIDTH} />
          </g>
        )
      })}
      <path class="axis" d={`M0 0V${parts.length * LENGTH.row}`} />
    </Drawing>
  )
}

function Drawing({
  id,
  title,
  height,
  children,
}: {
  readonly id: string
  readonly title: string
  readonly height: number
  readonly children: Child
}) {
  const { figures } = useVisit().words
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${height}`}
      class="chart"
      role="img"
      aria-labelledby={`${id}-title ${id}-desc`}
    >
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-desc`}>{figures.drawn}</desc>
      {children}
    </svg>
  )
}

function mostOf(parts: readonly ChartPart[]): number {
  return Math.max(0, ...parts.map(({ cell }) => (typeof cell === 'number' ? cell : 0)))
}

/** How much of the full length a number takes; nothing where there is no number, or none above nothing. */
function partOf(cell: ReportCell, most: number): number {
  return typeof cell === 'number' && cell > 0 && most > 0 ? Math.min(1, cell / most) : 0
}

function shortened(name: string): string {
  const chars = Array.from(name)
  return chars.length <= NAME_CHARS_MAX ? name : `${chars.slice(0, NAME_CHARS_MAX - 1).join('')}…`
}
