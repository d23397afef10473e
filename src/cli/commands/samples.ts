import type { Command } from 'commander'
import type {
  SampleDifference,
  SampleDetail,
  SampleResult,
  SampleView,
} from '../../assessing/index.ts'
import type { CaseTakeBack, SampleAnswer, SampleOutcome } from '../../cases/index.ts'
import { CASE_TAKE_BACKS, SAMPLE_ANSWERS, SAMPLE_OUTCOMES } from '../../cases/terms.ts'
import { defang } from '../../core/index.ts'
import { matchesText } from '../case-text.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

const HEAD = ['sample', 'what', 'yours', 'since the hour', 'hours', 'url', 'page'] as const

export function define(samples: Command, shell: Shell): void {
  withExamples(samples, [
    'hindra samples                              # what you may decide again',
    'hindra samples take SAMPLE_ID               # what the decision stood on; nobody else decides it meanwhile',
    'hindra samples decide SAMPLE_ID --answer rejected --reason "another wall"',
    'hindra samples leave SAMPLE_ID              # to others, for good',
    'hindra samples differing                    # two differ, and you may be the third',
    'hindra samples settle SAMPLE_ID --outcome stands --reason "compared again"',
    'hindra samples settle SAMPLE_ID --outcome corrected --take-back not-the-same --reason "another child"',
  ])

  paged(samples.command('list', { isDefault: true }))
    .description('a page of decisions that you may decide again, oldest first')
    .action((query: PagingOptions) =>
      shell.withClient((client) =>
        showPage(shell, client.samples.list, {
          query,
          human: waitingText,
          placeOf: ({ id }) => id,
        }),
      ),
    )

  paged(samples.command('differing'))
    .description('a page of what two people decided differently, and you may settle')
    .action((query: PagingOptions) =>
      shell.withClient((client) =>
        showPage(shell, client.samples.differing, {
          query,
          human: differingText,
          placeOf: ({ id }) => id,
        }),
      ),
    )

  samples
    .command('take <id>')
    .description('takes one: until you decide it, or leave it, you are not shown its case')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.samples.take({ id }), formText)
      }),
    )

  samples
    .command('show <id>')
    .description('one that you have taken, or that you may settle')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const shown = await client.samples.show({ id })
        shell.output().answer(shown, (one) => {
          if (one.state === 'third') return differingText([one])
          return one.state === 'second' ? formText(one) : waitingText([one])
        })
      }),
    )

  samples
    .command('decide <id>')
    .description('decides again what you have taken')
    .requiredOption(
      '--answer <answer>',
      `of a match ${SAMPLE_ANSWERS.match.join(', ')}; of an assessment ${SAMPLE_ANSWERS.assessment.join(', ')}`,
    )
    .requiredOption('--reason <text>', 'why, for the record')
    .action((id: string, word: { readonly answer: SampleAnswer; readonly reason: string }) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.samples.decide({ id, ...word }), resultText)
      }),
    )

  samples
    .command('leave <id>')
    .description('leaves one to others for good that you have taken')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.samples.leave({ id }), () => 'left to others')
      }),
    )

  samples
    .command('settle <id>')
    .description('says as a third person what becomes of a decision with which the second differs')
    .requiredOption(
      '--outcome <outcome>',
      `${SAMPLE_OUTCOMES.join(', ')}; corrected does it at once: takes the case back, or accepts what was rejected`,
    )
    .option('--take-back <why>', `corrected, of a case that stands: ${CASE_TAKE_BACKS.join(', ')}`)
    .requiredOption('--reason <text>', 'why, for the record')
    .action((id: string, settlement: SettleOptions) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.samples.settle({ id, ...settlement }), resultText)
      }),
    )
}

interface SettleOptions {
  readonly outcome: SampleOutcome
  readonly takeBack?: CaseTakeBack
  readonly reason: string
}

function waitingText(found: readonly SampleView[]): string {
  if (found.length === 0) return 'nothing waits for you to be decided again'
  return `${table(HEAD, found.map(viewRow))}\n\nhindra samples take SAMPLE_ID`
}

function viewRow({ id, kind, isTaken, since, hours, url, pageUrl }: SampleView) {
  return [
    id,
    kind,
    isTaken ? 'yes' : 'no',
    since,
    hours,
    defang(url),
    pageUrl === null ? null : defang(pageUrl),
  ]
}

function formText({ id, kind, url, pageUrl, heldUntil, matches }: SampleDetail): string {
  const answers = SAMPLE_ANSWERS[kind].join('|')
  return [
    fields({
      sample: id,
      what: kind,
      url: defang(url),
      page: pageUrl === null ? null : defang(pageUrl),
      'yours until': heldUntil,
    }),
    ...matchesText({ matches }),
    `hindra samples decide ${id} --answer ${answers} --reason "..."`,
  ].join('\n\n')
}

function differingText(found: readonly SampleDifference[]): string {
  if (found.length === 0) return 'nothing waits for you to be settled'
  return [
    table(
      ['sample', 'case', 'first', 'why', 'second', 'why', 'url'],
      found.map(({ id, caseId, first, second, url }) => [
        ...[id, caseId, first.said, first.reason, second.said, second.reason, defang(url)],
      ]),
    ),
    `hindra samples settle SAMPLE_ID --outcome ${SAMPLE_OUTCOMES.join('|')} --reason "..."`,
  ].join('\n\n')
}

function resultText({ state, outcome }: SampleResult): string {
  if (outcome !== null) return `settled: ${outcome}`
  return state === 'agreed'
    ? 'the first decided the same: it is over'
    : 'the first decided otherwise: it waits for a third person, and until then nothing is taken back'
}
