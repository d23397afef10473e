import { type Command, Option } from 'commander'
import type { LookedTip, TipLettersView } from '../../assessing/index.ts'
import type { Client } from '../../client/index.ts'
import { defang, defangedText, defined } from '../../core/index.ts'
import type { Assigned } from '../../assignments/index.ts'
import { HindraError } from '../../errors.ts'
import type {
  Dismissal,
  QueueTarget,
  SameFile,
  Tip,
  TipSource,
  TipStatus,
} from '../../intake/index.ts'
import { DISMISSALS, TIP_SOURCES, TIP_STATUSES } from '../../intake/values.ts'
import type { TipLetter } from '../../takedown/index.ts'
import { holderText, skipsText, takeThese, withAssigning } from '../assigning.ts'
import { runBatch } from '../batch.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { actOn, type ManyOptions, withMany } from '../many.ts'
import { answerNamed } from '../named-people.ts'
import { fields, table } from '../output.ts'
import { withPageText } from '../page-text.ts'
import type { Shell } from '../shell.ts'
import { withReplies } from '../tip-replies.ts'

/** Rows that one call lists. */
const PAGE_ROWS = 1_000

interface FilterOptions {
  readonly status?: TipStatus
  readonly source?: TipSource
  readonly import?: string
  readonly alike?: string
  readonly queue?: true
}

type ListOptions = PagingOptions & FilterOptions

interface TakeOptions extends FilterOptions, ManyOptions {
  readonly next?: string
}

interface DismissOptions extends FilterOptions, ManyOptions {
  readonly reason: string
  readonly why?: Dismissal
}

/** Which tips are meant, of the list and of what is done to many. */
function tipFilters(command: Command): Command {
  return command
    .option('--status <status>', TIP_STATUSES.join(', '))
    .option('--source <source>', TIP_SOURCES.join(', '))
    .option('--import <id>', 'those that one list brought')
    .option('--alike <id>', 'those at which Hindra saw the same file as at this tip')
    .option('--queue', 'new ones alone, in the order in which to look at them')
}

function queryOf<Given extends FilterOptions>({ queue, import: importId, ...given }: Given) {
  return { ...given, ...defined({ importId, queue: queue && 'true' }) }
}

export function define(tips: Command, shell: Shell): void {
  withExamples(tips, [
    'hindra tips --queue                  # what waits, in the order to look at it, and why',
    'hindra tips --status known --json',
    'hindra tips take --next 20            # nobody else works on these meanwhile',
    'hindra tips skip TIP_ID --why language --reason "in Portuguese"  # others do it',
    'hindra tips targets                  # how many wait longer than they should',
    'hindra tips show TIP_ID',
    'hindra tips page TIP_ID              # what the page at its URL says, without its pictures',
    'hindra tips dismiss TIP_ID --reason "nothing illegal there" --why not-illegal',
    'hindra tips dismiss --import IMPORT_ID --status new --reason "sent by mistake" --dry-run',
    'hindra tips reopen TIP_ID --reason "the wrong one"',
    'hindra tips look --queue              # which of them show one and the same file',
    'hindra tips dismiss --alike TIP_ID --reason "a placeholder" --dry-run',
    'hindra tips letters TIP_ID           # what the police would be told of a tip in words',
    'hindra tips tell-police TIP_ID --reason "names an account and a school"',
    'hindra tips told TIP_ID              # told by hand, in their portal or by telephone',
    'hindra tips messages TIP_ID          # what its sender wrote by the receipt',
    'hindra tips answer TIP_ID --text "Tack. Vet du vad kontot heter?"',
    'hindra tips own-requests --state asked  # children who ask for pictures of themselves',
    'hindra tips accept-own TIP_ID',
  ])

  paged(
    tipFilters(tips.command('list', { isDefault: true })).description(
      'tips in order of arrival, or the queue',
    ),
  ).action((given: ListOptions) =>
    shell.withClient(async (client) => {
      await showPage(shell, client.tips.list, {
        query: queryOf(given),
        human: asTable,
        placeOf: ({ id }) => id,
      })
    }),
  )

  tips
    .command('targets')
    .description(
      'how the queue stands: how many wait, how many longer than they should, since when',
    )
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.tips.targets(), targetsText)
      }),
    )

  tips
    .command('show <id>')
    .description('one tip with all that its sender said')
    .action((id: string) =>
      shell.withClient(async (client) => {
        await answerNamed(shell, client, await client.tips.show({ id }), tipText)
      }),
    )

  withMany(tipFilters(tips.command('dismiss [ids...]')))
    .description('takes tips off the queue: somebody has looked, and there is nothing to take down')
    .requiredOption('--reason <text>', 'why, for the record')
    .addOption(new Option('--why <word>', 'as figures count it').choices(DISMISSALS))
    .action((ids: readonly string[], { reason, why, dryRun, count, ...given }: DismissOptions) =>
      shell.withClient(async (client) => {
        const said = { reason, ...defined({ why }) }
        const targets = { ids, query: queryOf(given), ...defined({ dryRun, count }) }
        await actOn(shell, 'dismissed', targets, {
          async one(id) {
            shell.output().answer(await client.tips.dismiss({ id, ...said }), tipText)
          },
          many: (which) => (how) => client.tips.dismissMany({ ...which, ...how, said }),
        })
      }),
    )

  tips
    .command('reopen <id>')
    .description('a tip that was dismissed by mistake waits again, in its place of before')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((id: string, { reason }: { reason: string }) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.tips.reopen({ id, reason }), tipText)
      }),
    )

  withMany(tipFilters(tips.command('take [ids...]')))
    .description('takes tips, so that nobody else works on them meanwhile')
    .option('--next <count>', 'the first so many of the queue that nobody works on')
    .action((ids: readonly string[], { next, dryRun, count, ...given }: TakeOptions) =>
      shell.withClient(async (client) => {
        const query = queryOf(given)
        if (next !== undefined) {
          if (ids.length > 0 || Object.keys(query).length > 0) {
            throw new HindraError('INVALID_INPUT', '--next COUNT is of the queue, and alone')
          }
          const taken = await client.tipAssignments.next({ count: Number(next) })
          shell.output().answer(taken, asTable)
          return
        }
        const targets = { ids, query, ...defined({ dryRun, count }) }
        await takeThese(
          shell,
          client.tipAssignments,
          targets,
          (which) => (how) => client.tipAssignments.takeMany({ ...which, ...how, said: {} }),
        )
      }),
    )

  tipFilters(tips.command('look [ids...]'))
    .description(
      'Hindra looks at the URLs of tips, and notes which of them show one and the same file',
    )
    .action((ids: readonly string[], given: FilterOptions) =>
      shell.withClient(async (client) => {
        const query = queryOf(given)
        if (ids.length > 0 === Object.keys(query).length > 0) {
          throw new HindraError(
            'INVALID_INPUT',
            'name tips or say which by the options, one of both',
          )
        }
        await runBatch(shell, {
          label: 'looked at',
          inputs: ids.length > 0 ? ids : await idsOf(client, query),
          work: (id) => client.tips.look({ id }),
          human: lookedText,
        })
      }),
    )

  tips
    .command('groups')
    .description('files that several new tips show, as far as Hindra has looked')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.tips.groups(), groupsText)
      }),
    )

  tips
    .command('tell-police <id>')
    .description('the police are told of a tip in words: you have read it and they need to know')
    .requiredOption('--reason <text>', 'why, for the record; the letter does not say it')
    .action((id: string, { reason }: { reason: string }) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.tips.tellPolice({ id, reason }), tipText)
      }),
    )

  tips
    .command('letters <id>')
    .description('what the police were told of a tip in words, or would be told')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.tips.letters({ id }), lettersText)
      }),
    )

  tips
    .command('told <id>')
    .description('you told the police by hand what the letter says')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.tips.markTold({ id }), letterText)
      }),
    )

  withAssigning(tips, shell, 'tip')
  withPageText(tips, shell, 'tip')
  withReplies(tips, shell)
}

/** The ids of tips that have a URL, page by page. */
async function idsOf(
  client: Client,
  query: ReturnType<typeof queryOf<FilterOptions>>,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await client.tips.list({ ...query, limit: PAGE_ROWS, ...defined({ after }) })
    ids.push(...page.filter(({ url }) => url !== undefined).map(({ id }) => id))
    after = page.at(-1)?.id
    if (page.length < PAGE_ROWS) return ids
  }
}

function lookedText({ tip, shows, verdict, alike }: LookedTip): string {
  if (shows === 'page') return `${tip.id}  no single file: judged by itself`
  const others = alike === 1 ? 'no other tip shows it' : `${alike} tips show the same file`
  const known = verdict === 'none' ? 'not known' : `${verdict ?? ''}, case ${tip.caseId ?? '-'}`
  return `${tip.id}  ${known}, ${others}`
}

function targetsText(targets: readonly QueueTarget[]): string {
  return table(
    ['what', 'within h', 'wait', 'late', 'the oldest came'],
    targets.map(({ lane, targetHours, count, late, oldestAt }) => [
      ...[lane, targetHours, count, late, oldestAt],
    ]),
  )
}

function groupsText(groups: readonly SameFile[]): string {
  return table(
    ['first', 'tips', 'all of them'],
    groups.map(({ first, tipIds }) => [first, tipIds.length, `--alike ${first}`]),
  )
}

function lettersText({ letters, draft }: TipLettersView): string {
  const texts = letters.map(letterText)
  return [...texts, ...(draft === null ? [] : [`NOT DECIDED\n${letterText(draft)}`])].join('\n\n')
}

function letterText(letter: TipLetter): string {
  const { recipient, rule, state, channel, toldAt, lastError, subject, body } = letter
  const how = fields({
    to: recipient,
    by: channel,
    rule,
    state,
    told: toldAt,
    'last error': lastError,
    'possibly doubled': letter.possiblyDoubled ? true : undefined,
  })
  return `${how}\n\nSubject: ${subject}\n\n${body.trimEnd()}`
}

/** One line of what a tip is about. */
function aboutText({ url, category, words = '' }: Tip): string {
  if (url !== undefined) return defang(url)
  const line = defangedText(words).replaceAll('\n', ' ')
  return `${category ?? 'words'}: ${line.length > 60 ? `${line.slice(0, 60)}...` : line}`
}

function asTable(tips: readonly Assigned<Tip>[]): string {
  if (tips.some(({ place }) => place !== undefined)) return asQueue(tips)
  return table(
    ['id', 'status', 'priority', 'danger', 'source', 'received', 'holder', 'about'],
    tips.map((tip) => [
      ...[tip.id, tip.status, tip.priority, tip.inDangerNow ? 'NOW' : null],
      ...[tip.source, tip.receivedAt, holderText(tip.assignment)],
      aboutText(tip),
    ]),
  )
}

function asQueue(tips: readonly Assigned<Tip>[]): string {
  return table(
    ['id', 'source', 'received', 'holder', 'skipped', 'about', 'why here'],
    tips.map((tip) => [
      ...[tip.id, tip.source, tip.receivedAt, holderText(tip.assignment), tip.skips.length || null],
      ...[aboutText(tip), tip.place?.why],
    ]),
  )
}

/** What stood in each field before: the latest change first. */
function changesText(changes: Tip['changes'] = []): string | undefined {
  if (changes.length === 0) return undefined
  return changes
    .toReversed()
    .map(({ at, by, before }) => `${at} ${by}: ${Object.keys(before).join(', ')}`)
    .join('; ')
}

function tipText({ assignment = null, skips = [], ...tip }: Tip & Partial<Assigned<Tip>>): string {
  return fields({
    id: tip.id,
    status: tip.status,
    priority: tip.priority,
    holder: holderText(assignment) ?? undefined,
    'skipped by': skips.length === 0 ? undefined : skipsText(skips),
    source: tip.source,
    received: tip.receivedAt,
    url: tip.url && defang(tip.url),
    'Hindra looked': tip.seen?.at,
    category: tip.category,
    'seen in': tip.seenIn,
    country: tip.country,
    words: tip.words === undefined ? undefined : defangedText(tip.words),
    'in danger now': tip.inDangerNow ? 'YES: somebody is to act at once' : undefined,
    municipality: tip.childMunicipality,
    page: tip.pageUrl === undefined ? undefined : defang(tip.pageUrl),
    reference: tip.reference,
    note: tip.note,
    hashes: tip.hashes?.length,
    case: tip.caseId,
    ...(tip.ownRequest === true ? { 'own request': true } : {}),
    'told anew': changesText(tip.changes),
    'all cases': tip.caseIds?.join(', '),
  })
}
