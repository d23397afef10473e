import type { Access } from '../access/index.ts'
import { type Cases, iccamAnswers, type KeptAnswer } from '../cases/index.ts'
import { defined } from '../core/index.ts'
import type { Entry, Register } from '../register/index.ts'
import { type Transaction, unlessGone } from '../store/index.ts'
import type { Assessed, AssessmentBeside } from '../takedown/index.ts'

/**
 * What the register's own words, and the name of the analyst, add to what hotlines are told of a case. A
 * partner's words on an item are the partner's to pass on, so only entries of our own lists count.
 */
export function assessedBeside(
  register: Pick<Register, 'read'>,
  people: Pick<Access, 'pseudonyms'>,
  cases: Pick<Cases, 'assessmentsOf'>,
): AssessmentBeside {
  return async (tx, { id, subject, history }) => {
    if (subject.kind === 'item') return describedBy(await entriesOf(tx, subject.id))
    const latest = (await cases.assessmentsOf(tx, id)).at(-1)
    const by = latest?.by ?? history[0]?.by
    const analyst = by === undefined ? undefined : (await people.pseudonyms(tx, [by])).get(by)
    return { ...defined({ analyst }), ...answered(latest?.answers ?? []) }
  }

  /** The entries of an item, none of one that was retracted. */
  async function entriesOf(tx: Transaction, itemId: string): Promise<readonly Entry[]> {
    return (await unlessGone(register.read(tx, itemId)))?.entries ?? []
  }
}

function describedBy(entries: readonly Entry[]): Assessed {
  const own = entries.find(({ listKind, status }) => listKind === 'own' && status === 'verified')
  if (own === undefined) return {}
  const { ageBand, selfGenerated, siteType, commerciality, ucs } = own
  return {
    ...(ageBand === null ? {} : { ageBand }),
    ...(selfGenerated === null ? {} : { selfGenerated }),
    ...(siteType === null ? {} : { siteType }),
    ...(commerciality === null ? {} : { commerciality }),
    ...(ucs.length === 0 ? {} : { ucs }),
  }
}

/**
 * What was answered of the material, where ICCAM has a field for it: by its words where they are verified, and by ours. Of
 * child and offender nothing is told here.
 */
function answered(answers: readonly KeptAnswer[]): Assessed {
  const { age, 'user-generated': made } = iccamAnswers(answers)
  const [ageBand, selfGenerated] = [age?.[0], made?.[0]]
  const ours = answers.flatMap(({ question, answer, iccam }) =>
    iccam === undefined ? [] : [[question, answer] as const],
  )
  return {
    ...(typeof ageBand === 'string' ? { ageBand } : {}),
    ...(typeof selfGenerated === 'boolean' ? { selfGenerated } : {}),
    ...(ours.length === 0 ? {} : { answers: Object.fromEntries(ours) }),
  }
}
