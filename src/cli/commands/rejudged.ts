import { type Command, Option } from 'commander'
import type { Case, CaseTakeBack } from '../../cases/index.ts'
import { CASE_TAKE_BACKS } from '../../cases/terms.ts'
import type { RejudgedCase, RejudgingAnswer } from '../../assessing/index.ts'
import { type PagingOptions, paged } from '../help.ts'
import { showPage } from '../list-page.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

/** `hindra cases rejudge` and `hindra cases rejudged`: what a changed rule of matching does to cases. */
export function withRejudging(cases: Command, shell: Shell): void {
  cases
    .command('rejudge')
    .description('judges again what another rule of matching has confirmed, open and closed')
    .option('--dry-run', 'show what would wait for a person, and change nothing')
    .action(({ dryRun = false }: { dryRun?: boolean }) =>
      shell.withClient(async (client) => {
        const answer = await client.rejudgements.judge({ dryRun })
        shell.output().answer(answer, reportText)
      }),
    )

  const rejudged = cases
    .command('rejudged')
    .description('cases that a changed rule would not confirm: list, accept, dismiss')
  paged(rejudged.command('list', { isDefault: true }))
    .description('what waits for a person, with the notices that left')
    .action((query: PagingOptions) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.rejudgements.list, {
          query: { ...query },
          human: rejudgedText,
          placeOf: ({ caseId }) => caseId,
        })
      }),
    )
  rejudged
    .command('accept <case>')
    .description('it does not stand: whoever was told of it is told so')
    .requiredOption('--reason <text>', 'why, for the record')
    .addOption(
      new Option('--take-back <why>', 'what the correction says')
        .choices(CASE_TAKE_BACKS)
        .default('not-the-same'),
    )
    .action((id: string, accepted: { reason: string; takeBack: CaseTakeBack }) =>
      shell.withClient(async (client) => {
        const taken = await client.rejudgements.accept({ id, ...accepted })
        shell.output().answer(taken, standsText)
      }),
    )
  rejudged
    .command('dismiss <case>')
    .description('you looked, and it stands: notices go on')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((id: string, dismissed: { reason: string }) =>
      shell.withClient(async (client) => {
        const standing = await client.rejudgements.dismiss({ id, ...dismissed })
        shell.output().answer(standing, standsText)
      }),
    )
}

function reportText({ dryRun, found, ...report }: RejudgingAnswer): string {
  const { rule, looked, falls, untold, restored } = report
  const waits = falls + untold
  if (dryRun) {
    const head = `rule ${rule}: ${falls} cases would not be confirmed, of ${untold} nobody could tell`
    return waits === 0 ? head : `${head}\n${rejudgedText(found)}`
  }
  const said = [
    `rule ${rule}: ${looked} cases looked at, ${falls} would not be confirmed now, of ${untold} nobody can tell`,
    ...(restored > 0 ? [`${restored} wait no more`] : []),
    ...(waits > 0
      ? ['hindra cases rejudged lists them; nothing is sent until a person decides']
      : []),
  ]
  return said.join('\n')
}

/** A table of the cases with whoever was told of each; below it why each would not be confirmed. */
function rejudgedText(found: readonly RejudgedCase[]): string {
  if (found.length === 0) return 'no case waits because of a changed rule'
  const cases = table(
    ['case', 'status', 'would be', 'corrections', 'to'],
    found.map(({ caseId, status, verdict, recipients, told }) => [
      ...[caseId, status, verdict ?? 'untold', recipients],
      [...new Set(told.map(({ recipient }) => recipient))].join(', '),
    ]),
  )
  const reasons = found.map(({ caseId, reason }) => `${caseId}: ${reason}`)
  return [cases, ...reasons].join('\n')
}

function standsText({ id, status, decision }: Case): string {
  return `${id}  ${status}  ${decision}`
}
