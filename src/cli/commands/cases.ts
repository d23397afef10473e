import { Argument, type Command, Option } from 'commander'
import type { Assigned } from '../../assignments/index.ts'
import type { Case, CaseStatus, CaseTakeBack, ReviewDecision } from '../../cases/index.ts'
import { CASE_TAKE_BACKS } from '../../cases/terms.ts'
import { holderText, withAssigning } from '../assigning.ts'
import { runBatch } from '../batch.ts'
import { caseText } from '../case-text.ts'
import { type CircumstanceOptions, circumstancesOf, withCircumstances } from '../circumstances.ts'
import { type PagingOptions, paged, verb } from '../help.ts'
import { showPage } from '../list-page.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'
import { writeMap } from '../write-map.ts'
import { withRejudging } from './rejudged.ts'

const DECISIONS = { accept: 'accepted', reject: 'rejected' } as const

interface CloseOptions {
  readonly reason: string
  readonly takeBack?: CaseTakeBack
  readonly notIllegal?: true
}

export function casesCommand(shell: Shell): Command {
  const cases = verb('cases', 'cases: list, show, decide the review band, close', [
    'hindra cases --decision pending',
    'hindra cases show CASE_ID',
    'hindra cases show CASE_ID --explain map.svg',
    'hindra cases of https://host.example/a.jpg    # when its host rings',
    'hindra cases decide CASE_ID accept --reason "same picture, cropped"',
    'hindra cases rejudge --dry-run',
  ])

  paged(cases.command('list', { isDefault: true }))
    .description('a page of cases, oldest first')
    .option('--status <status>', 'open, in-progress, removed, ...')
    .option('--decision <decision>', 'pending: what waits for a person; accepted, rejected')
    .action((query: PagingOptions & { status?: CaseStatus; decision?: ReviewDecision }) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.cases.list, {
          query: { ...query },
          human: asTable,
          placeOf: ({ id }) => id,
        })
      }),
    )

  cases
    .command('of <url>')
    .description('every case of a URL, also those that are closed: what to tell a host that rings')
    .action((url: string) =>
      shell.withClient(async (client) => {
        const found = await client.cases.ofUrl({ url })
        shell.output().answer(found, asTable)
      }),
    )

  cases
    .command('show <id>')
    .description('one case with its evidence, host, notices and history')
    .option('--raw-urls', 'URLs as they are; otherwise they cannot be clicked by accident')
    .option('--explain <file>', 'write why as an SVG: the best match by cells, without a picture')
    .action((id: string, { rawUrls, explain }: { rawUrls?: true; explain?: string }) =>
      shell.withClient(async (client) => {
        const found = await client.cases.show({ id })
        if (explain !== undefined) await writeMap(shell, explain, await client.cases.maps({ id }))
        shell.output().answer(found, (shown) => caseText(shown, rawUrls))
      }),
    )

  cases
    .command('decide')
    .description('accept or reject a match of the review band; notices wait for it')
    .argument('<id>')
    .addArgument(new Argument('<decision>').choices(Object.keys(DECISIONS)))
    .requiredOption('--reason <text>', 'why, for the record')
    .action((id: string, decision: keyof typeof DECISIONS, { reason }: { reason: string }) =>
      shell.withClient(async (client) => {
        const decided = { decision: DECISIONS[decision], reason }
        const changed = await client.cases.decide({ id, ...decided })
        shell.output().answer(changed, (shown) => asTable([shown]))
      }),
    )

  withCircumstances(cases.command('circumstances <id>'))
    .description('what is learned later and decides who is told: whose child, who asks')
    .requiredOption('--reason <text>', 'how it is known, for the record')
    .action((id: string, { reason, ...options }: CircumstanceOptions & { reason: string }) =>
      shell.withClient(async (client) => {
        const learned = { change: circumstancesOf(options) ?? {}, reason }
        const changed = await client.cases.setCircumstances({ id, ...learned })
        shell.output().answer(changed, (shown) => caseText(shown))
      }),
    )

  cases
    .command('close <id>')
    .description('ends a case')
    .requiredOption('--reason <text>', 'why, for the record')
    .addOption(
      new Option(
        '--take-back <why>',
        'it did not stand: whoever was told of it is told so, and why',
      )
        .choices(CASE_TAKE_BACKS)
        .conflicts('notIllegal'),
    )
    .option('--not-illegal', 'short for --take-back not-illegal')
    .action((id: string, { reason, ...how }: CloseOptions) =>
      shell.withClient(async (client) => {
        const takeBack = how.notIllegal === true ? 'not-illegal' : how.takeBack
        const closed = { reason, takeBack }
        const changed = await client.cases.close({ id, ...closed })
        shell.output().answer(changed, (shown) => asTable([shown]))
      }),
    )

  cases
    .command('take <ids...>')
    .description('takes cases, so that nobody else works on them meanwhile')
    .action((ids: readonly string[]) =>
      shell.withClient((client) =>
        runBatch(shell, {
          label: 'taken',
          inputs: ids,
          work: (id) => client.caseAssignments.take({ id }),
          human: ({ id, until }) => `${id}  yours until ${until}`,
        }),
      ),
    )

  withAssigning(cases, shell, 'case')
  withRejudging(cases, shell)
  return cases
}

function asTable(cases: readonly (Case & Partial<Assigned<Case>>)[]): string {
  return table(
    [
      ...['id', 'status', 'verdict', 'decision', 'class', 'host', 'country', 'seen', 'last seen'],
      ...['last look', 'holder'],
    ],
    cases.map((shown) => [
      ...[shown.id, shown.status, shown.verdict, shown.decision, shown.classification],
      ...[shown.hostName, shown.country, shown.sightings, shown.lastSeenAt],
      shown.lastLook && `${shown.lastLook.outcome}: ${shown.lastLook.cause}`,
      holderText(shown.assignment ?? null),
    ]),
  )
}
