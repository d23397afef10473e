import { Argument, type Command } from 'commander'
import type { Case, LookAnswer } from '../../cases/index.ts'
import { defang, defined } from '../../core/index.ts'
import type { RecheckResult } from '../../recheck/index.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

const ANSWERS: readonly LookAnswer['answer'][] = ['still-there', 'gone', 'look-again']
const REMEDY =
  'look yourself, then: hindra recheck answer ID still-there|gone|look-again --reason "..."'

export function define(recheck: Command, shell: Shell): void {
  withExamples(recheck, [
    'hindra recheck            # what is due',
    'hindra recheck CASE_ID    # one case, now',
    'hindra recheck waiting    # what looks could not tell, and waits for you',
    'hindra recheck answer CASE_ID gone --reason "the page says so in Thai"',
    'hindra recheck answer CASE_ID look-again --at 2026-12-01T12:00:00Z --reason "asks for a login"',
  ])

  recheck
    .command('look', { isDefault: true })
    .description('looks now: at one case, else at all that are due')
    .argument('[caseId]', 'one case; else all that are due')
    .action((caseId: string | undefined) =>
      shell.withClient(async (client) => {
        const seen = await client.cases.recheck({ caseId })
        shell.output().answer(seen, asTable)
      }),
    )

  paged(recheck.command('waiting'))
    .description('cases whose looks cannot tell whether it is still there: a person is to look')
    .option('--raw-urls', 'URLs as they are; otherwise they cannot be clicked by accident')
    .action(({ rawUrls, ...query }: PagingOptions & { rawUrls?: true }) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.cases.list, {
          query: { ...query, unverified: 'true' },
          human: (shown) => asWaiting(shown, rawUrls === true),
          placeOf: ({ id }) => id,
        })
      }),
    )

  recheck
    .command('answer')
    .description('what you saw at a case whose looks cannot tell; it moves the case')
    .argument('<caseId>')
    .addArgument(new Argument('<answer>').choices(ANSWERS))
    .option('--at <time>', 'of look-again: when, as UTC ISO 8601')
    .requiredOption('--reason <text>', 'what you saw, for the record')
    .action(
      (
        caseId: string,
        answer: LookAnswer['answer'],
        { at, reason }: { at?: string; reason: string },
      ) =>
        shell.withClient(async (client) => {
          const said = { answer, reason, ...defined({ at }) }
          const changed = await client.cases.answerLook({ id: caseId, ...said })
          shell.output().answer(changed, asMoved)
        }),
    )
}

function asTable(results: readonly RecheckResult[]): string {
  return table(
    ['case', 'outcome', 'cause', 'distance', 'what was seen', 'from', 'next look', 'why then'],
    results.map(({ caseId, outcome, cause, distance, reason, ...seen }) => [
      ...[caseId, outcome, cause, distance, reason],
      ...[seen.seenFrom.map(({ vantage }) => vantage).join(', ')],
      ...[seen.nextRecheckAt, seen.nextRecheckWhy],
    ]),
  )
}

function asWaiting(cases: readonly Case[], rawUrls: boolean): string {
  if (cases.length === 0) return 'nothing waits: every look could tell'
  const shown = table(
    [
      'case',
      'status',
      'url',
      'cannot tell since',
      'looks',
      'why',
      'told',
      'told again',
      'next look',
    ],
    cases.map(({ id, status, rawUrl, unverified, lastLook, nextRecheckAt }) => [
      ...[id, status, rawUrls ? rawUrl : defang(rawUrl), unverified?.since, unverified?.looks],
      ...[lastLook && `${lastLook.cause}: ${lastLook.reason}`],
      ...[unverified?.alerts, unverified?.alertAt, nextRecheckAt],
    ]),
  )
  return `${shown}\n\n${REMEDY}`
}

function asMoved({ id, status, nextRecheckAt, nextRecheckWhy }: Case): string {
  return table(
    ['case', 'status', 'next look', 'why then'],
    [[id, status, nextRecheckAt, nextRecheckWhy]],
  )
}
