import type { PanelView } from '../assessing/index.ts'
import { defang } from '../core/index.ts'
import { assessmentsTable } from './assessments-text.ts'
import { table } from './output.ts'

/** What waits, the oldest first. */
export function panelsTable(found: readonly PanelView[]): string {
  const rows = found.map(({ id, state, since, hours, tipIds, pageUrl, ...one }) => [
    ...[id, state, since, hours, tipIds.join(' ')],
    ...[defang(one.url), pageUrl === null ? null : defang(pageUrl)],
  ])
  return table(['panel', 'waits for', 'since the hour', 'hours', 'tips', 'url', 'page'], rows)
}

/** What waits for an assessment of whoever asks, and how they give it. */
export function waitingText(found: readonly PanelView[]): string {
  if (found.length === 0) return panelsTable(found)
  return `${panelsTable(found)}\n\nhindra assess --second PANEL_ID --classification CLASS --reason "..."`
}

/** One of them: what was said is shown once it is over. */
export function panelText({ id, state, caseId, assessments }: PanelView): string {
  const said = assessments.length === 0 ? [] : [assessmentsTable(assessments)]
  return [`${id}  ${WHAT_NOW[state]}${caseId === null ? '' : `: case ${caseId}`}`, ...said].join(
    '\n\n',
  )
}

const WAITS =
  'nothing is opened and nobody is told before; they are shown nothing of what was said, nor by whom'
const WHAT_NOW: Readonly<Record<PanelView['state'], string>> = {
  second: `waits for a second person: ${WAITS}`,
  third: `two people differ, and it waits for a third, whose word counts: ${WAITS}`,
  agreed: 'two people said the same',
  decided: 'a third person decided',
  overtaken: 'a child is in danger now: nobody was waited for',
  withdrawn: 'taken back before anybody else had assessed it',
}
