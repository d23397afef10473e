import type { Command } from 'commander'
import { CLASSIFICATIONS, type Item } from '../../register/index.ts'
import { runBatch } from '../batch.ts'
import { filesAt, readMedia } from '../files.ts'
import { verb } from '../help.ts'
import { printable } from '../output.ts'
import type { Shell } from '../shell.ts'

interface RegisterOptions {
  readonly classification: string
  readonly reference?: string
  readonly note?: string
}

export function registerCommand(shell: Shell): Command {
  return verb('register', 'proposes files as known material; another person verifies them', [
    'hindra register pictures/ --classification Baseline --reference H-2026-17',
    'hindra register a.jpg film.mp4 --classification National --json',
  ])
    .argument('<paths...>', 'files, or directories with all that is below them')
    .requiredOption('--classification <class>', CLASSIFICATIONS.join(', '))
    .option('--reference <text>', 'your own reference, for all of them')
    .option('--note <text>', 'a note, for all of them')
    .action(async (paths: readonly string[], options: RegisterOptions) => {
      const inputs = filesAt(paths)
      const { bytesMax } = shell.settings().config.decode
      const { classification, reference, note } = options

      await shell.withClient((client) =>
        runBatch(shell, {
          label: 'proposed',
          inputs,
          work: async (file) => {
            const media = (await readMedia(file, bytesMax)).toString('base64')
            const proposal = { media, classification, reference, note }
            return (await client.post('/v1/items', proposal)) as Item
          },
          human: (item, file) =>
            `${item.id}  ${item.status}  ${item.kind}  quality ${item.quality}  ${printable(file)}`,
        }),
      )
    })
}
