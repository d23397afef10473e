import type { Command } from 'commander'
import type { RetentionLine } from '../../keeping/index.ts'
import { withExamples } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(retention: Command, shell: Shell): void {
  withExamples(retention, [
    'hindra retention           # what would go now',
    'hindra retention apply     # erases it; hindra serve does so every night',
  ])

  retention
    .command('show', { isDefault: true })
    .description('what is due, by type; nothing is changed')
    .action(() =>
      shell.withClient(async (client) => {
        const due = await client.retention.show()
        shell.output().answer(due, asTable('due'))
      }),
    )

  retention
    .command('apply')
    .description('erases it: records, what finds them, and old files of the store')
    .action(() =>
      shell.withClient(async (client) => {
        const erased = await client.retention.apply()
        shell.output().answer(erased, asTable('erased'))
      }),
    )
}

function asTable(what: string): (lines: readonly RetentionLine[]) => string {
  return (lines) =>
    table(
      ['type', 'kept', 'before', what],
      lines.map(({ type, days, before, records }) => [
        ...[type, days === 0 ? 'for ever' : `${days} days`, before, records],
      ]),
    )
}
