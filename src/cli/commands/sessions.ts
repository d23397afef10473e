import type { Command } from 'commander'
import type { PasskeyView, SessionView } from '../../sessions/index.ts'
import { defined } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { withExamples } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface WhoseOptions {
  readonly person?: string
  readonly own?: true
}

function asTable(sessions: readonly SessionView[]): string {
  return table(
    ['id', 'person', 'label', 'since', 'last used', 'second factor', 'ends at the latest'],
    sessions.map(({ id, personId, label, createdAt, lastUsedAt, provedAt, endsAt }) => [
      ...[id, personId, label],
      ...[createdAt, lastUsedAt, provedAt, endsAt],
    ]),
  )
}

function passkeysTable(passkeys: readonly PasskeyView[]): string {
  return table(
    ['id', 'name', 'added', 'last used'],
    passkeys.map(({ id, name, addedAt, lastUsedAt }) => [id, name, addedAt, lastUsedAt]),
  )
}

export function define(sessions: Command, shell: Shell): void {
  withExamples(sessions, [
    'hindra people invite A-01   # how somebody comes to sign in',
    'hindra sessions',
    'hindra sessions list --person A-01',
    'hindra sessions end SESSION_ID',
    'hindra sessions end --person A-01',
    'hindra sessions list --own',
    'hindra sessions end SESSION_ID --own',
    'hindra sessions passkeys',
    'hindra sessions remove-passkey PASSKEY_ID',
  ])

  sessions
    .command('list', { isDefault: true })
    .description(
      'sessions that are open, the oldest first; last use is written once a minute at most',
    )
    .option('--person <pseudonym|id>', 'of one person')
    .option('--own', 'one’s own, which takes no role')
    .action(({ person, own }: WhoseOptions) =>
      shell.withClient(async (client) => {
        if (own === true && person !== undefined)
          throw wrong('--own and --person exclude each other')
        const found = own
          ? await client.sessions.own()
          : await client.sessions.list(defined({ person }))
        shell.output().answer(found, asTable)
      }),
    )

  sessions
    .command('end [id]')
    .description('ends a session at once, or all of a person; they sign in again')
    .option('--person <pseudonym|id>', 'all of this person, in place of one by its id')
    .option('--own', 'the session is one’s own, which takes no role')
    .action((id: string | undefined, { person, own }: WhoseOptions) =>
      shell.withClient(async (client) => {
        if ((id === undefined) === (person === undefined)) {
          throw wrong('name one session by its id, or a person by --person')
        }
        if (own === true && id === undefined) throw wrong('--own takes the id of a session')
        const ended =
          id === undefined
            ? await client.sessions.endAll({ person: person ?? '' })
            : [own ? await client.sessions.endOwn({ id }) : await client.sessions.end({ id })]
        shell.output().answer(ended, asTable)
      }),
    )

  sessions
    .command('passkeys')
    .description('passkeys of one’s own, the oldest first; they are added in the console')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.sessions.passkeys(), passkeysTable)
      }),
    )

  sessions
    .command('remove-passkey <id>')
    .description('removes a passkey of one’s own: it opens nothing from that moment')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const removed = await client.sessions.removePasskey({ id })
        shell.output().answer([removed], passkeysTable)
      }),
    )
}

function wrong(message: string): HindraError {
  return new HindraError('INVALID_INPUT', message)
}
