import type { REFUSALS } from '../../../errors.ts'
import type { Same } from '../in-both.ts'
import { cases } from './cases.ts'
import { fields } from './fields.ts'
import { known } from './known.ts'
import { notices } from './notices.ts'
import { people } from './people.ts'

/** Every refusal in Swedish. Its English is what commands print. */
export const REFUSALS_SV: Same<typeof REFUSALS> = {
  ...fields,
  ...cases,
  ...notices,
  ...people,
  ...known,
}
