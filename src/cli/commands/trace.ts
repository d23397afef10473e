import type { Command } from 'commander'
import { channelText } from '../../channels/index.ts'
import type { Host, Override } from '../../trace/index.ts'
import { collect, type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { answerNamed } from '../named-people.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface OverrideOptions {
  readonly mail?: string
  readonly name?: string
  readonly country?: string
  readonly origin: readonly string[]
  readonly reason: string
}

export function define(trace: Command, shell: Shell): void {
  withExamples(trace, [
    'hindra trace show https://host.example/a.jpg',
    'hindra trace override host.example --mail abuse@host.example --country SE --reason "..."',
    'hindra trace override behind-a-proxy.example --origin 192.0.2.7 --reason "..."',
    'hindra trace overrides',
  ])

  trace
    .command('show <url>')
    .description('looks the host up now, and shows every look-up with its answer')
    .action((url: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.hosts.trace({ url }), hostText)
      }),
    )

  trace
    .command('override <host>')
    .description('goes before every look-up, for the host and its subdomains')
    .option('--mail <address>', 'whom to tell')
    .option('--name <name>', 'who that is')
    .option('--country <code>', 'where the host is (ISO 3166-1)')
    .option('--origin <address>', 'address behind the proxy; may be given again', collect, [])
    .requiredOption('--reason <text>', 'how it is known, for the record')
    .action((host: string, options: OverrideOptions) =>
      shell.withClient(async (client) => {
        const { mail: abuseContact, name, country, origin, reason } = options
        const input = {
          host,
          name,
          abuseContact,
          reason,
          country: country?.toUpperCase(),
          origin: origin.length === 0 ? undefined : origin,
        }
        const set = await client.overrides.set(input)
        await answerNamed(shell, client, set, (one) => overrideTable([one]))
      }),
    )

  paged(trace.command('overrides'))
    .description('those in force, oldest first')
    .action((query: PagingOptions) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.overrides.list, {
          query: { ...query },
          human: overrideTable,
          names: client,
          placeOf: ({ id }) => id,
        })
      }),
    )

  trace
    .command('forget <id>')
    .description('takes an override back')
    .action((id: string) =>
      shell.withClient(async (client) => {
        await client.overrides.remove({ id })
        shell.output().answer({ id, removed: true }, () => `${id} is removed`)
      }),
    )
}

function hostText(host: Host): string {
  const { name, kind, country, asn, network, channel, contactSource, addresses, contacts } = host
  return [
    fields({
      name,
      kind,
      country,
      system: asn === null ? null : `AS${asn}`,
      'registered network': network,
      contact: channel === null ? null : channelText(channel),
      'found by': contactSource,
      addresses: addresses.join(', '),
    }),
    table(
      ['others', 'name', 'contact', 'found by'],
      contacts.map((one) => [one.role, one.name, channelText(one.channel), one.source]),
    ),
    table(
      ['traced at', 'step', 'question', 'answer'],
      host.evidence.map(({ at, step, question, answer }) => [at, step, question, answer]),
    ),
  ].join('\n\n')
}

function overrideTable(overrides: readonly Override[]): string {
  return table(
    ['id', 'host', 'name', 'contact', 'country', 'origin', 'by', 'at', 'reason'],
    overrides.map((one) => [
      ...[one.id, one.host, one.name, one.abuseContact, one.country],
      ...[one.origin?.join(', '), one.by, one.at, one.reason],
    ]),
  )
}
