import type { EarlierCase, UrlReport } from '../assessing/index.ts'
import type { Announcement } from '../takedown/index.ts'
import { printable, table } from './output.ts'

/** Who is told of a case, when, and by which rule. */
export function announcementText(announced: Announcement): string {
  const { rule, why, policy, recipients, later, unreachable, held } = announced
  if (rule === null) return `nobody is told yet\n  ${printable(why)}`
  return [
    `who is told, by the rule ${rule}: ${why}`,
    `  ${policy ?? ''}`,
    ...(held === null ? [] : [`NOTHING LEAVES NOW: ${printable(held)}`]),
    '',
    table(
      ['told', 'name', 'by', 'when', 'waits for'],
      recipients.map(({ role, name, recipient, state, at, waitsFor }) => [
        ...[role, name, recipient],
        state === null || at === null ? (at ?? state) : `${state} ${at}`,
        waitsFor.length === 0 ? 'nothing' : waitsFor.join('; '),
      ]),
    ),
    ...(later.length === 0
      ? []
      : [`later     ${later.map(({ role, name }) => `${role} (${printable(name)})`).join(', ')}`]),
    ...unreachable.map((reason) => `not told  ${printable(reason)}`),
  ].join('\n')
}

/** What a URL is known for, with nothing opened. */
export function urlReportText(report: UrlReport): string {
  const { cases, assessments, tips, atHost, sameFile } = report
  const { host, open, over, newest, whole } = atHost
  const reach = whole ? '' : ', as far as the newest cases tell'
  return [
    `cases at this URL\n${casesTable(cases)}`,
    `assessed as\n${table(
      ['at', 'class', 'case'],
      assessments.map(({ at, classification, caseId }) => [at, classification, caseId]),
    )}`,
    `tips on this URL\n${table(
      ['id', 'status', 'source', 'received'],
      tips.map(({ id, status, source, receivedAt }) => [id, status, source, receivedAt]),
    )}`,
    `at the host ${printable(host.replaceAll('.', '[.]'))}: ${open} open, ${over} over${reach}\n${casesTable(newest)}`,
    `the same file\n${table(
      ['item', 'status', 'class', 'cases'],
      sameFile.map(({ id, status, classification, cases: of }) => [
        ...[id, status, classification],
        of.map(({ id: caseId, status: state }) => `${caseId} ${state}`).join(', '),
      ]),
    )}`,
  ].join('\n\n')
}

function casesTable(cases: readonly EarlierCase[]): string {
  return table(
    ['case', 'status', 'verdict', 'class', 'opened', 'taken back'],
    cases.map(({ id, status, verdict, classification, openedAt, takenBack }) => [
      ...[id, status, verdict, classification, openedAt, takenBack],
    ]),
  )
}
