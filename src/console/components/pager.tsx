import { useVisit } from '../visiting.ts'

/** Links to the page of a list behind this one, and to the first. */
export function Pager({
  filter,
  last,
}: {
  readonly filter: Readonly<Record<string, string | undefined>>
  /** Id of the last row shown; undefined where no more follow. */
  readonly last: string | undefined
}) {
  const { words, place } = useVisit()
  const [path = ''] = place.split('?')
  const link = (after: string | undefined) => {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...filter, after })) {
      if (value !== undefined) query.set(name, value)
    }
    const text = query.toString()
    return text === '' ? path : `${path}?${text}`
  }
  return (
    <nav class="pager" aria-label={words.more}>
      {filter['after'] !== undefined && <a href={link(undefined)}>{words.first}</a>}
      {last !== undefined && <a href={link(last)}>{words.more}</a>}
    </nav>
  )
}
