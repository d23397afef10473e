export { CLASSIFICATIONS, type Classification } from './classification.ts'
export { type ListedHash, listedHashesOf } from './hash-set.ts'
export { EVIDENCE_KINDS } from './evidence.ts'
export { ENTRY_STATUSES, LIST_KINDS, OPINIONS, OWN_COPIES } from './item.ts'
