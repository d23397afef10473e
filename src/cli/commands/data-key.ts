import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { DataKeyStatus } from '../../keeping/index.ts'
import { withExamples } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(dataKey: Command, shell: Shell): void {
  withExamples(dataKey, [
    'hindra data-key',
    'hindra data-key rotate                          # the key comes from a file',
    'hindra data-key rotate --out /run/keys/new.key  # it comes from a vault or the environment',
    'hindra data-key finish                          # once the new one is there',
  ])

  function show(status: unknown): void {
    shell.output().answer(status as DataKeyStatus, asText)
  }

  dataKey
    .command('status', { isDefault: true })
    .description('which data keys open the store, and whether records are being sealed anew')
    .action(() =>
      shell.withClient(async (client) => {
        show(await client.dataKey.show())
      }),
    )

  dataKey
    .command('rotate')
    .description('a new data key; records are sealed anew in the background, nothing stops')
    .option(
      '--out <file>',
      'new file on the machine of the server, where the key comes from no file',
    )
    .action(({ out }: { out?: string }) =>
      shell.withClient(async (client) => {
        const body = out === undefined ? {} : { out: resolve(out) }
        show(await client.dataKey.rotate(body))
        if (out !== undefined) {
          shell
            .output()
            .note(
              'Put it where the data key comes from, then: hindra data-key finish, or a restart.',
            )
        }
        shell
          .output()
          .note('Backups from before are opened by the old data key: keep it with them.')
      }),
    )

  dataKey
    .command('finish')
    .description('ends the data keys before the newest; a start with the newest does so by itself')
    .action(() =>
      shell.withClient(async (client) => {
        show(await client.dataKey.finish())
      }),
    )
}

function asText({ opening, recordKeys, resealed, problem }: DataKeyStatus): string {
  return fields({
    'opened by': opening.join(', '),
    records: recordKeys === 1 ? 'all sealed by one key' : `being sealed anew, ${resealed} so far`,
    ...(problem === null ? {} : { problem }),
  })
}
