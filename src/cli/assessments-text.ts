import type { AssessmentView } from '../assessing/index.ts'
import { table } from './output.ts'

export function assessmentsTable(found: readonly AssessmentView[]): string {
  return table(
    ['id', 'at', 'by', 'class', 'case', 'answers'],
    found.map(({ id, at, by, assessor, classification, caseId, answers }) => [
      ...[id, at, assessor ?? by, classification, caseId],
      answers.map(({ question, answer }) => `${question}=${answer.join('+')}`).join(' '),
    ]),
  )
}
