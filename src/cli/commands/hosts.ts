import type { Command } from 'commander'
import type { Client } from '../../client/index.ts'
import { HindraError } from '../../errors.ts'
import type { HostDetail, KnownHost } from '../../find/index.ts'
import { withExamples } from '../help.ts'
import { type LocalDial, localTimes } from '../local-times.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface ListOptions {
  readonly name?: string
  readonly country?: string
  readonly open?: true
  readonly returned?: true
  readonly limit: string
  readonly after?: string
}

const ID = /^[0-9a-f]{32}$/
/** How many hosts of a name are told apart before a person is asked for more of it. */
const NAMED_MAX = 10

export function define(hosts: Command, shell: Shell): void {
  withExamples(hosts, [
    'hindra hosts',
    'hindra hosts list --name alpha --open',
    'hindra hosts show "Alpha Hosting"',
  ])

  hosts
    .command('list', { isDefault: true })
    .description('hosts, those with the most open cases first')
    .option('--name <text>', 'any part of the name')
    .option('--country <code>', 'ISO 3166-1')
    .option('--open', 'only those where something is open now')
    .option('--returned', 'only those where something came back')
    .option('--limit <rows>', 'at most so many rows (1 to 1000)', '100')
    .option('--after <id>', 'go on behind this row')
    .action(({ open, returned, country, ...query }: ListOptions) =>
      shell.withClient(async (client) => {
        const answer = await client.hosts.list({
          ...query,
          country: country?.toUpperCase(),
          open: open && 'true',
          returned: returned && 'true',
        })
        const { rows, count, next } = answer
        shell.output().answer(rows, hostTable)
        if (next !== null) {
          shell.output().note(`${rows.length} of ${count} shown; --after ${next} for more`)
        }
      }),
    )

  hosts
    .command('show <host>')
    .description('one host by its id or name: contacts and their approval, letters, open cases')
    .action((host: string) =>
      shell.withClient(async (client) => {
        const id = ID.test(host) ? host : await idOf(client, host)
        shell
          .output()
          .answer(await client.hosts.show({ id }), (shown) => detailText(shown, localTimes(client)))
      }),
    )
}

/** Throws NOT_FOUND, and INVALID_INPUT where several have a name like it and none this very one. */
async function idOf(client: Client, name: string): Promise<string> {
  const { rows, count } = await client.hosts.list({ name, limit: NAMED_MAX })
  const [only] = rows
  const exact = rows.find((host) => host.name === name) ?? (count === 1 ? only : undefined)
  if (exact !== undefined) return exact.id
  if (only === undefined) {
    throw new HindraError('NOT_FOUND', `no host is called ${name}`, { field: 'host' })
  }
  const called = rows.map((host) => host.name).join('; ')
  throw new HindraError('INVALID_INPUT', `${count} hosts are called so: ${called}`, {
    field: 'host',
  })
}

function hostTable(hosts: readonly KnownHost[]): string {
  return table(
    [
      'id',
      'host',
      'country',
      'open',
      'told, open',
      'told',
      'removed',
      'median h',
      'of',
      'returned',
    ],
    hosts.map((host) => [
      ...[host.id, host.name, host.country, host.open, host.toldAndOpen, host.told],
      ...[host.removed, host.hoursToRemovalMedian, host.timed, host.returned],
    ]),
  )
}

function detailText(host: HostDetail, { local, note }: LocalDial): string {
  const { found, toldAndOpenSince, lastSeenAt } = host
  return [
    fields({
      id: host.id,
      name: host.name,
      kind: found?.kind,
      country: host.country,
      system: typeof found?.asn === 'number' ? `AS${found.asn}` : null,
      cases: host.cases,
      'open now': host.open,
      'told of, and open': host.toldAndOpen,
      'the oldest told of': toldAndOpenSince && local(toldAndOpenSince),
      'times told': host.told,
      'times removed': host.removed,
      'median hours from its notice to removal': host.hoursToRemovalMedian,
      'of so many': host.timed,
      'came back': host.returned,
      'last seen': lastSeenAt && local(lastSeenAt),
    }),
    table(
      ['contact', 'role', 'name', 'found by', 'approval', 'id'],
      host.contacts.map((one) => [
        ...[one.address, one.role, one.name, one.source, one.approval, one.contact?.id],
      ]),
    ),
    table(
      ['letter', 'step', 'state', 'to', 'queued', 'sent'],
      host.notices.map(({ id, step, state, recipient, queuedAt, sentAt }) => [
        ...[id, step, state, recipient, local(queuedAt), sentAt && local(sentAt)],
      ]),
    ),
    `${host.notices.length} of ${host.noticeCount} letters, ${note}`,
  ].join('\n\n')
}
