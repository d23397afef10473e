import type { List } from '../../register/index.ts'
import { isVetted } from '../../register/terms.ts'

/** What a near hash that the list gave may lead to, where nothing else is known of its picture. */
export function aloneOf(
  list: Pick<List, 'kind' | 'vettedBy'>,
): 'allow' | 'review' | 'half' | 'confirm' {
  if (list.kind === 'allow') return 'allow'
  if (isVetted(list)) return 'confirm'
  return list.vettedBy.length > 0 ? 'half' : 'review'
}
