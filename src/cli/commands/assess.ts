import type { Command } from 'commander'
import type { Case } from '../../cases/index.ts'
import { HindraError } from '../../errors.ts'
import type { Tip } from '../../intake/index.ts'
import { CLASSIFICATIONS } from '../../register/index.ts'
import { caseText } from '../case-text.ts'
import { type CircumstanceOptions, circumstancesOf, withCircumstances } from '../circumstances.ts'
import { verb } from '../help.ts'
import type { Shell } from '../shell.ts'

interface AssessOptions extends CircumstanceOptions {
  readonly classification: string
  readonly reason: string
  readonly tip?: string
  readonly pageUrl?: string
}

export function assessCommand(shell: Shell): Command {
  const assess = verb('assess', 'judges something new at a URL: a case without an item', [
    'hindra assess https://host.example/a.jpg --classification Baseline --reason "..." --tip TIP_ID',
    'hindra assess --tip TIP_ID --classification Baseline --reason "..."    # at the URL of the tip',
    'hindra assess https://chat.example/u/x --classification National --own-request --account --reason "..."',
  ])
  return withCircumstances(assess)
    .argument('[url]', 'the media URL; by default that of the tip')
    .requiredOption('--classification <class>', CLASSIFICATIONS.join(', '))
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--tip <id>', 'the tip that it came from')
    .option('--page-url <url>', 'the page that shows it')
    .action(async (given: string | undefined, options: AssessOptions) => {
      const { tip: tipId, classification, reason, pageUrl } = options
      if (given === undefined && tipId === undefined) {
        throw new HindraError('INVALID_INPUT', 'give a URL, or --tip ID for that of the tip')
      }
      const circumstances = circumstancesOf(options)
      await shell.withClient(async (client) => {
        const url = given ?? ((await client.get(`/v1/tips/${tipId ?? ''}`)) as Tip).url
        const judged = { url, tipId, classification, reason, pageUrl, circumstances }
        const opened = await client.post('/v1/assessments', judged)
        shell.output().answer(opened as Case, (found) => caseText(found))
      })
    })
}
