import type { Command } from 'commander'
import { defang } from '../../core/index.ts'
import type { Tip } from '../../intake/index.ts'
import { type PageOptions, paged, verb } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function tipsCommand(shell: Shell): Command {
  return paged(
    verb('tips', 'tips, oldest first', ['hindra tips --status new', 'hindra tips --json']),
  )
    .option('--status <status>', 'new, assessed or known')
    .action((query: PageOptions & { status?: string }) =>
      shell.withClient(async (client) => {
        const found = (await client.get('/v1/tips', { ...query })) as readonly Tip[]
        shell.output().answer(found, asTable)
      }),
    )
}

function asTable(tips: readonly Tip[]): string {
  return table(
    ['id', 'status', 'priority', 'source', 'received', 'url'],
    tips.map((tip) => [
      ...[tip.id, tip.status, tip.priority, tip.source, tip.receivedAt],
      defang(tip.url),
    ]),
  )
}
