import { useVisit } from '../visiting.ts'

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
