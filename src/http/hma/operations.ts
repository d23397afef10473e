import { banks } from './banks.ts'
import { contents } from './contents.ts'
import { exchanges } from './exchanges.ts'
import { hashing, matching } from './look-ups.ts'
import type { HmaOperation } from './operation.ts'
import { describing } from './describing.ts'

/** All of HMA's API that is served: what is not listed here is not there. */
export const HMA_OPERATIONS: readonly HmaOperation[] = [
  ...hashing,
  ...matching,
  ...banks,
  ...contents,
  ...exchanges,
  ...describing,
]
