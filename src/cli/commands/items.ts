import type { Command } from 'commander'
import type { Item, ItemEvent } from '../../register/index.ts'
import { type PageOptions, paged, verb } from '../help.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

type ItemDetail = Item & { readonly history: readonly ItemEvent[] }

export function itemsCommand(shell: Shell): Command {
  const items = verb('items', 'the register of known material; hashes are never shown', [
    'hindra items --status proposed',
    'hindra items show ITEM_ID',
  ])

  paged(items.command('list', { isDefault: true }))
    .description('a page of the register, oldest first')
    .option('--status <status>', 'proposed, verified, disputed or retracted')
    .action((query: PageOptions & { status?: string }) =>
      shell.withClient(async (client) => {
        const found = (await client.get('/v1/items', { ...query })) as readonly Item[]
        shell.output().answer(found, asTable)
      }),
    )

  items
    .command('show <id>')
    .description('one item with its history')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer((await client.get(`/v1/items/${id}`)) as ItemDetail, asText)
      }),
    )

  return items
}

function asTable(items: readonly Item[]): string {
  return table(
    ['id', 'status', 'class', 'kind', 'quality', 'proposed', 'reference'],
    items.map((item) => [
      ...[item.id, item.status, item.classification, item.kind, item.quality],
      ...[item.proposedAt, item.reference],
    ]),
  )
}

function asText({ history, ...item }: ItemDetail): string {
  const events = history.map((event) => [event.at, event.from, event.to, event.by, event.reason])
  return `${fields(item)}\n\n${table(['at', 'from', 'to', 'by', 'reason'], events)}`
}
