import type { Command } from 'commander'
import type { Client } from '../../client/index.ts'
import type { ItemDetail, SimilarItems } from '../../curation/index.ts'
import type { VoteView } from '../../exchange/index.ts'
import type {
  Classification,
  Entry,
  EntryStatus,
  Feedback,
  GivenFeedback,
  Item,
  ItemEvent,
} from '../../register/index.ts'
import { CLASSIFICATIONS } from '../../register/terms.ts'
import { collect, type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { answerNamed } from '../named-people.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'
import { touchedTable } from '../touched-text.ts'

interface ListOptions extends PagingOptions {
  readonly status?: EntryStatus
  readonly list?: string
  readonly class?: Classification
  readonly waiting?: boolean
}

interface OpinionOptions {
  readonly entry?: string
  readonly reason?: string
  readonly exchangeReason?: string
}

type GivenOpinion = GivenFeedback & { readonly vote: VoteView | null }

export function define(items: Command, shell: Shell): void {
  withExamples(items, [
    'hindra items --status proposed',
    'hindra items --list own --waiting',
    'hindra items --list iwf --class National',
    'hindra item show ITEM_ID',
    'hindra item similar ITEM_ID',
    'hindra item disagree ITEM_ID --reason "a swimming lesson"',
    'hindra item disable ITEM_ID --until 2026-12-01T00:00:00Z --reason "hits a game’s logo"',
  ])

  paged(items.command('list', { isDefault: true }))
    .description('a page of the register, oldest first')
    .option('--status <status>', 'proposed, verified, disputed or retracted')
    .option('--list <name>', 'with an entry in this list')
    .option('--class <class>', `of this class (${CLASSIFICATIONS.join(', ')})`)
    .option('--waiting', 'with an entry that waits for a second person, in that list')
    .action((query: ListOptions) =>
      shell.withClient(async (client) => {
        const { class: classification, waiting, ...rest } = query
        await showPage(shell, client.items.list, {
          query: { ...rest, classification, waiting: waiting === true ? 'true' : undefined },
          human: asTable,
          placeOf: ({ id }) => id,
        })
      }),
    )

  items
    .command('show <id>')
    .description('one item: what each list says, what was done, by whom and why, what can be done')
    .action((id: string) =>
      shell.withClient(async (client) => {
        await answerNamed(shell, client, await client.items.show({ id }), asText)
      }),
    )

  items
    .command('similar <id>')
    .description('what resembles it in the own register, nearest first, beyond a match too')
    .option('--limit <items>', 'at most so many (1 to 100)', '10')
    .action((id: string, query: { limit: string }) =>
      shell.withClient(async (client) => {
        const found = await client.items.similar({ id, ...query })
        shell.output().answer(found, ({ neighbours }) => similarTable(neighbours))
        if (!found.complete) shell.output().note('The neighbours are still being read: ask again.')
      }),
    )

  items
    .command('cases <id>')
    .description('the cases of an item, and whom notices about them went to')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const touched = await client.items.cases({ id })
        shell.output().answer(touched, touchedTable)
      }),
    )

  for (const [opinion, description] of [
    ['agree', 'what a partner says of it is right, as far as you see'],
    ['disagree', 'what a partner says of it is wrong; to stop it from deciding: hindra dispute'],
  ] as const) {
    const command = items
      .command(`${opinion} <id>`)
      .description(`${description}; kept, and sent to the source of its list where that takes it`)
      .option('--entry <id>', 'which entry, where several partners have it')
      .option('--exchange-reason <name>', 'the reason in the exchange’s own words')
    if (opinion === 'disagree') command.requiredOption('--reason <text>', 'why; kept here')
    else command.option('--reason <text>', 'why; kept here')
    command.action((id: string, options: OpinionOptions) =>
      shell.withClient(async (client) => {
        const { entry: entryId, reason, exchangeReason } = options
        const body = { opinion, entryId, reason, exchangeReason }
        const given = await client.items.giveFeedback({ id, ...body })
        shell.output().answer(given, givenText)
      }),
    )
  }

  items
    .command('series <name>')
    .description('the items of a series; with --add or --remove changes what belongs to it')
    .option('--add <id>', 'into the series (repeat)', collect, [])
    .option('--remove <id>', 'out of the series (repeat)', collect, [])
    .action((name: string, changes: { add: readonly string[]; remove: readonly string[] }) =>
      shell.withClient(async (client) => {
        for (const id of changes.add) await client.items.group({ id, series: name })
        for (const id of changes.remove) {
          await client.items.group({ id, series: null })
        }
        shell.output().answer(await client.items.ofSeries({ name }), asTable)
      }),
    )

  items
    .command('join <id> <other>')
    .description('the other item is this one in another encoding: its entries move here')
    .requiredOption('--reason <text>', 'why, for the history')
    .action((id: string, other: string, { reason }: { reason: string }) =>
      shell.withClient(async (client) => {
        const joined = await client.items.join({ id, other, reason })
        shell.output().answer(joined, (item) => asTable([item]))
      }),
    )

  items
    .command('part <id> <other>')
    .description('the other item was joined to this one by mistake: it is one of its own again')
    .requiredOption('--reason <text>', 'why, for the history')
    .action((id: string, other: string, { reason }: { reason: string }) =>
      act((client) => client.items.part({ id, other, reason })),
    )

  items
    .command('disable <id>')
    .description('takes it out of matching until a time, or only what one list says of it')
    .requiredOption('--until <time>', 'ISO 8601: 2026-12-01T00:00:00Z')
    .requiredOption('--reason <text>', 'why, for the history')
    .option('--entry <id>', 'only this entry')
    .action(
      (id: string, { entry: entryId, ...out }: { until: string; reason: string; entry?: string }) =>
        act((client) => client.items.disable({ id, entryId, ...out })),
    )

  items
    .command('enable <id>')
    .description('puts it back into matching before its time')
    .requiredOption('--reason <text>', 'why, for the history')
    .option('--entry <id>', 'only this entry')
    .action((id: string, { reason, entry: entryId }: { reason: string; entry?: string }) =>
      act((client) => client.items.enable({ id, reason, entryId })),
    )

  items
    .command('release <id>')
    .description('ends the quarantine that a flood of matches led to')
    .requiredOption('--reason <text>', 'why, for the history')
    .action((id: string, { reason }: { reason: string }) =>
      act((client) => client.items.release({ id, reason })),
    )

  function act(work: (client: Client) => Promise<Item>): Promise<void> {
    return shell.withClient(async (client) => {
      shell.output().answer(await work(client), (one) => asTable([one]))
    })
  }
}

function similarTable(neighbours: SimilarItems['neighbours']): string {
  return table(
    ['distance', 'id', 'status', 'class', 'kind', 'view', 'series'],
    neighbours.map(({ distance, itemId, status, classification, kind, view, series }) => [
      ...[distance, itemId, status, classification, kind, view, series],
    ]),
  )
}

function asTable(items: readonly Item[]): string {
  return table(
    [
      ...['id', 'status', 'class', 'matching', 'kind', 'quality', 'lists', 'proposed'],
      ...['file', 'bytes', 'reference'],
    ],
    items.map(({ id, status, classification, matching, kind, quality, entries }) => [
      ...[id, status, classification, matching, kind, quality],
      entries.map(({ list }) => list).join(', '),
      entries[0]?.proposedAt,
      entries[0]?.fileName,
      entries[0]?.fileBytes,
      entries[0]?.reference,
    ]),
  )
}

function asText({ history, possible, entries, reach, assessed, ...item }: ItemDetail): string {
  const events = history.map((event) => [
    ...[event.at, actionOf(event), event.list, event.to, event.by, event.reason],
  ])
  const actions = possible.map(({ action, list, entryId, butNotYou }) => [
    ...[action, list, entryId, butNotYou ?? 'yes'],
  ])
  return [
    fields({ ...item, joined: item.joined.join(' ') || null }),
    ...entries.map((entry) =>
      entryText(
        entry,
        reach.find(({ entryId }) => entryId === entry.id)?.most ?? null,
        assessed.find(({ entryId }) => entryId === entry.id),
      ),
    ),
    table(['at', 'done', 'list', 'now', 'by', 'reason'], events),
    actions.length === 0
      ? 'Nothing more can become of it.'
      : table(['possible', 'list', 'entry', 'for you'], actions),
  ].join('\n\n')
}

function actionOf({ action, detail }: ItemEvent): string {
  return detail === null ? action : `${action} (${detail})`
}

function givenText({ opinion, list, vote }: GivenOpinion): string {
  const kept = `${opinion}: kept with the entry of ${list}`
  return vote === null ? kept : `${kept}; to its source: ${vote.state}`
}

/** What one list says, without what it does not say. */
function entryText(
  entry: Entry,
  most: string | null,
  by: ItemDetail['assessed'][number] | undefined,
): string {
  const { id, list, findings, feedback, hasher, onePerson, assessed, ...rest } = entry
  const said: Record<string, unknown> = {
    entry: id,
    list,
    ...rest,
    hasher: hasher === null ? null : `${hasher.name} ${hasher.version}`,
    'at most': most,
    eyes: onePerson ? 'ONE PERSON' : null,
    'assessed by': assessed === undefined || by === undefined ? null : assessorsText(by),
    ...Object.fromEntries(findings.map(({ code, detail }) => [`found: ${code}`, detail])),
    ...Object.fromEntries(feedback.map(opinionField)),
  }
  const shown = Object.entries(said)
    .map(([field, value]) => [field, Array.isArray(value) ? value.join(', ') : value] as const)
    .filter(([, value]) => value !== null && value !== '')
  return fields(Object.fromEntries(shown.map(([field, value]) => [field, String(value)])))
}

/** Who gave the two equal assessments that verified an entry. */
function assessorsText({ people, panelId }: ItemDetail['assessed'][number]): string {
  const named = people.map((pseudonym) => pseudonym ?? 'somebody who is not known any more')
  return `${named.join(' and ')}, equally and each without sight of the other (panel ${panelId})`
}

function opinionField({ at, by, opinion, reason }: Feedback): readonly [string, string] {
  return [`${opinion}, ${at}`, reason === null ? by : `${by}: ${reason}`]
}
