import type { Command } from 'commander'
import type { RecheckResult } from '../../recheck/index.ts'
import { verb } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function recheckCommand(shell: Shell): Command {
  return verb('recheck', 'looks whether the material of cases is gone', [
    'hindra recheck            # what is due',
    'hindra recheck CASE_ID    # one case, now',
  ])
    .argument('[caseId]', 'one case; else all that are due')
    .action((caseId: string | undefined) =>
      shell.withClient(async (client) => {
        const seen = (await client.post('/v1/rechecks', { caseId })) as readonly RecheckResult[]
        shell.output().answer(seen, asTable)
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
