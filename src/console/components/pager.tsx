import { useVisit } from '../visiting.ts'

/** Rows on one page of a list. */
export const PAGE_ROWS = 50

/** The id behind which the next page begins, where this one is full. */
export function lastOf(rows: readonly { readonly id: string }[]): string | undefined {
  return rows.length === PAGE_ROWS ? rows.at(-1)?.id : undefined
}

/** How many rows a list has on all its pages, where that was counted. */
export function Total({ of }: { readonly of: string | null }) {
  const { words } = useVisit()
  return of === null ? null : <p>{words.rows(of)}</p>
}

/** Links to the page of a list behind this one, and to the first. */
export function Pager({
  filter,
  last,
  by = 'after',
}: {
  readonly filter: Readonly<Record<string, string | undefined>>
  /** Id of the last row shown, or how many are left out; undefined where no more follow. */
  readonly last: string | undefined
  /** What the address calls the place to go on at. */
  readonly by?: 'after' | 'from'
}) {
  const { words, place } = useVisit()
  const [path = ''] = place.split('?')
  const link = (at: string | undefined) => {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...filter, [by]: at })) {
      if (value !== undefined) query.set(name, value)
    }
    const text = query.toString()
    return text === '' ? path : `${path}?${text}`
  }
  return (
    <nav class="pager" aria-label={words.more}>
      {filter[by] !== undefined && <a href={link(undefined)}>{words.first}</a>}
      {last !== undefined && <a href={link(last)}>{words.more}</a>}
    </nav>
  )
}

/** The same for rows that are told by their place in a list and not by an id. */
export function PlacePager({
  filter,
  from,
  shown,
  all,
}: {
  readonly filter: Readonly<Record<string, string | undefined>>
  /** How many rows stand before this page, on it, and on all pages. */
  readonly from: number
  readonly shown: number
  readonly all: number
}) {
  return (
    <Pager
      by="from"
      filter={{ ...filter, from: from === 0 ? undefined : String(from) }}
      last={all > from + shown ? String(from + shown) : undefined}
    />
  )
}
