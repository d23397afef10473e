import type { Command } from 'commander'
import { withExamples } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra backup --out /backups/hindra-$(date +%F).backup',
    'hindra restore /backups/hindra-2026-11-24.backup --check',
  ])
    .requiredOption(
      '--out <file>',
      'where it goes; an older file there is replaced once it is whole',
    )
    .action(({ out }: { out: string }) =>
      shell.withClient(async (client) => {
        const { keepBackup } = await import('../../backup/index.ts')
        const bytes = await keepBackup(out, client.transport.download('/v1/backup'))
        shell.output().answer({ file: out, bytes }, fields)
      }),
    )
}
