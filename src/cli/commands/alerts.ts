import type { Command } from 'commander'
import type { Alert } from '../../cases/index.ts'
import { type PageOptions, paged, verb } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function alertsCommand(shell: Shell): Command {
  return paged(
    verb('alerts', 'what happened to cases, in order: the feed of the takedown pipeline', [
      'hindra alerts --json',
      'hindra alerts --after CURSOR',
    ]),
  ).action((query: PageOptions) =>
    shell.withClient(async (client) => {
      const found = (await client.get('/v1/alerts', { ...query })) as readonly Alert[]
      shell.output().answer(found, asTable)
    }),
  )
}

function asTable(alerts: readonly Alert[]): string {
  return table(
    ['cursor', 'kind', 'case', 'at'],
    alerts.map(({ cursor, kind, caseId, at }) => [cursor, kind, caseId, at]),
  )
}
