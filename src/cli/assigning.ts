import { type Command, Option } from 'commander'
import type { AssignedKind, Assignment, Skip, SkipReason } from '../assignments/index.ts'
import { SKIP_REASONS } from '../assignments/terms.ts'
import type { Client } from '../client/index.ts'
import { defined } from '../core/index.ts'
import { runBatch } from './batch.ts'
import { type PagingOptions, paged } from './help.ts'
import { showPage } from './list-page.ts'
import { actOnMany, type ManyCall, type ManyOptions, type Targets, withMany } from './many.ts'
import { table } from './output.ts'
import type { Shell } from './shell.ts'

/** Who works on it, for a column of a list; nothing where nobody does. */
export function holderText(assignment: Assignment | null): string | null {
  return assignment && `${assignment.holder} until ${assignment.until.slice(11, 16)}Z`
}

/** Who left it to others, and why: for a line of a record. */
export function skipsText(skips: readonly Skip[]): string {
  return skips
    .map(({ who, why, reason }) =>
      [`${who}: ${why}`, ...(reason === null ? [] : [reason])].join(', '),
    )
    .join('; ')
}

/** Takes each that is named; what options say is taken by its number, as all acts upon many are. */
export async function takeThese<Query extends object>(
  shell: Shell,
  calls: Pick<Client['tipAssignments'] | Client['caseAssignments'], 'take'>,
  targets: Targets<Query>,
  many: ManyCall<Query>,
): Promise<void> {
  if (!isNamed(targets)) return actOnMany(shell, 'taken', targets, many)
  await runBatch(shell, {
    label: 'taken',
    inputs: targets.ids,
    work: (id) => calls.take({ id }),
    human: ({ id, until }) => `${id}  yours until ${until}`,
  })
}

/** Whether each is named, one by one: who takes no more than that need repeat no number. */
function isNamed({ ids, query, dryRun, count }: Targets<object>): boolean {
  const isQuery = Object.keys(query).length > 0
  return ids.length > 0 && !isQuery && dryRun === undefined && count === undefined
}

/** The commands by which a tip, or a case, is taken, put back and handed over. */
export function withAssigning(command: Command, shell: Shell, kind: AssignedKind): void {
  const calls = (client: Client) =>
    kind === 'tip' ? client.tipAssignments : client.caseAssignments
  const show = (assignment: Assignment) => {
    shell.output().answer(assignment, (one) => assignmentsText([one]))
  }

  withMany(command.command('put-back [ids...]'))
    .description('lets others work on what you took')
    .option('--mine', 'all that you took')
    .action((ids: readonly string[], { mine, dryRun, count }: ManyOptions & { mine?: true }) =>
      shell.withClient(async (client) => {
        const query = mine === true ? ({ mine: 'true' } as const) : {}
        const targets = { ids, query, ...defined({ dryRun, count }) }
        if (isNamed(targets)) {
          await runBatch(shell, {
            label: 'put back',
            inputs: ids,
            work: (id) => calls(client).putBack({ id }),
            human: ({ id }) => `${id}  put back`,
          })
          return
        }
        await actOnMany(
          shell,
          'put back',
          targets,
          (which) => (how) =>
            calls(client).putBackMany({
              ...('ids' in which ? which : { query: { mine: 'true' } }),
              ...how,
              said: {},
            }),
        )
      }),
    )

  command
    .command('skip <id>')
    .description('leaves to others what you took or are offered; it keeps its place in the queue')
    .addOption(new Option('--why <word>', 'why').choices(SKIP_REASONS).makeOptionMandatory())
    .option('--reason <text>', 'more of it, for whoever takes it next')
    .action((id: string, { why, reason }: { why: SkipReason; reason?: string }) =>
      shell.withClient(async (client) => {
        const skipped = await calls(client).skip({ id, why, ...defined({ reason }) })
        shell.output().answer(skipped, (one) => `${one.id}  skipped by ${skipsText(one.skips)}`)
      }),
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
