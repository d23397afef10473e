import type { Command } from 'commander'
import type { HostFigures, QuarterTable } from '../../stats/index.ts'
import { verb } from '../help.ts'
import { type Cell, fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function statsCommand(shell: Shell): Command {
  return verb('stats', 'the table of a quarter', [
    'hindra stats',
    'hindra stats --quarter 2026-Q4',
    'hindra stats --hosts       # who removes, how fast, and where it comes back',
  ])
    .option('--quarter <quarter>', 'YYYY-Qn; by default the present one')
    .option('--hosts', 'by host, those with the most returns first')
    .action(({ hosts, ...query }: { quarter?: string; hosts?: true }) =>
      shell.withClient(async (client) => {
        if (hosts === true) {
          const figures = await client.get('/v1/stats/hosts', query)
          shell.output().answer(figures as readonly HostFigures[], asTable)
          const { onePersonLists } = (await client.get('/v1/stats', query)) as QuarterTable
          if (onePersonLists.length > 0) {
            shell.output().note(`ONE PERSON verifies alone in: ${onePersonLists.join(', ')}`)
          }
          return
        }
        shell.output().answer((await client.get('/v1/stats', query)) as QuarterTable, asText)
      }),
    )
}

/** Nested counts become `verdicts review`. */
function asText(quarter: QuarterTable): string {
  const flat: Record<string, Cell> = {}
  for (const [name, value] of Object.entries(quarter) as [string, Cell | object][]) {
    if (Array.isArray(value)) flat[name] = value.length === 0 ? 'none' : value.join(', ')
    else if (typeof value !== 'object' || value === null) flat[name] = value
    else for (const [part, count] of Object.entries(value)) flat[`${name} ${part}`] = count as Cell
  }
  return fields(flat)
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
