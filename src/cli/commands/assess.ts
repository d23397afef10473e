import type { Command } from 'commander'
import type { Case } from '../../cases/index.ts'
import { CLASSIFICATIONS } from '../../register/index.ts'
import { caseText } from '../case-text.ts'
import { verb } from '../help.ts'
import type { Shell } from '../shell.ts'

interface AssessOptions {
  readonly classification: string
  readonly reason: string
  readonly tip?: string
  readonly pageUrl?: string
}

export function assessCommand(shell: Shell): Command {
  return verb('assess', 'judges something new at a URL: it becomes a case without an item', [
    'hindra assess https://host.example/a.jpg --classification Baseline --reason "..." --tip TIP_ID',
  ])
    .argument('<url>', 'the media URL')
    .requiredOption('--classification <class>', CLASSIFICATIONS.join(', '))
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--tip <id>', 'the tip that it came from')
    .option('--page-url <url>', 'the page that shows it')
    .action((url: string, { tip: tipId, ...judged }: AssessOptions) =>
      shell.withClient(async (client) => {
        const opened = (await client.post('/v1/assessments', { url, tipId, ...judged })) as Case
        shell.output().answer(opened, (found) => caseText(found))
      }),
    )
}
