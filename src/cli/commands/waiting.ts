import type { Command } from 'commander'
import type { Errand } from '../../takedown/index.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(waiting: Command, shell: Shell): void {
  paged(
    withExamples(waiting, [
      'hindra waiting',
      'hindra waiting queues                 # how many wait in each queue',
      'hindra waiting done reply-NOTICE_ID   # you have read what they answered',
      'hindra waiting done export-EXPORT_ID  # you have carried the file',
    ]),
  ).action((query: PagingOptions) =>
    shell.withClient(async (client) => {
      await showPage(shell, client.waiting.list, {
        query: { ...query },
        human: asTable,
        placeOf: ({ id }) => id,
      })
    }),
  )

  waiting
    .command('queues')
    .description('how many wait in each queue, and since when the oldest; the last backup')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.system.upkeep(), ({ queues, backupAt }) =>
          [
            table(
              ['queue', 'count', 'oldest since'],
              queues.map(({ name, count, oldestSince }) => [name, count, oldestSince]),
            ),
            fields({ 'last backup': backupAt ?? 'none known' }),
          ].join('\n\n'),
        )
      }),
    )

  waiting
    .command('done <id...>')
    .description('you have read the reply, looked into the mailbox, or carried the file')
    .action((ids: readonly string[]) =>
      shell.withClient(async (client) => {
        const done: Errand[] = []
        for (const id of ids) done.push(await client.waiting.markDone({ id }))
        shell
          .output()
          .answer(done, (errands) => errands.map(({ id }) => `waits no more: ${id}`).join('\n'))
      }),
    )
}

function asTable(errands: readonly Errand[]): string {
  if (errands.length === 0) return 'nothing waits for a person'
  return table(
    ['id', 'kind', 'since', 'urgent', 'case', 'what ends it'],
    errands.map(({ id, kind, since, urgent, caseId, ends }) => [
      ...[id, kind, since, urgent ? 'urgent' : null, caseId, ends],
    ]),
  )
}
