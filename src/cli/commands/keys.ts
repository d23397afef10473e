import type { Command } from 'commander'
import type { KeyView, NewKey } from '../../access/index.ts'
import { verb } from '../help.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

function asTable(keys: readonly KeyView[]): string {
  return table(
    ['id', 'person', 'label', 'created', 'last used', 'revoked'],
    keys.map((key) => [
      ...[key.id, key.personId, key.label],
      ...[key.createdAt, key.lastUsedAt, key.revokedAt],
    ]),
  )
}

export function keysCommand(shell: Shell): Command {
  const keys = verb('keys', 'the keys by which people and machines sign in', [
    'hindra keys create PERSON_ID --label laptop',
    'export HINDRA_KEY=hk_...   # or HINDRA_KEY_FILE=~/.hindra-key',
    'hindra keys revoke KEY_ID',
  ])

  keys
    .command('list', { isDefault: true })
    .description('every key, never its secret')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer((await client.get('/v1/keys')) as readonly KeyView[], asTable)
      }),
    )

  keys
    .command('create <personId>')
    .description('a new key; it is shown this once and kept nowhere')
    .requiredOption('--label <text>', 'where the key is used')
    .action((personId: string, options: { label: string }) =>
      shell.withClient(async (client) => {
        const made = (await client.post('/v1/keys', { personId, label: options.label })) as NewKey
        shell.output().answer(made, ({ id, label, secret }) => fields({ id, label, key: secret }))
        shell.output().note('The key is shown this once. Hand it over in private.')
      }),
    )

  keys
    .command('revoke <id>')
    .description('the key ends at once, also in feeds that are open')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const revoked = (await client.post(`/v1/keys/${id}/revoke`)) as KeyView
        shell.output().answer(revoked, (key) => asTable([key]))
      }),
    )

  return keys
}
