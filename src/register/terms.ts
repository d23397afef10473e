export { CLASSIFICATIONS } from './classification.ts'
export type { ListedHash } from './hash-set.ts'
export { LIST_KINDS } from './list-types.ts'
export { ENTRY_STATUSES, OPINIONS } from './types.ts'
