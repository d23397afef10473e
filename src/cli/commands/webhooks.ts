import type { Command } from 'commander'
import type { DeadLetter, NewWebhook, WebhookView } from '../../alerts/index.ts'
import { HindraError } from '../../errors.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(webhooks: Command, shell: Shell): void {
  withExamples(webhooks, [
    'hindra webhooks add https://pipeline.example/hooks',
    'hindra webhooks test WEBHOOK_ID',
    'hindra webhooks rotate WEBHOOK_ID --overlap-hours 48',
    'hindra webhooks dead WEBHOOK_ID     # alerts that it did not take in all tries',
    'hindra webhooks resend WEBHOOK_ID',
  ])

  function showSecret(made: NewWebhook): void {
    shell.output().answer(made, ({ id, url, secret }) => fields({ id, url, secret }))
    shell.output().note('The secret is shown this once. The endpoint verifies signatures by it.')
  }

  webhooks
    .command('list', { isDefault: true })
    .description('every endpoint: how far it has come, and what went wrong last')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.webhooks.list(), asTable)
      }),
    )

  webhooks
    .command('add <url>')
    .description('posts alerts to this URL from now on; its secret is shown this once')
    .option('--after <cursor>', 'begin behind this alert; 0 for all that are kept')
    .action((url: string, { after }: { after?: string }) =>
      shell.withClient(async (client) => {
        showSecret(await client.webhooks.add({ url, after }))
      }),
    )

  webhooks
    .command('test <id>')
    .description('posts a message that is no alert, once; exit code 6 where it was not taken')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const result = await client.webhooks.test({ id })
        shell.output().answer(result, ({ error }) => error ?? 'taken')
        if (!result.delivered) shell.exitWith(6)
      }),
    )

  for (const [name, description] of [
    ['disable', 'posts nothing to it; alerts are not kept for it either'],
    ['enable', 'goes on where it was, and tries at once what waited'],
  ] as const) {
    webhooks
      .command(`${name} <id>`)
      .description(description)
      .action((id: string) =>
        shell.withClient(async (client) => {
          const view = await client.webhooks[name]({ id })
          shell.output().answer(view, (one) => asTable([one]))
        }),
      )
  }

  webhooks
    .command('remove <id>')
    .description('forgets it, and its dead letters')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const removed = await client.webhooks.remove({ id })
        shell.output().answer(removed, () => `removed ${id}`)
      }),
    )

  webhooks
    .command('rotate <id>')
    .description('a new secret; the old one signs too for a while')
    .option('--overlap-hours <hours>', 'how long the old one signs too: 0 to 720', '24')
    .action((id: string, options: { overlapHours: string }) =>
      shell.withClient(async (client) => {
        const overlapHours = Number(options.overlapHours)
        showSecret(await client.webhooks.rotate({ id, overlapHours }))
      }),
    )

  paged(webhooks.command('dead <id>'))
    .description('alerts that it did not take in all tries')
    .action((id: string, page: PagingOptions) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.webhooks.deadLetters, {
          query: { id, ...page },
          human: asLetters,
          placeOf: ({ alert }) => alert.cursor,
        })
      }),
    )

  webhooks
    .command('resend <id>')
    .description('posts its dead letters once more, up to 100; exit code 6 where one failed again')
    .option('--sequence <number>', 'only this alert')
    .action((id: string, { sequence }: { sequence?: string }) =>
      shell.withClient(async (client) => {
        const one = sequence === undefined ? {} : { sequence: sequenceOf(sequence) }
        const report = await client.webhooks.resend({ id, ...one })
        shell
          .output()
          .answer(report, ({ delivered, failed }) => `${delivered} delivered, ${failed} failed`)
        if (report.failed > 0) shell.exitWith(6)
      }),
    )
}

function sequenceOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new HindraError('INVALID_INPUT', '--sequence takes a number')
}

function asTable(webhooks: readonly WebhookView[]): string {
  return table(
    ['id', 'state', 'url', 'cursor', 'behind', 'delivered', 'dead', 'retry', 'last error'],
    webhooks.map((hook) => [
      ...[hook.id, hook.state, hook.url, hook.cursor, hook.lag, hook.delivered],
      ...[hook.deadLetters, hook.retryAt, hook.lastError],
    ]),
  )
}

function asLetters(letters: readonly DeadLetter[]): string {
  return table(
    ['sequence', 'kind', 'case', 'tries', 'dead since', 'last error'],
    letters.map(({ alert, attempts, deadAt, lastError }) => [
      ...[alert.sequence, alert.kind, alert.caseId, attempts, deadAt, lastError],
    ]),
  )
}
