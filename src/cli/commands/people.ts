import type { Command } from 'commander'
import type { PersonView, Role } from '../../access/index.ts'
import { ROLES } from '../../access/terms.ts'
import type { PersonDetail } from '../../operations/index.ts'
import { defined } from '../../core/index.ts'
import type { LinkView, NewInvitation } from '../../sessions/index.ts'
import { collect, withExamples } from '../help.ts'
import { fields, table } from '../output.ts'
import { keysTable } from './keys.ts'
import type { Shell } from '../shell.ts'

interface AddOptions {
  readonly pseudonym: string
  readonly role: readonly Role[]
  readonly machine?: true
  readonly owner?: string
}

const ROLE_HELP = `${ROLES.join(', ')}; may be repeated`

function asRow(person: PersonView): readonly string[] {
  const state = person.active ? 'active' : 'deactivated'
  const { id, pseudonym, name, kind, roles, owner } = person
  return [id, pseudonym, name, kind, state, roles.join(','), owner ?? '-']
}

function asTable(people: readonly PersonView[]): string {
  const heads = ['id', 'pseudonym', 'name', 'kind', 'state', 'roles', 'owner']
  return table(heads, people.map(asRow))
}

function asFields(person: PersonView): string {
  const [id, pseudonym, name, kind, state, roles, owner] = asRow(person)
  return fields({ id, pseudonym, name, kind, state, roles, owner })
}

function asDetail({ keys, signIn, ...person }: PersonDetail): string {
  const { enrolledAt, recoveryCodes, passkeys, isLinked, invitedUntil } = signIn
  const told = fields({
    'signs in since': enrolledAt ?? '-',
    'recovery codes': recoveryCodes ?? '-',
    passkeys,
    'by the provider': isLinked ? 'yes' : 'no',
    'invited until': invitedUntil ?? '-',
  })
  const held = keys.length === 0 ? [] : [keysTable(keys, [person])]
  return [asFields(person), told, ...held].join('\n')
}

function asInvitation({ pseudonym, code, link, path, expiresAt }: NewInvitation): string {
  return fields({ person: pseudonym, code, open: link ?? path, 'good until': expiresAt })
}

function asLink({ pseudonym, isLinked }: LinkView): string {
  return fields({ person: pseudonym, 'signs in by the provider': isLinked ? 'yes' : 'no' })
}

export function define(people: Command, shell: Shell): void {
  withExamples(people, [
    'hindra people',
    'hindra people show PERSON_ID',
    'hindra people add "Anna Andersson" --pseudonym A-01 --role analyst --role verifier',
    'hindra people add "Rack 3" --pseudonym C-3 --machine --owner PERSON_ID --role crawler',
    'hindra people roles PERSON_ID --role analyst',
    'hindra people link A-01 SUBJECT',
    'hindra people own MACHINE_ID PERSON_ID',
    'hindra people withhold-verdicts MACHINE_ID',
    'hindra people invite A-01',
  ])

  people
    .command('list', { isDefault: true })
    .description('everybody, also who was deactivated')
    .action(() =>
      shell.withClient(async (client) => {
        const found = await client.people.list()
        shell.output().answer(found, asTable)
      }),
    )

  people
    .command('show <id>')
    .description('one person or machine: roles, keys, and how they sign in by a browser')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.people.show({ id }), asDetail)
      }),
    )

  people
    .command('add <name>')
    .description('a new principal; `hindra keys create` makes its key')
    .requiredOption('--pseudonym <text>', 'what reports and the audit show instead of the name')
    .option('--role <role>', ROLE_HELP, collect, [])
    .option('--machine', 'a crawler or pipeline, not a person')
    .option('--owner <id>', 'of a machine: the person who answers for it')
    .action((name: string, options: AddOptions) =>
      shell.withClient(async (client) => {
        const person = await client.people.add({
          name,
          pseudonym: options.pseudonym,
          kind: options.machine === true ? 'machine' : 'person',
          roles: options.role,
          ...defined({ owner: options.owner }),
        })
        shell.output().answer(person, asFields)
      }),
    )

  people
    .command('roles <id>')
    .description('replaces the roles; without --role nothing is left')
    .option('--role <role>', ROLE_HELP, collect, [])
    .action((id: string, options: { role: readonly Role[] }) =>
      shell.withClient(async (client) => {
        const change = { roles: options.role }
        const person = await client.people.setRoles({ id, ...change })
        shell.output().answer(person, asFields)
      }),
    )

  people
    .command('invite <person>')
    .description(
      'a code by which a person, by pseudonym or id, sets password and second factor to sign in by a browser; it ends those set before, and all sessions',
    )
    .action((person: string) =>
      shell.withClient(async (client) => {
        const invitation = await client.sessions.invite({ person })
        const { isReset, ended } = invitation
        const output = shell.output()
        output.answer(invitation, asInvitation)
        output.note('The code is shown this once. Hand it over in private.')
        if (isReset) {
          output.note(
            `Password, second factor and passkeys of before open nothing now; sessions ended: ${ended}.`,
          )
        }
      }),
    )

  people
    .command('link <person> <subject>')
    .description(
      'has a person sign in by the provider of OpenID Connect, too, which calls them by a subject (`sub`)',
    )
    .action((person: string, subject: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.sessions.linkOpenid({ person, subject }), asLink)
      }),
    )

  people
    .command('unlink <person>')
    .description('ends that, and all their sessions')
    .action((person: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.sessions.unlinkOpenid({ person }), asLink)
      }),
    )

  people
    .command('own <machine> <person>')
    .description('who answers for a machine, and so cannot verify what it proposes')
    .action((machine: string, owner: string) =>
      shell.withClient(async (client) => {
        const owned = await client.people.own({ id: machine, owner })
        shell.output().answer(owned, asFields)
      }),
    )

  people
    .command('withhold-verdicts <id>')
    .description('a crawler is answered `received` from now on, whatever it hits')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const person = await client.people.withholdVerdicts({ id })
        shell.output().answer(person, asFields)
      }),
    )

  people
    .command('deactivate <id>')
    .description('ends all access; what was done before stays in the records')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const person = await client.people.deactivate({ id })
        shell.output().answer(person, asFields)
      }),
    )
}
