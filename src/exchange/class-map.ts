import type { Classification } from '../register/index.ts'

/** How the classes of a list are understood. */
export interface ClassMap {
  /** The class of lines that name none. */
  readonly all?: Classification
  /** Our class for each of the list's own. */
  readonly bySource?: Readonly<Record<string, Classification>>
}
