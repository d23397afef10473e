import type { AssessmentView } from '../assessing/index.ts'
import { COMMAS, csvRow } from '../csv/index.ts'

/**
 * A column for each question that was answered at least once; several answers are set apart by a bar. Where several people
 * assessed the same, of which of them it is, the last of which counts.
 */
export function assessmentsCsv(found: readonly AssessmentView[]): string {
  const questions = [
    ...new Set(found.flatMap(({ answers }) => answers.map(({ question }) => question))),
  ]
  const several = found.some(({ panel }) => panel !== undefined) ? ['panel', 'number'] : []
  const fixed = ['id', 'case', 'tip', 'at', 'assessor', 'class', 'reason', 'asked by']
  const head = [...fixed, ...several, ...questions]
  const rows = found.map(({ id, caseId, tipId, at, by, assessor, classification, ...one }) => {
    const { answers, reason, panel } = one
    const given = new Map(answers.map(({ question, answer }) => [question, answer.join('|')]))
    const versions = new Set(answers.map(({ set, version }) => `${set} ${version}`))
    return [
      ...[id, caseId ?? '', tipId ?? '', at, assessor ?? by, classification, reason],
      [...versions].join('|'),
      ...several.map((name) =>
        name === 'panel' ? (panel?.id ?? '') : String(panel?.number ?? ''),
      ),
      ...questions.map((question) => given.get(question) ?? ''),
    ]
  })
  return [head, ...rows]
    .map((row) => csvRow(row, COMMAS))
    .join('')
    .trimEnd()
}
