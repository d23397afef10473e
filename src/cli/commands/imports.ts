import type { Command } from 'commander'
import type { ImportView } from '../../exchange/index.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(command: Command, shell: Shell): void {
  paged(withExamples(command, ['hindra imports', 'hindra imports --list iwf']))
    .option('--list <name>', 'into this list alone')
    .action((query: PagingOptions & { list?: string }) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.imports.list, {
          query: { ...query },
          human: asTable,
          placeOf: ({ id }) => id,
        })
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
