import type { Command } from 'commander'
import type { PersonView, Role } from '../../access/index.ts'
import { ROLES } from '../../access/terms.ts'
import { collect, verb } from '../help.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

const ROLE_HELP = `${ROLES.join(', ')}; may be repeated`

function asRow(person: PersonView): readonly string[] {
  const state = person.active ? 'active' : 'deactivated'
  return [person.id, person.pseudonym, person.name, person.kind, state, person.roles.join(',')]
}

function asTable(people: readonly PersonView[]): string {
  return table(['id', 'pseudonym', 'name', 'kind', 'state', 'roles'], people.map(asRow))
}

function asFields(person: PersonView): string {
  const [id, pseudonym, name, kind, state, roles] = asRow(person)
  return fields({ id, pseudonym, name, kind, state, roles })
}

export function peopleCommand(shell: Shell): Command {
  const people = verb('people', 'people and named machines, and what they may do', [
    'hindra people',
    'hindra people add "Anna Andersson" --pseudonym A-01 --role analyst --role verifier',
    'hindra people roles PERSON_ID --role analyst',
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
    .command('add <name>')
    .description('a new principal; `hindra keys create` makes its key')
    .requiredOption('--pseudonym <text>', 'what reports and the audit show instead of the name')
    .option('--role <role>', ROLE_HELP, collect, [])
    .option('--machine', 'a crawler or pipeline, not a person')
    .action((name: string, options: { pseudonym: string; role: readonly Role[]; machine?: true }) =>
      shell.withClient(async (client) => {
        const person = await client.people.add({
          name,
          pseudonym: options.pseudonym,
          kind: options.machine === true ? 'machine' : 'person',
          roles: options.role,
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
    .command('deactivate <id>')
    .description('ends all access; what was done before stays in the records')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const person = await client.people.deactivate({ id })
        shell.output().answer(person, asFields)
      }),
    )

  return people
}
