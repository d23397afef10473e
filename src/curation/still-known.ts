import type { Subject } from '../cases/index.ts'
import type { Register } from '../register/index.ts'
import type { Transaction } from '../store/index.ts'

/** The index is a hint, the store decides: this is asked again wherever something leaves the house. */
export function stillKnown(
  register: Pick<Register, 'known'>,
): (tx: Transaction, subject: Subject) => Promise<boolean> {
  return async (tx, subject) => {
    if (subject.kind === 'assessment') return true
    const item = await register.known(tx, subject.id)
    return item?.status === 'verified' && item.matching !== 'none'
  }
}
