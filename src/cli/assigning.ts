import type { Command } from 'commander'
import type { AssignedKind, Assignment } from '../assignments/index.ts'
import type { Client } from '../client/index.ts'
import { runBatch } from './batch.ts'
import { type PagingOptions, paged } from './help.ts'
import { showPage } from './list-page.ts'
import { table } from './output.ts'
import type { Shell } from './shell.ts'

/** Who works on it, for a column of a list; nothing where nobody does. */
export function holderText(assignment: Assignment | null): string | null {
  return assignment && `${assignment.holder} until ${assignment.until.slice(11, 16)}Z`
}

/** The commands by which a tip, or a case, is taken, put back and handed over. */
export function withAssigning(command: Command, shell: Shell, kind: AssignedKind): void {
  const calls = (client: Client) =>
    kind === 'tip' ? client.tipAssignments : client.caseAssignments
  const show = (assignment: Assignment) => {
    shell.output().answer(assignment, (one) => assignmentsText([one]))
  }

  command
    .command('put-back <ids...>')
    .description('lets others work on what you took')
    .action((ids: readonly string[]) =>
      shell.withClient((client) =>
        runBatch(shell, {
          label: 'put back',
          inputs: ids,
          work: (id) => calls(client).putBack({ id }),
          human: ({ id }) => `${id}  put back`,
        }),
      ),
    )

  command
    .command('hand-over <id> <who>')
    .description('offers what you took to a colleague, by pseudonym')
    .option('--at-once', 'an officer: it is theirs from now on, whoever holds it')
    .action((id: string, to: string, { atOnce }: { atOnce?: true }) =>
      shell.withClient(async (client) => {
        show(
          await (atOnce === true
            ? client.assignments.give({ kind, id, to })
            : calls(client).offer({ id, to })),
        )
      }),
    )

  command
    .command('accept <id>')
    .description('takes over what a colleague offers you')
    .action((id: string) =>
      shell.withClient(async (client) => {
        show(await calls(client).accept({ id }))
      }),
    )

  paged(command.command('taken'))
    .description('who works on what, and until when')
    .option('--mine', 'what you took')
    .action(({ mine, ...query }: PagingOptions & { mine?: true }) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.assignments.list, {
          query: { ...query, ...(mine === true ? { mine: 'true' } : {}) },
          human: assignmentsText,
          placeOf: (one) => `${one.kind}-${one.id}`,
        })
      }),
    )
}

function assignmentsText(assignments: readonly Assignment[]): string {
  return table(
    ['what', 'id', 'who', 'until', 'offered to'],
    assignments.map(({ kind, id, holder, until, offeredTo }) => [
      ...[kind, id, holder, until, offeredTo],
    ]),
  )
}
