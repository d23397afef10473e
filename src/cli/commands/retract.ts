import type { Command } from 'commander'
import type { Item } from '../../register/index.ts'
import { runBatch } from '../batch.ts'
import { withExamples } from '../help.ts'
import type { Shell } from '../shell.ts'
import { ruledText } from '../touched-text.ts'

export function define(command: Command, shell: Shell): void {
  withExamples(command, ['hindra retract ITEM_ID --reason "not illegal, see H-2026-31"'])
    .argument('<ids...>', 'items')
    .option('--entry <id>', 'only what one list says of it; else what all say')
    .requiredOption('--reason <text>', 'why, for the history')
    .action(
      (inputs: readonly string[], { reason, entry: entryId }: { reason: string; entry?: string }) =>
        shell.withClient((client) =>
          runBatch(shell, {
            label: 'retracted',
            inputs,
            work: async (id) => await client.items.retract({ id, reason, entryId }),
            human: (item) => `${ruledText(item)}${waiting(item)}`,
          }),
        ),
    )
}

/** Where the settings want two persons for what was verified. */
function waiting({ id, status }: Pick<Item, 'id' | 'status'>): string {
  if (status !== 'disputed') return ''
  return `\nmatches for review only; another person retracts it: hindra retract ${id} --reason "..."`
}
