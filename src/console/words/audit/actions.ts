import { HOUSE_ACTS } from './house.ts'
import { JUDGING_ACTS } from './judging.ts'
import { KNOWN_ACTS } from './known.ts'
import { PEOPLE_ACTS } from './people.ts'
import { TOLD_ACTS } from './told.ts'
import { named } from '../in-pairs.ts'

/** What was done, in words. */
export const actions = named({
  ...PEOPLE_ACTS,
  ...JUDGING_ACTS,
  ...KNOWN_ACTS,
  ...TOLD_ACTS,
  ...HOUSE_ACTS,
})
