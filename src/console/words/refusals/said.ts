import type { REFUSALS } from '../../../errors.ts'
import type { Same } from '../in-both.ts'

/** Refusals of one topic; all topics together have each of them, which `index.ts` says. */
export type SaidRefusals = Partial<Same<typeof REFUSALS>>
