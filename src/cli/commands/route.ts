import type { Command } from 'commander'
import type { CaseHost } from '../../cases/index.ts'
import { channelText } from '../../channels/index.ts'
import type { Classification } from '../../register/index.ts'
import type { Contact, ContactState } from '../../route/index.ts'
import type { Host } from '../../trace/index.ts'
import { addKeyCommands } from '../contact-keys.ts'
import { type CircumstanceOptions, circumstancesOf, withCircumstances } from '../circumstances.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { fields, table } from '../output.ts'
import { explanationText } from '../route-text.ts'
import type { Shell } from '../shell.ts'

interface ExplainOptions extends CircumstanceOptions {
  readonly country?: string
  readonly hostKind?: CaseHost['kind']
  readonly hostName?: string
  readonly classification?: Classification
}

export function define(route: Command, shell: Shell): void {
  withExamples(route, [
    'hindra route explain https://host.example/a.jpg',
    'hindra route explain --country NL --child SE',
    'hindra route origin CASE_ID 192.0.2.7 --reason "answer of the proxy"',
    'hindra route contacts --state pending',
    'hindra route keys',
    'hindra route check-key police@police.example police.asc',
    'hindra route social-services 0180 --mail ADDRESS --reason "is on their site"',
    'hindra route approve CONTACT_ID --reason "is on their site"',
  ])

  withCircumstances(route.command('explain [url]'))
    .description(
      'which rule of the policy decides, for a URL that is traced now or for assumptions',
    )
    .option('--country <code>', "assume the host's country (ISO 3166-1)")
    .option('--host-kind <kind>', 'assume: provider, platform, proxy, onion')
    .option('--host-name <name>', 'assume what the table of providers calls it')
    .option('--classification <class>', 'Baseline unless told')
    .action((url: string | undefined, options: ExplainOptions) =>
      shell.withClient(async (client) => {
        const { country, hostKind: kind, hostName: name, classification } = options
        const assumed = { name, kind, country: country?.toUpperCase() }
        const hasAssumed = Object.values(assumed).some((value) => value !== undefined)
        const answer = await client.hosts.explainRoute({
          url,
          classification,
          assume: hasAssumed ? assumed : undefined,
          circumstances: circumstancesOf(options),
        })
        shell.output().answer(answer, explanationText)
      }),
    )

  route
    .command('origin <case-id> <address...>')
    .description(
      'a proxy told who is behind it: traces the host from there, and tells whoever runs it',
    )
    .requiredOption('--reason <text>', 'how it is known, for the record')
    .action((caseId: string, addresses: readonly string[], { reason }: { reason: string }) =>
      shell.withClient(async (client) => {
        const answer = await client.cases.nameOrigin({ id: caseId, addresses, reason })
        shell.output().answer(answer, originText)
      }),
    )

  paged(route.command('contacts'))
    .description('contacts that look-ups found, oldest first')
    .option('--state <state>', 'pending, approved, refused')
    .action((query: PagingOptions & { state?: ContactState }) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.contacts.list, {
          query: { ...query },
          human: contactTable,
          placeOf: ({ id }) => id,
        })
      }),
    )

  addKeyCommands(route, shell)

  route
    .command('social-services <municipality>')
    .description(
      'the address of the social services of a municipality; a second person approves it',
    )
    .requiredOption('--mail <address>', 'where they take reports of concern')
    .requiredOption('--reason <text>', 'how it is known, for the record')
    .option('--name <text>', 'what they are called')
    .action((municipality: string, said: { mail: string; reason: string; name?: string }) =>
      shell.withClient(async (client) => {
        const entered = await client.contacts.enter({ municipality, ...said })
        shell.output().answer(entered, (contact) => contactTable([contact]))
      }),
    )

  for (const [word, decision, what] of [
    ['approve', 'approved', 'a contact may be told from now on'],
    ['refuse', 'refused', 'a contact is never told'],
  ] as const) {
    route
      .command(`${word} <id>`)
      .description(what)
      .requiredOption('--reason <text>', 'why, for the record')
      .action((id: string, { reason }: { reason: string }) =>
        shell.withClient(async (client) => {
          const decided = await client.contacts.decide({ id, decision, reason })
          shell.output().answer(decided, (contact) => contactTable([contact]))
        }),
      )
  }
}

function originText({ host, queued }: { host: Host; queued: number }): string {
  const { name, kind, country, asn, channel, addresses } = host
  return fields({
    name,
    kind,
    country,
    system: asn === null ? null : `AS${asn}`,
    contact: channel === null ? null : channelText(channel),
    addresses: addresses.join(', '),
    'notices queued': queued,
  })
}

function contactTable(contacts: readonly Contact[]): string {
  return table(
    ['id', 'state', 'role', 'municipality', 'name', 'contact', 'found by', 'first seen', 'reason'],
    contacts.map((contact) => [
      ...[
        contact.id,
        contact.state,
        contact.role,
        contact.municipality,
        contact.name,
        channelText(contact.channel),
      ],
      ...[contact.source, contact.firstSeenAt, contact.reason],
    ]),
  )
}
