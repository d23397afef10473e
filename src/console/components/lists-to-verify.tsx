import type { ListView } from '../../register/index.ts'
import { OWN_REQUESTS } from '../../register/terms.ts'
import type { Visit } from '../page.ts'
import { useWords } from '../visiting.ts'

export const VERIFY = '/console/verify'
/** Whose entries come first: the house's own before what partners send by the thousand. */
const KINDS: readonly ListView['kind'][] = ['own', 'allow', 'partner']

/** Lists that hold what one person proposed and a second one has not verified. */
export async function listsToVerify({ calls }: Visit): Promise<readonly ListView[]> {
  return (
    (await calls.lists.list())
      // What children ask for themselves nobody verifies.
      .filter(({ name, entries }) => entries.proposed > 0 && name !== OWN_REQUESTS)
      .toSorted((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind))
  )
}

/** Links to what waits in each, with how many. */
export function ListsToVerify({
  lists,
  shown,
}: {
  readonly lists: readonly ListView[]
  /** The name of the one that the page shows. */
  readonly shown?: string | undefined
}) {
  const { toVerify } = useWords()
  return (
    <nav aria-label={toVerify.lists}>
      <ul class="choices">
        {lists.map(({ name, entries }) => (
          <li key={name}>
            <a
              href={`${VERIFY}?list=${encodeURIComponent(name)}`}
              aria-current={name === shown ? 'page' : undefined}
            >
              {name} ({entries.proposed})
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
