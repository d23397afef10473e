import type { People } from '../access/index.ts'
import type { ItemLog } from './item-log.ts'
import type { ItemRows } from './item-rows.ts'
import type { Lists } from './lists.ts'
import type { Vocabulary } from './vocabulary.ts'

/** What those who change items share. */
export interface RegisterParts {
  readonly items: ItemRows
  readonly log: ItemLog
  readonly lists: Lists
  readonly vocabulary: Vocabulary
  readonly behind: People['behind']
}
