/** A known item by the beginning of its id, which opens its page. */
export function ItemLink({ id, opens = false }: { readonly id: string; readonly opens?: boolean }) {
  return (
    <a href={`/console/items/${id}`} {...(opens && { 'data-open': true })}>
      <code>{id.slice(0, 8)}</code>
    </a>
  )
}
