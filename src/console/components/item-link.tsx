import { shortId } from '../names.ts'

/** A known item by its id, which opens its page. */
export function ItemLink({ id, opens = false }: { readonly id: string; readonly opens?: boolean }) {
  return (
    <a href={`/console/items/${id}`} {...(opens && { 'data-open': true })}>
      <code>{shortId(id)}</code>
    </a>
  )
}
