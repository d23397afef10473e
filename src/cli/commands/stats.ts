import type { Command } from 'commander'
import { localTime } from '../../core/index.ts'
import type { HostFigures, QuarterTable } from '../../stats/index.ts'
import { HindraError } from '../../errors.ts'
import { verb } from '../help.ts'
import { type TableCell, fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function statsCommand(shell: Shell): Command {
  return verb('stats', 'the table of a quarter or month, by the clock of the house', [
    'hindra stats',
    'hindra stats --quarter 2026-Q4',
    'hindra stats --month 2026-11',
    'hindra stats --explain     # what each figure means',
    'hindra stats --hosts       # who removes, how fast, and where it comes back',
  ])
    .option('--quarter <quarter>', 'YYYY-Qn; by default the present one')
    .option('--month <month>', 'YYYY-MM, instead of a quarter')
    .option('--hosts', 'by host, those with the most returns first')
    .option('--explain', 'what each figure means')
    .action(async ({ hosts, explain, quarter, month }: StatsOptions) => {
      if (quarter !== undefined && month !== undefined) {
        throw new HindraError('INVALID_INPUT', 'give --quarter or --month, one of both')
      }
      const query = { quarter: quarter ?? month }
      await shell.withClient(async (client) => {
        if (explain === true) {
          const meanings = await client.stats.figures()
          shell.output().answer(meanings, fields)
          return
        }
        const figures = await client.stats.show(query)
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
  readonly hosts?: true
  readonly explain?: true
}

function periodText({ quarter, from, to, timeZone }: QuarterTable): string {
  const at = (time: string) => localTime(Date.parse(time), timeZone)
  return `${quarter}: from ${at(from)} to ${at(to)}`
}

/** Nested counts become `verdicts review`. */
function asText(quarter: QuarterTable): string {
  const { from, to, timeZone, ...figures } = quarter
  const at = (time: string) => localTime(Date.parse(time), timeZone)
  const flat = Object.entries(figures as Record<string, TableCell | object>).flatMap(
    ([name, value]) => {
      if (Array.isArray(value)) return [[name, value.length === 0 ? 'none' : value.join(', ')]]
      if (typeof value !== 'object' || value === null) return [[name, value]]
      return Object.entries(value).map(([part, count]) => [`${name} ${part}`, count as TableCell])
    },
  ) as [string, TableCell][]
  return fields({ from: at(from), to: at(to), ...Object.fromEntries(flat) })
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
