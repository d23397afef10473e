import { type Command, Option } from 'commander'
import type { TipLettersView } from '../../assessing/index.ts'
import { defang, defangedText, defined } from '../../core/index.ts'
import type { Assigned } from '../../assignments/index.ts'
import { HindraError } from '../../errors.ts'
import type { Dismissal, Tip, TipSource, TipStatus } from '../../intake/index.ts'
import { DISMISSALS, TIP_SOURCES, TIP_STATUSES } from '../../intake/terms.ts'
import type { TipLetter } from '../../takedown/index.ts'
import { holderText, withAssigning } from '../assigning.ts'
import { runBatch } from '../batch.ts'
import { type PagingOptions, paged, verb } from '../help.ts'
import { showPage } from '../list-page.ts'
import { actOn, type ManyOptions, withMany } from '../many.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface FilterOptions {
  readonly status?: TipStatus
  readonly source?: TipSource
  readonly import?: string
  readonly queue?: true
}

type ListOptions = PagingOptions & FilterOptions

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
    .option('--queue', 'new ones alone, in the order in which to look at them')
}

function queryOf<Given extends FilterOptions>({ queue, import: importId, ...given }: Given) {
  return { ...given, ...defined({ importId, queue: queue && 'true' }) }
}

export function tipsCommand(shell: Shell): Command {
  const tips = verb('tips', 'tips, and the queue of those that wait for an assessment', [
    'hindra tips --queue                  # what waits, in the order to look at it, and why',
    'hindra tips --status known --json',
    'hindra tips take --next 20            # nobody else works on these meanwhile',
    'hindra tips show TIP_ID',
    'hindra tips dismiss TIP_ID --reason "nothing illegal there" --why not-illegal',
    'hindra tips dismiss --import IMPORT_ID --status new --reason "sent by mistake" --dry-run',
    'hindra tips letters TIP_ID           # what the police would be told of a tip in words',
    'hindra tips tell-police TIP_ID --reason "names an account and a school"',
    'hindra tips told TIP_ID              # told by hand, in their portal or by telephone',
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
    .command('show <id>')
    .description('one tip with all that its sender said')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.tips.show({ id }), tipText)
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
    .command('take [ids...]')
    .description('takes tips, so that nobody else works on them meanwhile')
    .option('--next <count>', 'the first so many of the queue that nobody works on')
    .action((ids: readonly string[], { next }: { next?: string }) =>
      shell.withClient(async (client) => {
        if (ids.length > 0 === (next !== undefined)) {
          throw new HindraError('INVALID_INPUT', 'name tips or give --next COUNT, one of both')
        }
        if (next !== undefined) {
          const taken = await client.tipAssignments.next({ count: Number(next) })
          shell.output().answer(taken, asTable)
          return
        }
        await runBatch(shell, {
          label: 'taken',
          inputs: ids,
          work: (id) => client.tipAssignments.take({ id }),
          human: ({ id, until }) => `${id}  yours until ${until}`,
        })
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
  return tips
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
    ['id', 'source', 'received', 'holder', 'about', 'why here'],
    tips.map((tip) => [
      ...[tip.id, tip.source, tip.receivedAt, holderText(tip.assignment)],
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

function tipText({ assignment = null, ...tip }: Tip & Partial<Assigned<Tip>>): string {
  return fields({
    id: tip.id,
    status: tip.status,
    priority: tip.priority,
    holder: holderText(assignment) ?? undefined,
    source: tip.source,
    received: tip.receivedAt,
    url: tip.url && defang(tip.url),
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
