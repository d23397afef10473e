import type { List } from '../../register/index.ts'
import { OWN_REQUESTS } from '../../register/terms.ts'
import { useVisit } from '../visiting.ts'

/** Who verifies what stands in a list. */
export function Eyes({ list }: { readonly list: Pick<List, 'name' | 'fourEyes'> }) {
  const { lists: said } = useVisit().words
  if (list.name === OWN_REQUESTS) return <>{said.nobody}</>
  return list.fourEyes ? <>{said.four}</> : <span class="badge late">{said.onePerson}</span>
}
