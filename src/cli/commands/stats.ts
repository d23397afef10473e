import type { Command } from 'commander'
import type { QuarterTable } from '../../stats/index.ts'
import { verb } from '../help.ts'
import { type Cell, fields } from '../output.ts'
import type { Shell } from '../shell.ts'

export function statsCommand(shell: Shell): Command {
  return verb('stats', 'the table of a quarter', ['hindra stats', 'hindra stats --quarter 2026-Q4'])
    .option('--quarter <quarter>', 'YYYY-Qn; by default the present one')
    .action((query: { quarter?: string }) =>
      shell.withClient(async (client) => {
        shell.output().answer((await client.get('/v1/stats', query)) as QuarterTable, asText)
      }),
    )
}

/** Nested counts become `verdicts review`. */
function asText(quarter: QuarterTable): string {
  const flat: Record<string, Cell> = {}
  for (const [name, value] of Object.entries(quarter) as [string, Cell | object][]) {
    if (typeof value !== 'object' || value === null) flat[name] = value
    else for (const [part, count] of Object.entries(value)) flat[`${name} ${part}`] = count as Cell
  }
  return fields(flat)
}
