import type { Command } from 'commander'
import { runBatch } from '../batch.ts'
import { filesAt, readMedia } from '../files.ts'
import { withExamples } from '../help.ts'
import { printable } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(corpus: Command, shell: Shell): void {
  withExamples(corpus, ['hindra corpus', 'hindra corpus add holiday-pictures/'])

  corpus
    .command('show', { isDefault: true })
    .description('how many pictures it has; only their hashes are kept, sealed')
    .action(() =>
      shell.withClient(async (client) => {
        const report = await client.corpus.show()
        shell.output().answer(report, ({ pictures }) => `${pictures} pictures`)
      }),
    )

  corpus
    .command('add <paths...>')
    .description('hashes files, or directories with all that is below them')
    .action((paths: readonly string[]) =>
      shell.withClient(async (client) => {
        const { bytesMax } = (await shell.settings()).config.decode
        await runBatch(shell, {
          label: 'hashed',
          inputs: filesAt(paths),
          work: async (file) => {
            const media = (await readMedia(file, bytesMax)).toString('base64')
            return await client.corpus.add({ media })
          },
          human: ({ added }, file) => `${added ? 'added' : 'known'}  ${printable(file)}`,
        })
      }),
    )
}
