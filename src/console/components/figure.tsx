import type { Child } from 'hono/jsx'
import { cellText, meaningOf, type ReportCell } from '../../reports/terms.ts'
import { useVisit } from '../visiting.ts'
import { Bars, type ChartPart, Columns } from './charts.tsx'

/** A figure of one group; a cell a column. */
export interface FigureLine {
  readonly name: string
  readonly cells: readonly ReportCell[]
  /** Whether it is that of all groups together. */
  readonly isAll?: boolean
}

/** A chart of more bars is harder to read than its table. */
const BARS_MAX = 12

/**
 * A figure: its chart, and beside it the table that says the same, for who does not see the one or wants to copy the
 * other.
 *
 * @param columns The period, then its parts
 */
export function Figure({
  id,
  title,
  says,
  columns,
  lines,
  isShare = false,
  rowsAt,
  beside,
}: {
  readonly id: string
  readonly title: string
  readonly says?: string
  readonly columns: readonly string[]
  readonly lines: readonly FigureLine[]
  readonly isShare?: boolean
  /** Where its rows are shown, for who may see them. */
  readonly rowsAt?: string | undefined
  /** What others have published of the same. */
  readonly beside?: readonly (readonly [who: string, cell: ReportCell])[]
}) {
  const { figures, none } = useVisit().words
  return (
    <section class="figure" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {says !== undefined && <p class="hint">{says}</p>}
      <div class="beside">
        <Chart id={id} title={title} columns={columns} lines={lines} isShare={isShare} />
        {lines.length === 0 ? (
          <p class="empty">{none}</p>
        ) : (
          <div class="scroll" tabindex={0} role="group" aria-label={title}>
            <table class="numbers">
              <caption class="hidden">{title}</caption>
              <thead>
                <tr>
                  <th scope="col">{figures.group}</th>
                  {columns.map((column) => (
                    <th key={column} scope="col">
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {lines.map(({ name, cells, isAll = false }) => (
                  <tr key={name} class={isAll ? 'all' : undefined}>
                    <th scope="row">{name}</th>
                    {columns.map((column, at) => (
                      <td key={column}>
                        <Cell cell={cells[at] ?? null} />
                      </td>
                    ))}
                  </tr>
                ))}
                {beside?.map(([who, cell]) => (
                  <tr key={who} class="others">
                    <th scope="row">{who}</th>
                    <td colspan={columns.length}>
                      <Cell cell={cell} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
      {rowsAt !== undefined && (
        <p class="rows-link">
          <a href={rowsAt}>
            {figures.seeRows}
            <span class="hidden">: {title}</span>
          </a>
        </p>
      )}
    </section>
  )
}

/** A number as people of the language write it; what stands for none says what it is. */
export function Cell({ cell }: { readonly cell: ReportCell }): Child {
  const { language } = useVisit()
  const text = cellText(cell, language)
  const meaning = meaningOf(text, language)
  return meaning === undefined ? <>{text}</> : <abbr title={meaning}>{text}</abbr>
}

function Chart({
  id,
  title,
  columns,
  lines,
  isShare,
}: {
  readonly id: string
  readonly title: string
  readonly columns: readonly string[]
  readonly lines: readonly FigureLine[]
  readonly isShare: boolean
}) {
  const { figures } = useVisit().words
  // A chart without a length in it would only take room from the table.
  if (!lines.some(({ cells }) => cells.some((cell) => typeof cell === 'number' && cell > 0))) {
    return null
  }
  const groups = lines.filter(({ isAll }) => isAll !== true)
  const [line] = lines
  if (groups.length > 1 || (groups.length === 1 && lines.length > 1)) {
    const parts = groups.map(({ name, cells }) => ({ name, cell: cells[0] ?? null }))
    const drawn = parts.length > BARS_MAX ? largestOf(parts) : parts
    return (
      <div>
        <p class="hint">
          {columns[0]}
          {drawn.length < parts.length && `: ${figures.largest(drawn.length)}`}
        </p>
        <Bars id={`${id}-chart`} title={title} parts={drawn} />
      </div>
    )
  }
  if (line === undefined || (columns.length === 1 && !isShare)) return null
  const parts = columns.map((name, at) => ({ name, cell: line.cells[at] ?? null }))
  if (isShare) return <Bars id={`${id}-chart`} title={title} parts={parts} whole={100} />
  // The whole beside its parts would make all of them small.
  return <Columns id={`${id}-chart`} title={title} parts={parts.slice(1)} />
}

/** Those with a number, the largest first: what is hidden has no place among them that could tell it. */
function largestOf(parts: readonly ChartPart[]): readonly ChartPart[] {
  const size = ({ cell }: ChartPart) => (typeof cell === 'number' ? cell : -1)
  return parts
    .filter(({ cell }) => typeof cell === 'number')
    .toSorted((a, b) => size(b) - size(a))
    .slice(0, BARS_MAX)
}
