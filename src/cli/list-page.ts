import type { Client, CountedPage } from '../client/index.ts'
import type { PagingOptions } from './help.ts'
import { answerNamed } from './named-people.ts'
import type { Shell } from './shell.ts'

/** Rows of a page where nobody says how many. */
const PAGE_ROWS = 100
const PAGE_ROWS_MAX = 1_000

/** An operation that lists: `client.cases.list`. */
interface ListCall<Input, Row> {
  page(input: Input): Promise<CountedPage<readonly Row[]>>
}

/** What a command says of a list beside its rows. */
interface Listing<Input, Row> {
  /** What is asked, as the options of the command have it. */
  readonly query: Input & PagingOptions
  readonly human: (rows: readonly Row[]) => string
  /** What `--after` goes on behind. */
  readonly placeOf: (row: Row) => string
  /** Who tells what people are called; absent where rows name nobody. */
  readonly names?: Client
}

/**
 * A page of a list, or with --all every page; and on standard error how many rows there are and how to
 * go on, so that nobody takes a page for the whole. JSON is the rows alone.
 */
export async function showPage<Input extends object, Row>(
  shell: Shell,
  list: ListCall<Input, Row>,
  { query: { all, ...query }, human, placeOf, names }: Listing<Input, Row>,
): Promise<void> {
  // `all` is no field of it: it asks for every page. What is left is the input, which TypeScript cannot tell
  // of a type that it does not know.
  const ask = (more: object) => list.page({ ...query, ...more } as unknown as Input)
  const first = await ask(all === true ? { limit: PAGE_ROWS_MAX } : {})
  const rows = [...first.rows]
  for (let page = first; all === true && page.rows.length === PAGE_ROWS_MAX; ) {
    const last = rows.at(-1)
    page = await ask({ limit: PAGE_ROWS_MAX, after: last && placeOf(last) })
    rows.push(...page.rows)
  }
  if (names === undefined) shell.output().answer(rows, human)
  else await answerNamed(shell, names, rows, human)
  const last = rows.at(-1)
  const { limit = PAGE_ROWS } = query
  if (all === true || last === undefined || rows.length < Number(limit)) return
  if (first.total === String(rows.length)) return
  const shown = rows.length.toLocaleString('en')
  const of = first.total === null ? '' : ` of ${countText(first.total)}`
  shell.output().note(`${shown}${of} shown; --after ${placeOf(last)} for more, --all for all`)
}

/** `1,304`, `more than 10,000` */
function countText(total: string): string {
  const count = Number.parseInt(total, 10).toLocaleString('en')
  return total.endsWith('+') ? `more than ${count}` : count
}
