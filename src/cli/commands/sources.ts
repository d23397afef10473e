import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import type { Client } from '../../client/index.ts'
import { type ErrorCode, HindraError, isErrorCode } from '../../errors.ts'
import type { ProtocolName, SourceView, VoteView } from '../../exchange/index.ts'
import { PROTOCOLS } from '../../exchange/terms.ts'
import { classMap, type ClassOptions, withClasses } from '../class-map.ts'
import { touchedByImport } from '../complete-list.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showImport } from '../import-report.ts'
import { showPage } from '../list-page.ts'
import { fields, printable, table } from '../output.ts'
import type { Shell } from '../shell.ts'

const LOOK_MS = 250

interface AddOptions extends ClassOptions {
  readonly protocol: ProtocolName
  readonly credentials: string
  readonly every: string
}

export function define(sources: Command, shell: Shell): void {
  withExamples(sources, [
    'hindra lists create ncmec --kind partner',
    'hindra sources add ncmec https://hashsharing.ncmec.org/npo --protocol ncmec \\\n' +
      '      --credentials ncmec.yaml --classes A1=Baseline,A2=Baseline,B1=National,B2=National',
    'hindra sources run ncmec --dry-run',
    'hindra sources show ncmec',
  ])

  sources
    .command('list', { isDefault: true })
    .description('every source: its state, when it last went well, and when it is asked next')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.sources.list(), asTable)
      }),
    )

  withClasses(
    sources
      .command('add <list> <url>')
      .description('fills a list from an exchange, from now on; the URL is the root of its API')
      .addOption(
        new Option('--protocol <name>', 'how it is spoken to')
          .choices(PROTOCOLS)
          .makeOptionMandatory(),
      )
      .requiredOption('--credentials <file>', CREDENTIALS_HELP),
  )
    .option('--every <minutes>', 'how often it is asked', '60')
    .action((list: string, url: string, options: AddOptions) =>
      shell.withClient(async (client) => {
        const { protocol, every } = options
        const made = await client.sources.add({
          list,
          protocol,
          url,
          credentials: await credentialsIn(options.credentials),
          classes: classMap(options),
          intervalMinutes: Number(every),
        })
        shell.output().answer(made, asText)
      }),
    )

  sources
    .command('show <list>')
    .description('one source: how far it is, and what went wrong last')
    .action((list: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.sources.show({ list }), asText)
      }),
    )

  sources
    .command('run <list>')
    .description('asks it now, and waits; exit code as of what went wrong')
    .option('--dry-run', 'says what it would bring, and keeps nothing')
    .action((list: string, { dryRun = false }: { dryRun?: boolean }) =>
      shell.withClient(async (client) => {
        const before = await client.sources.show({ list })
        await client.sources.run({ list, dryRun })
        const ended = await untilEnded(client, list, (pages) => {
          shell.output().note(`${pages} pages`)
        })
        const { fault = null, importId = null } = ended.run ?? {}
        if (fault !== null) throw new HindraError(codeOf(fault.code), fault.message)
        const opinionsSent = Math.max(0, sentOf(ended) - sentOf(before))
        if (importId === null) {
          shell
            .output()
            .answer(
              { list, dryRun, import: null, opinionsSent },
              () => 'nothing new came in since it was asked last',
            )
        } else {
          const done = await client.imports.show({ id: importId })
          showImport(shell, done, await touchedByImport(client, done))
        }
        if (opinionsSent > 0) shell.output().note(`opinions sent to it: ${opinionsSent}`)
        showVotes(shell, ended, dryRun)
      }),
    )

  for (const [name, description] of [
    ['pause', 'it is asked no more; what it brought stays'],
    ['resume', 'it is asked again, at once'],
  ] as const) {
    sources
      .command(`${name} <list>`)
      .description(description)
      .action((list: string) =>
        shell.withClient(async (client) => {
          shell.output().answer(await client.sources[name]({ list }), asText)
        }),
      )
  }

  paged(sources.command('votes <list>'))
    .description('what was said of its entries here (item agree, disagree), on its way to it')
    .action((list: string, query: PagingOptions) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.sources.votes, {
          query: { list, ...query },
          human: votesTable,
          placeOf: ({ entryId }) => entryId,
        })
      }),
    )

  sources
    .command('resend <list> <entry>')
    .description('sends an opinion again that was refused, or of which nobody knows (unsure)')
    .action((list: string, entry: string) =>
      shell.withClient(async (client) => {
        const vote = await client.sources.resendVote({ list, id: entry })
        shell.output().answer(vote, (one) => votesTable([one]))
      }),
    )

  sources
    .command('credentials <list>')
    .description('other credentials from now on; it is asked again, at once')
    .requiredOption('--file <file>', CREDENTIALS_HELP)
    .action((list: string, { file }: { file: string }) =>
      shell.withClient(async (client) => {
        const credentials = await credentialsIn(file)
        const view = await client.sources.setCredentials({ list, credentials })
        shell.output().answer(view, asText)
      }),
    )

  sources
    .command('remove <list>')
    .description('forgets the source and how far it was read; what it brought stays')
    .action((list: string) =>
      shell.withClient(async (client) => {
        const removed = await client.sources.remove({ list })
        shell.output().answer(removed, () => `the list ${list} has no source any more`)
      }),
    )
}

const CREDENTIALS_HELP =
  'YAML or JSON: username and password (ncmec); functionsKey, subscriptionKey and, for feedback, feedbackKey (stopncii)'

/**
 * The credentials, which do not come from the command line, for others on the machine can read that. Throws
 * INVALID_INPUT.
 */
async function credentialsIn(file: string): Promise<Readonly<Record<string, string>>> {
  const [{ z }, { parse }] = await Promise.all([import('zod'), import('yaml')])
  try {
    return z.record(z.string(), z.string()).parse(parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', `${file} is no file of credentials`, { cause })
  }
}

async function untilEnded(
  client: Client,
  list: string,
  progress: (pages: number) => void,
): Promise<SourceView> {
  for (let pages = -1; ; ) {
    const view = await client.sources.show({ list })
    if (view.run?.state !== 'running') return view
    if (view.pages > pages && pages >= 0) progress(view.pages)
    pages = view.pages
    await sleep(LOOK_MS)
  }
}

function codeOf(code: string): ErrorCode {
  return isErrorCode(code) ? code : 'INTERNAL'
}

function asTable(sources: readonly SourceView[]): string {
  return table(
    ['list', 'protocol', 'state', 'last success', 'next run', 'fault', 'added', 'deleted'],
    sources.map((one) => [
      ...[one.list, one.protocol, stateOf(one), one.lastSuccessAt, one.nextRunAt],
      ...[one.lastFault?.code, one.counts.added, one.counts.deleted],
    ]),
  )
}

function stateOf({ run, state, failures }: SourceView): string {
  if (run?.state === 'running') return 'running'
  return state === 'active' && failures > 0 ? `failing (${failures})` : state
}

/** Ends with the exit code of what keeps opinions from going out. */
function showVotes(shell: Shell, { list, votes }: SourceView, dryRun: boolean): void {
  if (votes === null) return
  const { waiting, refused, unsure, lastFault } = votes
  const open = { waiting, refused, unsure }
  const told = Object.entries(open).filter(([, count]) => count > 0)
  if (told.length > 0) {
    const text = told.map(([state, count]) => `${count} ${state}`).join(', ')
    shell.output().note(`opinions not sent: ${text} (hindra sources votes ${list})`)
  }
  if (lastFault !== null && !dryRun)
    throw new HindraError(codeOf(lastFault.code), lastFault.message)
}

function sentOf({ votes }: SourceView): number {
  return votes?.sent ?? 0
}

function votesTable(votes: readonly VoteView[]): string {
  return table(
    ['entry', 'item', 'opinion', 'given', 'state', 'tries', 'changed', 'fault'],
    votes.map(({ entryId, itemId, opinion, givenAt, state, attempts, changedAt, fault }) => [
      ...[entryId, itemId, opinion, givenAt, state, attempts, changedAt],
      fault === null ? null : `${fault.code}: ${fault.message}`,
    ]),
  )
}

function votesText({ votes }: SourceView): string {
  if (votes === null) return 'none: its credentials are not enough for that'
  const { waiting, sending, sent, refused, unsure, nextAt, lastFault } = votes
  const counts = Object.entries({ waiting, sending, sent, refused, unsure })
  const told = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`)
  const text = told.length === 0 ? 'none' : told.join(', ')
  return lastFault === null ? text : `${text}; ${lastFault.code}, again at ${nextAt ?? 'once'}`
}

function readTo({ checkpoint }: SourceView): string {
  const { since, caughtUpAt, isWithin } = checkpoint
  const at = caughtUpAt === null ? 'never caught up' : `caught up ${caughtUpAt}`
  return `${since}${isWithin ? ', within what follows' : ''}; ${at}`
}

function asText(source: SourceView): string {
  const { classes, counts, lastFault: fault } = source
  const mapped = Object.entries(classes.bySource ?? {}).map(([from, to]) => `${from}=${to}`)
  return fields({
    list: source.list,
    protocol: source.protocol,
    url: source.url,
    state: stateOf(source),
    'every (minutes)': source.intervalMinutes,
    credentials: source.credentials.join(', '),
    classes: [...mapped, ...(classes.all === undefined ? [] : [`else ${classes.all}`])].join(', '),
    'last run': source.lastRunAt,
    'last success': source.lastSuccessAt,
    'next run': source.nextRunAt,
    pages: source.pages,
    'read to': readTo(source),
    ...counts,
    failures: source.failures,
    'last import': source.lastImport,
    opinions: printable(votesText(source)),
    fault: fault === null ? null : printable(`${fault.code}: ${fault.message}`),
  })
}
