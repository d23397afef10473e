import type { Command } from 'commander'
import { runBatch } from '../batch.ts'
import { withExamples } from '../help.ts'
import type { Shell } from '../shell.ts'
import { ruledText } from '../touched-text.ts'

export function define(command: Command, shell: Shell): void {
  withExamples(command, ['hindra dispute ITEM_ID --reason "wrong class"'])
    .argument('<ids...>', 'items')
    .option('--entry <id>', 'only what one list says of it; else what all say')
    .requiredOption('--reason <text>', 'why, for the history')
    .action(
      (inputs: readonly string[], { reason, entry: entryId }: { reason: string; entry?: string }) =>
        shell.withClient((client) =>
          runBatch(shell, {
            label: 'disputed',
            inputs,
            work: async (id) => await client.items.dispute({ id, reason, entryId }),
            human: ruledText,
          }),
        ),
    )
}
