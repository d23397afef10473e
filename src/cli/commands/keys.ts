import type { Command } from 'commander'
import type { KeyView, NewKey, PersonView, Role } from '../../access/index.ts'
import { ROLES } from '../../access/terms.ts'
import { defined } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { collect, withExamples } from '../help.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface CreateOptions {
  readonly label: string
  readonly role: readonly Role[]
  readonly source?: string
  readonly expiresDays?: string
}

/** @param people By whose pseudonyms their ids are told */
export function keysTable(keys: readonly KeyView[], people: readonly PersonView[]): string {
  const names = new Map(people.map(({ id, pseudonym }) => [id, pseudonym]))
  return table(
    ['id', 'person', 'label', 'roles', 'source', 'created', 'last used', 'expires', 'revoked'],
    keys.map((key) => [
      ...[
        key.id,
        names.get(key.personId) ?? key.personId,
        key.label,
        key.roles?.join(',') ?? 'all',
        key.source,
      ],
      ...[key.createdAt, key.lastUsedAt, key.expiresAt, key.revokedAt],
    ]),
  )
}

function asSecret({ id, label, source, expiresAt, overlapEndsAt, secret }: NewKey): string {
  return fields({
    id,
    label,
    source,
    expires: expiresAt,
    ...(overlapEndsAt === null ? {} : { 'old key until': overlapEndsAt }),
    key: secret,
  })
}

function numberOf(text: string, option: string): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isFinite(number)) return number
  throw new HindraError('INVALID_INPUT', `${option} takes a number`)
}

export function define(keys: Command, shell: Shell): void {
  withExamples(keys, [
    'hindra keys create PERSON_ID --label laptop',
    'hindra keys create MACHINE_ID --label "crawler 3" --source crawler-3 --expires-days 90',
    'export HINDRA_KEY=hk_...   # or HINDRA_KEY_FILE=~/.hindra-key',
    'hindra keys rotate KEY_ID --overlap-hours 48',
    'hindra keys revoke KEY_ID',
  ])

  function showSecret(made: NewKey): void {
    shell.output().answer(made, asSecret)
    shell.output().note('The key is shown this once. Hand it over in private.')
  }

  keys
    .command('list', { isDefault: true })
    .description('every key, never its secret; last use is written once a minute at most')
    .action(() =>
      shell.withClient(async (client) => {
        const people = await client.people.list()
        const found = await client.keys.list()
        shell.output().answer(found, (listed) => keysTable(listed, people))
      }),
    )

  keys
    .command('create <personId>')
    .description('a new key; it is shown this once and kept nowhere')
    .requiredOption('--label <text>', 'where the key is used')
    .option(
      '--role <role>',
      `only these of the person's roles (${ROLES.join(', ')}); may be repeated; else all`,
      collect,
      [],
    )
    .option('--source <name>', 'who its sightings are attributed to; for the key of a crawler')
    .option('--expires-days <days>', 'ends by itself after so many days; else when revoked')
    .action((personId: string, { label, role, source, expiresDays }: CreateOptions) =>
      shell.withClient(async (client) => {
        const made = await client.keys.create({
          personId,
          label,
          ...(role.length === 0 ? {} : { roles: role }),
          ...defined({ source }),
          ...(expiresDays === undefined
            ? {}
            : { expiresInDays: numberOf(expiresDays, '--expires-days') }),
        })
        showSecret(made)
      }),
    )

  keys
    .command('rotate <id>')
    .description('a new secret for the same key; the old one stays good for a while, then is dead')
    .option('--overlap-hours <hours>', 'how long the old one stays good: 0 to 720', '24')
    .action((id: string, options: { overlapHours: string }) =>
      shell.withClient(async (client) => {
        const overlapHours = numberOf(options.overlapHours, '--overlap-hours')
        showSecret(await client.keys.rotate({ id, overlapHours }))
      }),
    )

  keys
    .command('revoke <id>')
    .description(
      'the key ends at once, also while it is rotated; in feeds that are open within a second',
    )
    .action((id: string) =>
      shell.withClient(async (client) => {
        const revoked = await client.keys.revoke({ id })
        const people = await client.people.list()
        shell.output().answer(revoked, (key) => keysTable([key], people))
      }),
    )
}
