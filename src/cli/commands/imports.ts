import type { Command } from 'commander'
import type { ImportView } from '../../exchange/index.ts'
import { verb } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function importsCommand(shell: Shell): Command {
  return verb('imports', 'imports, the newest first, and how far each has come', ['hindra imports'])
    .option('--limit <rows>', 'at most so many rows (1 to 1000)', '100')
    .action((query: { limit: string }) =>
      shell.withClient(async (client) => {
        const found = await client.imports.list({ ...query })
        shell.output().answer(found, asTable)
        if (found.length < Number(query.limit)) return
        shell.output().note(`the ${found.length} newest are shown; --limit for more, up to 1000`)
      }),
    )
}

function asTable(imports: readonly ImportView[]): string {
  return table(
    [
      ...['id', 'list', 'format', 'state', 'lines', 'added', 'changed', 'deleted', 'refused'],
      ...['held', 'started'],
    ],
    imports.map((view) => [
      ...[view.id, view.list, view.format, view.dryRun ? `${view.state} (dry)` : view.state],
      ...[view.position, view.added, view.changed, view.deleted, view.refused, view.held],
      view.startedAt,
    ]),
  )
}
