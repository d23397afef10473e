import { type Command, Option } from 'commander'
import type { List, ListEvent, ListPolicy, ListView } from '../../register/index.ts'
import { CLASSIFICATIONS, LIST_KINDS } from '../../register/terms.ts'
import { evidenceText } from '../evidence-text.ts'
import { withExamples } from '../help.ts'
import { listExport } from '../list-export.ts'
import { answerNamed } from '../named-people.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

type ListDetail = ListView & { readonly history: readonly ListEvent[] }

interface PolicyOptions {
  readonly fourEyes?: 'on' | 'off'
  readonly reviewOnly?: string
  readonly arrivesAs?: ListPolicy['arrivesAs']
  readonly features?: 'yes' | 'no'
  readonly untoldQuality?: string
}

export function define(lists: Command, shell: Shell): void {
  withExamples(lists, [
    'hindra lists',
    'hindra lists create iwf --kind partner --review-only National',
    'hindra lists change iwf --arrives-as verified --reason "agreement of 3 March"',
    'hindra lists vet iwf --reason "saw how they make and check hashes on 9 March"',
    'hindra lists show iwf',
    'hindra lists export own --format csv --reason "quarterly exchange with X" --out own.csv',
  ])

  lists
    .command('list', { isDefault: true })
    .description('every list, its policy, and how many entries it has')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.lists.list(), asTable)
      }),
    )

  lists
    .command('show <name>')
    .description('one list with the history of its policy')
    .action((name: string) =>
      shell.withClient(async (client) => {
        await answerNamed(shell, client, await client.lists.show({ name }), asText)
      }),
    )

  withPolicy(lists.command('create <name>'))
    .description('a new list')
    .addOption(new Option('--kind <kind>', 'whose').choices(LIST_KINDS).makeOptionMandatory())
    .option('--description <text>', 'what it is, for people')
    .action((name: string, options: PolicyOptions & { kind: List['kind']; description?: string }) =>
      shell.withClient(async (client) => {
        const { kind, description } = options
        const body = { name, kind, description, ...policyOf(options) }
        await answerNamed(shell, client, await client.lists.create(body), policyText)
      }),
    )

  withPolicy(lists.command('change <name>'))
    .description('another policy, from now on; what was verified before stays verified')
    .requiredOption('--reason <text>', 'why, for the history')
    .action((name: string, options: PolicyOptions & { reason: string }) =>
      shell.withClient(async (client) => {
        const changed = { name, reason: options.reason, ...policyOf(options) }
        await answerNamed(shell, client, await client.lists.change(changed), policyText)
      }),
    )

  lists
    .command('vet <name>')
    .description('its hashes may confirm alone, within match.confirmRadius; it takes two persons')
    .requiredOption('--reason <text>', 'what was looked at, for the history')
    .action((name: string, { reason }: { reason: string }) =>
      shell.withClient(async (client) => {
        await answerNamed(shell, client, await client.lists.vet({ name, reason }), policyText)
      }),
    )

  lists
    .command('unvet <name>')
    .description('its hashes alone confirm nothing any more')
    .requiredOption('--reason <text>', 'why, for the history')
    .action((name: string, { reason }: { reason: string }) =>
      shell.withClient(async (client) => {
        await answerNamed(shell, client, await client.lists.unvet({ name, reason }), policyText)
      }),
    )

  listExport(lists.command('export <name>'), shell)
}

function withPolicy(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--four-eyes <on|off>',
        'off: who proposes may verify alone, and every report says so',
      ).choices(['on', 'off']),
    )
    .option(
      '--review-only <classes>',
      `classes that match as review only, comma-separated (${CLASSIFICATIONS.join(', ')}; "" for none)`,
    )
    .addOption(
      new Option('--arrives-as <status>', 'what a partner’s entries arrive as').choices([
        'proposed',
        'verified',
      ]),
    )
    .addOption(
      new Option(
        '--features <yes|no>',
        'no: what is registered by its file keeps hashes alone, as where the house keeps no features',
      ).choices(['yes', 'no']),
    )
    .option(
      '--untold-quality <0-100>',
      'what a PDQ hash counts as whose quality the list does not tell; 0 confirms nothing',
    )
}

function policyOf({
  fourEyes,
  reviewOnly,
  arrivesAs,
  features,
  untoldQuality,
}: PolicyOptions): Record<string, unknown> {
  const classes = reviewOnly?.split(',').map((name) => name.trim())
  return {
    fourEyes: fourEyes === undefined ? undefined : fourEyes === 'on',
    reviewOnly: classes?.filter((name) => name !== ''),
    arrivesAs,
    keepsFeatures: features === undefined ? undefined : features === 'yes',
    untoldQuality: untoldQuality === undefined ? undefined : Number(untoldQuality),
  }
}

function asTable(lists: readonly ListView[]): string {
  return table(
    [
      ...['list', 'kind', 'eyes', 'review only', 'arrives as', 'hashes alone'],
      ...['proposed', 'verified', 'disputed'],
    ],
    lists.map(({ name, kind, entries, vettedBy, ...policy }) => [
      ...[name, kind, eyesOf(policy), policy.reviewOnly.join(', ') || null, policy.arrivesAs],
      vettingOf(kind, vettedBy),
      ...[entries.proposed, entries.verified, entries.disputed],
    ]),
  )
}

function asText({ history, ...list }: ListDetail): string {
  const events = history.map(({ at, by, to, vettedBy, reason }) => [
    ...[at, by, eyesOf(to), to.reviewOnly.join(', ') || null, to.arrivesAs],
    ...[featuresOf(to), to.untoldQuality, vettedBy.join(', ') || null, reason],
  ])
  const head = [
    ...['at', 'by', 'eyes', 'review only', 'arrives as', 'features', 'untold quality'],
    ...['vetted by', 'reason'],
  ]
  const found = `found by: ${evidenceText(list.evidence)}`
  return `${asTable([list])}\n${found}\n\n${table(head, events)}`
}

function policyText({ name, kind, description, vettedBy, ...policy }: List): string {
  return fields({
    list: name,
    kind,
    description,
    eyes: eyesOf(policy),
    'review only': policy.reviewOnly.join(', ') || null,
    'arrives as': policy.arrivesAs,
    features: featuresOf(policy),
    'untold quality': policy.untoldQuality,
    'vetted by': vettedBy.join(', ') || null,
    'hashes alone': vettingOf(kind, vettedBy),
  })
}

/** What a near hash that the list gave may lead to, where nothing else is known of its picture. */
function vettingOf(kind: List['kind'], vettedBy: List['vettedBy']): string | null {
  if (kind === 'allow') return null
  return ['review', 'review (vetted by 1 of 2)'][vettedBy.length] ?? 'confirm'
}

function featuresOf({ keepsFeatures }: Pick<ListPolicy, 'keepsFeatures'>): string {
  return keepsFeatures ? 'as the house' : 'none'
}

function eyesOf({ fourEyes }: Pick<ListPolicy, 'fourEyes'>): string {
  return fourEyes ? 'four' : 'ONE PERSON'
}
