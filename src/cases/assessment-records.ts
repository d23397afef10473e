import type { Classification } from '../register/index.ts'
import { type ClearRow, keySpace, type Row, table, take, type Transaction } from '../store/index.ts'
import type { Context } from '../store/index.ts'
import type { KeptAnswer } from './answers.ts'

interface AssessmentClear {
  readonly classification: Classification
  readonly by: string
  readonly at: string
  readonly caseId: string
  readonly tipId: string | null
}

/** What of an assessment figures count. */
export type AssessmentFacts = ClearRow<AssessmentClear>

interface AssessmentSealed {
  readonly url: string
  readonly pageUrl: string | null
  readonly reason: string
  /** Absent from records of versions that asked nothing. */
  readonly answers?: readonly KeptAnswer[]
}

/** An assessment as it was given: records of them are only added. */
export interface KeptAssessment {
  readonly id: string
  readonly caseId: string
  readonly tipId: string | null
  readonly classification: Classification
  readonly reason: string
  /** Principal id of its author. */
  readonly by: string
  /** UTC ISO 8601. */
  readonly at: string
  readonly answers: readonly KeptAnswer[]
}

export const assessmentTable = table<AssessmentClear, AssessmentSealed>(
  keySpace('assessment'),
).with({
  by: {
    /** Of older versions none is found here; the one that opened a case is named by the subject of the case. */
    case: { keys: keySpace('assessment-case'), at: ({ clear }) => [clear.caseId] },
  },
})

/** Reads what was assessed. */
export function createAssessmentReader({ store, sealer }: Pick<Context, 'store' | 'sealer'>) {
  const assessments = assessmentTable(sealer)

  return {
    facts: (tx: Transaction) => assessments.clearRows(tx),

    /** @param first The assessment that is the subject of the case, if it has one */
    async ofCase(
      tx: Transaction,
      caseId: string,
      first: string | undefined,
    ): Promise<readonly KeptAssessment[]> {
      const found = new Map<string, KeptAssessment>()
      const opening = first === undefined ? undefined : await assessments.get(tx, first)
      if (opening !== undefined) found.set(opening.id, keptOf(opening))
      for (const row of await take(assessments.by.case.rows(tx, [caseId]))) {
        found.set(row.id, keptOf(row))
      }
      return [...found.values()]
    },

    page: (page: { readonly after?: string; readonly limit?: number }) =>
      store.transact(async (tx) => (await assessments.page(tx, page)).map(keptOf)),
  }
}

function keptOf({ id, clear, sealed }: Row<AssessmentClear, AssessmentSealed>): KeptAssessment {
  const { reason, answers = [] } = sealed
  return { id, ...clear, reason, answers }
}
