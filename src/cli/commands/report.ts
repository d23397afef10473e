import { writeFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import type { FigureExplanation, PeriodClosing } from '../../reports/index.ts'
import { REPORT_FORMATS, REPORT_NAMES, type ReportName } from '../../reports/terms.ts'
import { UNITS } from '../../stats/terms.ts'
import type { Language } from '../../takedown/index.ts'
import { LANGUAGES } from '../../takedown/terms.ts'
import { withExamples } from '../help.ts'
import { answerNamed } from '../named-people.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(report: Command, shell: Shell): void {
  withExamples(report, [
    'hindra report ecpat --period 2026-Q4',
    'hindra report dsa --period 2026 --format html --lang sv --out dsa-2026.html',
    'hindra report inhope --period 2026 --format csv',
    'hindra report ecpat --period 2026-Q3 --publish    # small numbers hidden',
    'hindra report ecpat --period 2026-11 --explain removed',
    'hindra report close --period 2026-Q3              # what is erased later stands as counted',
  ])
  for (const name of REPORT_NAMES) report.addCommand(reportOf(shell, name))

  report
    .command('close')
    .description('keeps the figures of a period that is over, with a digest in the audit')
    .requiredOption('--period <period>', 'a year, quarter or month: 2026, 2026-Q4, 2026-11')
    .action(({ period }: { period: string }) =>
      shell.withClient(async (client) => {
        const closed = await client.reports.close({ period })
        await answerNamed(shell, client, closed, (one) => closingsText([one]))
      }),
    )
  report
    .command('closed')
    .description('the periods that were closed, with their digests')
    .action(() =>
      shell.withClient(async (client) => {
        await answerNamed(shell, client, await client.reports.closings(), closingsText)
      }),
    )
}

function closingsText(closings: readonly PeriodClosing[]): string {
  return table(
    ['period', 'closed', 'by', 'digest'],
    closings.map(({ period, closedAt, by, digest }) => [period, closedAt, by, digest]),
  )
}

interface ReportOptions {
  readonly period: string
  readonly format: keyof typeof REPORT_FORMATS
  readonly lang: Language
  readonly publish?: true
  readonly explain?: string
  readonly out?: string
}

const ABOUT: Readonly<Record<ReportName, string>> = {
  dsa: 'notices by provider, type of content and action taken: Regulation (EU) 2022/2065, Article 22(3)',
  inhope: "the fields of INHOPE's yearly report, beside what INHOPE has published",
  ecpat: 'tips, assessments, notices, requests and removals of a quarter, by month',
}

const EXAMPLES: Readonly<Record<ReportName, string>> = {
  dsa: '2026 --publish',
  inhope: '2026 --format csv',
  ecpat: '2026-Q4 --explain tips',
}

function reportOf(shell: Shell, name: ReportName): Command {
  const command = new Command(name).description(ABOUT[name])
  return withExamples(command, [`hindra report ${name} --period ${EXAMPLES[name]}`])
    .requiredOption('--period <period>', 'a year, quarter or month: 2026, 2026-Q4, 2026-11')
    .addOption(
      new Option('--format <format>', 'html is a page that prints')
        .choices(Object.keys(REPORT_FORMATS))
        .default('text'),
    )
    .addOption(new Option('--lang <language>').choices(LANGUAGES).default('en'))
    .option('--publish', 'hides small numbers, and what they could be worked out from')
    .option('--explain <figure>', 'the rows that this figure counts, by its id')
    .option('--out <file>', 'a file instead of standard output')
    .action(async ({ period, format, lang, publish, explain, out }: ReportOptions) => {
      await shell.withClient(async (client) => {
        if (explain !== undefined) {
          const explained = await client.reports.explain({ figure: explain, period })
          shell.output().answer(explained, explanationText)
          return
        }
        const asked = { report: name, period, ...(publish ? { publish: 'true' } : {}) }
        const made = await client.reports.make(asked)
        const text = REPORT_FORMATS[format].write(made, lang)
        if (out === undefined) {
          shell.output().answer(made, () => text.trimEnd())
          return
        }
        writeFileSync(out, text)
        shell.output().note(`written to ${out}`)
      })
    })
}

function explanationText({ rows, ...explained }: FigureExplanation): string {
  const { title, says, unit, period, value, rowsInAll, gone } = explained
  const head = [
    `${title.en} (${UNITS[unit].en}), ${period}: ${value ?? 'nothing to measure'}`,
    says.en,
    `${rowsInAll} rows${gone > 0 ? `, and ${gone} that are no longer there` : ''}`,
  ]
  const shown = table(
    ['of', 'id', 'round', 'group', 'value', 'counts', 'about'],
    rows.map(({ of, id, round, group, value: measured, holds, shows }) => [
      ...[of, id, round, group, measured, holds, shows],
    ]),
  )
  return [...head, '', shown].join('\n')
}
