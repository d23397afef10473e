const BEGINNING = 8
const END = 4

/**
 * A known item by its id, which opens its page. Ids begin with the time of their making, so that those of one import
 * begin alike: the end tells them apart.
 */
export function ItemLink({ id, opens = false }: { readonly id: string; readonly opens?: boolean }) {
  return (
    <a href={`/console/items/${id}`} {...(opens && { 'data-open': true })}>
      <code>{`${id.slice(0, BEGINNING)}…${id.slice(-END)}`}</code>
    </a>
  )
}
