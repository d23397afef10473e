import type { Command } from 'commander'
import type { Entry, Item, ItemEvent } from '../../register/index.ts'
import { type PageOptions, paged, verb } from '../help.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

type ItemDetail = Item & { readonly history: readonly ItemEvent[] }

export function itemsCommand(shell: Shell): Command {
  const items = verb('items', 'the register of known material; hashes are never shown', [
    'hindra items --status proposed',
    'hindra items --list iwf',
    'hindra item show ITEM_ID',
  ]).alias('item')

  paged(items.command('list', { isDefault: true }))
    .description('a page of the register, oldest first')
    .option('--status <status>', 'proposed, verified, disputed or retracted')
    .option('--list <name>', 'with an entry in this list')
    .action((query: PageOptions & { status?: string; list?: string }) =>
      shell.withClient(async (client) => {
        const found = (await client.get('/v1/items', { ...query })) as readonly Item[]
        shell.output().answer(found, asTable)
      }),
    )

  items
    .command('show <id>')
    .description('one item: what each list says of it, and its history')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer((await client.get(`/v1/items/${id}`)) as ItemDetail, asText)
      }),
    )

  return items
}

function asTable(items: readonly Item[]): string {
  return table(
    ['id', 'status', 'class', 'matching', 'kind', 'quality', 'lists', 'proposed', 'reference'],
    items.map(({ id, status, classification, matching, kind, quality, entries }) => [
      ...[id, status, classification, matching, kind, quality],
      entries.map(({ list }) => list).join(', '),
      entries[0]?.proposedAt,
      entries[0]?.reference,
    ]),
  )
}

function asText({ history, entries, ...item }: ItemDetail): string {
  const events = history.map((event) => [
    ...[event.at, event.list, event.from, event.to, event.by, event.reason],
  ])
  return [
    fields(item),
    ...entries.map(entryText),
    table(['at', 'list', 'from', 'to', 'by', 'reason'], events),
  ].join('\n\n')
}

/** What one list says, without what it does not say. */
function entryText({ id, list, findings, hasher, onePerson, ...rest }: Entry): string {
  const said: Record<string, unknown> = {
    ...{ entry: id, list },
    ...rest,
    hasher: hasher === null ? null : `${hasher.name} ${hasher.version}`,
    eyes: onePerson ? 'ONE PERSON' : null,
    ...Object.fromEntries(findings.map(({ code, detail }) => [`found: ${code}`, detail])),
  }
  const shown = Object.entries(said)
    .map(([field, value]) => [field, Array.isArray(value) ? value.join(', ') : value] as const)
    .filter(([, value]) => value !== null && value !== '')
  return fields(Object.fromEntries(shown.map(([field, value]) => [field, String(value)])))
}
