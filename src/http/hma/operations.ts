import { curating } from './curation.ts'
import { hashing, matching } from './look-ups.ts'
import type { HmaOperation } from './operation.ts'

/** All of HMA's API that is served: what is not listed here is not there. */
export const HMA_OPERATIONS: readonly HmaOperation[] = [...hashing, ...matching, ...curating]
