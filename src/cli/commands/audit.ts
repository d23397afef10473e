import type { Command } from 'commander'
import type { AuditEntry } from '../../audit/index.ts'
import { type PageOptions, paged, verb } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function auditCommand(shell: Shell): Command {
  return paged(
    verb('audit', 'who did what, in order', ['hindra audit', 'hindra audit --after CURSOR --json']),
  ).action((query: PageOptions) =>
    shell.withClient(async (client) => {
      const found = (await client.get('/v1/audit', { ...query })) as readonly AuditEntry[]
      shell.output().answer(found, asTable)
    }),
  )
}

function asTable(entries: readonly AuditEntry[]): string {
  return table(
    ['cursor', 'at', 'by', 'action', 'subject', 'detail'],
    entries.map((entry) => [
      ...[entry.cursor, entry.at, entry.by, entry.action, entry.subject],
      Object.entries(entry.detail)
        .map(([name, value]) => `${name}=${String(value)}`)
        .join(' '),
    ]),
  )
}
