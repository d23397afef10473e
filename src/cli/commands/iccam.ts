import { type Command, Option } from 'commander'
import type { ActSettlement, DueSaying, IccamReport, IccamView } from '../../iccam/index.ts'
import { ENTRY_STATES, SETTLEMENTS } from '../../iccam/terms.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(iccam: Command, shell: Shell): void {
  withExamples(iccam, [
    'hindra iccam push --dry-run',
    'hindra iccam waiting',
    'hindra iccam settle CONTENT_ID --as arrived',
  ])

  iccam
    .command('status', { isDefault: true })
    .description('how the line goes, and how many contents there are in each state')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.iccam.status(), (status) =>
          fields({
            line: status.isOn ? 'set up' : 'off: nothing is asked and nothing sent (iccam.url)',
            asked: status.askedAt ?? 'never',
            next: status.nextAt ?? (status.isOn ? 'at once' : 'never'),
            ...(status.failingSince === null
              ? {}
              : { 'does not go since': `${status.failingSince}: ${status.why ?? ''}` }),
            ...status.contents,
          }),
        )
      }),
    )

  iccam
    .command('pull')
    .description('reads ICCAM now: tips, what others did, and whether what was in doubt arrived')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.iccam.run({ push: false }), asText)
      }),
    )

  iccam
    .command('push')
    .description('reads ICCAM, then says what is to be said')
    .option('--dry-run', 'shows what would be said, and says nothing')
    .action(({ dryRun = false }: { dryRun?: boolean }) =>
      shell.withClient(async (client) => {
        if (dryRun) shell.output().answer(await client.iccam.due(), dueTable)
        else shell.output().answer(await client.iccam.run({}), asText)
      }),
    )

  paged(iccam.command('list'))
    .description('a page of contents, and what was said of each last')
    .addOption(new Option('--state <state>').choices(ENTRY_STATES))
    .action((query: PagingOptions & { state?: IccamView['state'] }) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.iccam.list, { query, human: asTable, placeOf: ({ id }) => id })
      }),
    )

  paged(iccam.command('waiting'))
    .description('what ICCAM refused, or of which nobody knows whether it arrived')
    .action((query: PagingOptions) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.iccam.list, {
          query: { ...query, state: 'asks' },
          human: asTable,
          placeOf: ({ id }) => id,
        })
      }),
    )

  iccam
    .command('settle <id>')
    .description('a person decides of what waits, after a look into ICCAM itself')
    .addOption(
      new Option('--as <answer>', 'arrived: it is there; again: try again; leave: do not say it')
        .choices(SETTLEMENTS)
        .makeOptionMandatory(),
    )
    .action((id: string, { as }: { as: ActSettlement }) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.iccam.settle({ id, as }), (one) => asTable([one]))
      }),
    )
}

function asText({ pulled, pushed, problems }: IccamReport): string {
  return fields({
    ...(pulled && { shown: pulled.shown, 'new tips': pulled.tips, 'cleared up': pulled.proven }),
    ...(pushed && { said: pushed.sent, refused: pushed.refused, 'in doubt': pushed.unsure }),
    ...(problems.length === 0 ? {} : { problems: problems.join('; ') }),
  })
}

function asTable(contents: readonly IccamView[]): string {
  return table(
    ['id', 'ICCAM', 'state', 'url', 'said last', 'what became of it', 'why'],
    contents.map(({ id, contentId, state, url, acts }) => {
      const act = acts.at(-1)
      return [id, contentId, state, url, act?.said ?? null, act?.state ?? null, act?.why ?? null]
    }),
  )
}

function dueTable(due: readonly DueSaying[]): string {
  return table(
    ['id', 'says', 'url'],
    due.map(({ id, says, url }) => [id, says, url]),
  )
}
