import type { Command } from 'commander'
import { postMedia } from '../../client/index.ts'
import { refanged } from '../../core/index.ts'
import { readMedia } from '../files.ts'
import { withExamples } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

interface SubmitOptions {
  readonly pageUrl?: string
  readonly referrer?: string
  readonly fetchedAt?: string
  readonly vantage?: string
  readonly reference?: string
}

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra submit film.mp4 https://host.example/film.mp4 --page-url https://host.example/',
    'hindra submit a.jpg https://host.example/a.jpg --json',
  ])
    .argument('<file>', 'the media as it was fetched')
    .argument('<url>', 'where it was seen')
    .option('--page-url <url>', 'the page that shows it')
    .option('--referrer <url>', 'what it was fetched with')
    .option('--fetched-at <time>', 'ISO 8601 with a zone')
    .option('--vantage <name>', 'from where it was fetched')
    .option('--reference <text>', 'your own reference')
    .action(async (file: string, url: string, seen: SubmitOptions) => {
      const { pageUrl } = seen
      const told = { ...seen, ...(pageUrl !== undefined && { pageUrl: refanged(pageUrl) }) }
      const media = await readMedia(file, (await shell.settings()).config.decode.bytesMax)
      await shell.withClient(async (client) => {
        const answer = await postMedia(client.transport, { url: refanged(url), ...told }, media)
        shell.output().answer(answer, ({ verdict, caseId }) => fields({ verdict, case: caseId }))
      })
    })
}
