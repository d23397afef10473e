import type { Classification } from '../register/index.ts'
import {
  type ClearRow,
  type Context,
  keySpace,
  KeptFacts,
  type Row,
  table,
  take,
  type Transaction,
} from '../store/index.ts'
import type { KeptAnswer } from './answers.ts'

interface AssessmentClear {
  readonly classification: Classification
  readonly by: string
  readonly at: string
  /** Null where several people agreed that nothing was illegal. */
  readonly caseId: string | null
  readonly tipId: string | null
  /** Which assessment of a panel it was; absent where one person was enough. */
  readonly panel?: PanelPlace
}

/** An assessment among those of a panel: 1 for the first that was given. */
export interface PanelPlace {
  readonly id: string
  readonly number: number
}

/** What of an assessment figures count. */
export type AssessmentFacts = ClearRow<Pick<AssessmentClear, 'classification' | 'at' | 'caseId'>>

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
  /** Null where several people agreed that nothing was illegal. */
  readonly caseId: string | null
  readonly tipId: string | null
  /** Where several people assessed it: which of them this is, the last of which counts. */
  readonly panel?: PanelPlace
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
    case: {
      keys: keySpace('assessment-case'),
      at: ({ clear: { caseId } }) => caseId !== null && [caseId],
    },
  },
})

/** Reads what was assessed. */
export function createAssessmentReader({ store, sealer }: Pick<Context, 'store' | 'sealer'>) {
  const assessments = assessmentTable(sealer)
  const kept = new KeptFacts(
    assessments,
    ({ id, clear: { classification, at, caseId } }): AssessmentFacts => ({
      id,
      clear: { classification, at, caseId },
    }),
  )

  return {
    facts: (tx: Transaction, tell: (one: AssessmentFacts) => void): Promise<void> =>
      kept.each(tx, tell),

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
      // The one that is the subject of a case may be the last of several.
      return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    },

    page: (page: { readonly after?: string; readonly limit?: number }) =>
      store.transact(async (tx) => (await assessments.page(tx, page)).map(keptOf)),
  }
}

function keptOf({ id, clear, sealed }: Row<AssessmentClear, AssessmentSealed>): KeptAssessment {
  const { reason, answers = [] } = sealed
  return { id, ...clear, reason, answers }
}
