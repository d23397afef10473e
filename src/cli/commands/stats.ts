import type { Command } from 'commander'
import { localTime } from '../../core/index.ts'
import type { HostFigures, PeriodTable, QuarterTable } from '../../stats/index.ts'
import { HindraError } from '../../errors.ts'
import { withExamples } from '../help.ts'
import { type TableCell, fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra stats',
    'hindra stats --quarter 2026-Q4',
    'hindra stats --month 2026-11',
    'hindra stats --year 2026 --parts   # each quarter of it',
    'hindra stats --explain     # what each figure means',
    'hindra stats --hosts       # who removes, how fast, and where it comes back',
  ])
    .option('--quarter <quarter>', 'YYYY-Qn; by default the present one')
    .option('--month <month>', 'YYYY-MM, instead of a quarter')
    .option('--year <year>', 'YYYY, instead of a quarter')
    .option('--parts', 'each month of the quarter, or each quarter of the year, side by side')
    .option('--hosts', 'by host, those with the most returns first')
    .option('--explain', 'what each figure means')
    .action(async ({ hosts, explain, parts, quarter, month, year }: StatsOptions) => {
      const [period, ...more] = [quarter, month, year].filter((one) => one !== undefined)
      if (more.length > 0) {
        throw new HindraError('INVALID_INPUT', 'give --quarter, --month or --year, one of them')
      }
      const query = { quarter: period }
      await shell.withClient(async (client) => {
        if (explain === true) {
          const meanings = await client.stats.figures()
          shell.output().answer(meanings, fields)
          return
        }
        const figures = await client.stats.show(query)
        if (parts === true) {
          shell
            .output()
            .answer(await client.stats.parts(query), (each) => sideBySide(figures, each))
          shell.output().note(periodText(figures))
          return
        }
        if (hosts !== true) {
          shell.output().answer(figures, asText)
          return
        }
        const byHost = await client.stats.hosts(query)
        shell.output().answer(byHost, asTable)
        shell.output().note(periodText(figures))
        const { onePersonLists } = figures
        if (onePersonLists.length > 0) {
          shell.output().note(`ONE PERSON verifies alone in: ${onePersonLists.join(', ')}`)
        }
      })
    })
}

interface StatsOptions {
  readonly quarter?: string
  readonly month?: string
  readonly year?: string
  readonly parts?: true
  readonly hosts?: true
  readonly explain?: true
}

function periodText({ quarter, from, to, timeZone }: QuarterTable): string {
  const at = (time: string) => localTime(Date.parse(time), timeZone)
  return `${quarter}: from ${at(from)} to ${at(to)}`
}

function asText({ from, to, timeZone, ...figures }: QuarterTable): string {
  const at = (time: string) => localTime(Date.parse(time), timeZone)
  return fields({ from: at(from), to: at(to), ...Object.fromEntries(flat(figures)) })
}

/** A column for each part of a period, and one for the whole of it. */
function sideBySide(whole: QuarterTable, parts: readonly PeriodTable[]): string {
  // What is as it is now, or says of which time the others are.
  const ofNoPart = ['waiting', 'onePersonLists', 'quarantined', 'from', 'to', 'timeZone']
  const columns = [...parts, whole].map((figures) => {
    const rows = Object.entries(figures).filter(([name]) => !ofNoPart.includes(name))
    return new Map(flat(Object.fromEntries(rows)))
  })
  const names = new Set(columns.flatMap((column) => [...column.keys()]))
  const [head = 'quarter', ...others] = names
  const row = (name: string) => columns.map((column) => (column.has(name) ? column.get(name) : 0))
  return table(
    [head, ...row(head).map(String)],
    others.map((name) => [name, ...row(name)]),
  )
}

/** Nested counts become `verdicts review`. */
function flat(figures: object): readonly (readonly [name: string, value: TableCell])[] {
  return Object.entries(figures as Record<string, TableCell | object>).flatMap(([name, value]) => {
    if (Array.isArray(value)) return [[name, value.length === 0 ? 'none' : value.join(', ')]]
    if (typeof value !== 'object' || value === null) return [[name, value]]
    return Object.entries(value).map(([part, count]) => [`${name} ${part}`, count as TableCell])
  }) as [string, TableCell][]
}

function asTable(figures: readonly HostFigures[]): string {
  return table(
    ['host', 'cases', 'removed', 'reappeared', 'median h', 'p90 h'],
    figures.map(({ host, cases, removed, reappeared, ...hours }) => [
      ...[host, cases, removed, reappeared],
      ...[hours.hoursToRemovalMedian, hours.hoursToRemovalP90],
    ]),
  )
}
