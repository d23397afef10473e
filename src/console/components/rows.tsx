import type { Child } from 'hono/jsx'
import { useWords } from '../visiting.ts'

export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => Child
}

/** A table of records, each of which a link in its first column opens. */
export function Rows<Row>({
  caption,
  columns,
  rows,
  idOf,
  empty,
  choice,
}: {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly idOf: (row: Row) => string
  readonly empty: string
  /** Rows can be chosen: for the form of which id, and what a reader hears of each. */
  readonly choice?:
    | {
        readonly form: string
        readonly of: (row: Row) => string
      }
    | undefined
}) {
  const { many } = useWords()
  if (rows.length === 0) return <p class="empty">{empty}</p>
  return (
    <div class="scroll" tabindex={0} role="group" aria-label={caption}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {choice !== undefined && <th scope="col">{many.choose}</th>}
            {columns.map(({ head }) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={idOf(row)} data-row>
              {choice !== undefined && (
                <td class="choose">
                  <input
                    type="checkbox"
                    form={choice.form}
                    name="ids"
                    value={idOf(row)}
                    aria-label={`${many.choose}: ${choice.of(row)}`}
                  />
                </td>
              )}
              {columns.map(({ head, cell }, place) =>
                place === 0 ? (
                  <th key={head} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={head} data-head={head}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
