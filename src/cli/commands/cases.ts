import { type Command, Option } from 'commander'
import type { UndoView } from '../../assessing/index.ts'
import type { Assigned } from '../../assignments/index.ts'
import type { Case, CaseStatus, CaseTakeBack, ReviewDecision } from '../../cases/index.ts'
import { CASE_TAKE_BACKS } from '../../cases/terms.ts'
import { defang, defined, HOUR_MS, own, systemClock } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { type Classification, CLASSIFICATIONS } from '../../register/terms.ts'
import { announcementText } from '../announcement-text.ts'
import { assessmentsTable } from '../assessments-text.ts'
import { holderText, takeThese, withAssigning } from '../assigning.ts'
import { caseText } from '../case-text.ts'
import { type CircumstanceOptions, circumstancesOf, withCircumstances } from '../circumstances.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { actOn, type ManyOptions, withMany } from '../many.ts'
import { type LocalDial, localTimes } from '../local-times.ts'
import { answerNamed } from '../named-people.ts'
import { table } from '../output.ts'
import { withPageText } from '../page-text.ts'
import type { Shell } from '../shell.ts'
import { writeMap } from '../write-map.ts'
import { withDossier } from './dossiers.ts'
import { withRejudging } from './rejudged.ts'

const DAY_HOURS = 24
const DECISIONS = { accept: 'accepted', reject: 'rejected' } as const

interface FilterOptions {
  readonly status?: CaseStatus
  readonly decision?: ReviewDecision
  readonly host?: string
  readonly country?: string
  readonly holder?: string
  readonly class?: Classification
  readonly olderThan?: string
  readonly youngerThan?: string
}

type ListOptions = PagingOptions & FilterOptions

/** Which cases are meant, of the list and of what is done to many. */
function caseFilters(command: Command): Command {
  return command
    .option('--status <status>', 'open, in-progress, removed, ...')
    .option('--decision <decision>', 'pending: what waits for a person; accepted, rejected')
    .option('--host <name>', 'host of the media or a domain above it; else who hosts it, by name')
    .option('--country <code>', 'where it is hosted: SE')
    .option('--holder <name>', 'who works on it now, by pseudonym; none: what nobody works on')
    .addOption(new Option('--class <class>', 'as it is judged').choices(CLASSIFICATIONS))
    .option('--older-than <days>', 'opened at least so many days ago')
    .option('--younger-than <days>', 'opened less than so many days ago')
}

function queryOf<Given extends FilterOptions>({
  class: classification,
  olderThan: olderThanDays,
  youngerThan: youngerThanDays,
  ...given
}: Given) {
  return { ...given, ...defined({ classification, olderThanDays, youngerThanDays }) }
}

interface DecideOptions extends ManyOptions {
  readonly reason: string
  readonly alike?: string
}

interface CloseOptions {
  readonly reason: string
  readonly takeBack?: CaseTakeBack
  readonly notIllegal?: true
}

export function define(cases: Command, shell: Shell): void {
  withExamples(cases, [
    'hindra cases --decision pending',
    'hindra cases --host host.example --country SE --older-than 30',
    'hindra cases --holder none                     # what nobody works on',
    'hindra cases show CASE_ID',
    'hindra cases show CASE_ID --explain map.svg',
    'hindra cases page CASE_ID --page-url          # what the page says on which it was seen',
    'hindra cases of https://host.example/a.jpg    # when its host rings',
    'hindra cases decide CASE_ID accept --reason "same picture, cropped"',
    'hindra cases decide --alike CASE_ID reject --reason "another child, the same file" --dry-run',
    'hindra cases note CASE_ID "the host answers on the telephone, ask for the night shift"',
    'hindra cases assessments --all --csv > assessments.csv',
    'hindra cases dossier CASE_ID --to it-brott@polis.example --reason "they asked" --dry-run',
    'hindra cases rejudge --dry-run',
  ])

  caseFilters(paged(cases.command('list', { isDefault: true })))
    .description('a page of cases, oldest first')
    .action((given: ListOptions) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.cases.list, {
          query: queryOf(given),
          human: (shown) => asTable(shown, localTimes(client)),
          placeOf: ({ id }) => id,
        })
      }),
    )

  cases
    .command('of <url>')
    .description('every case of a URL, also those that are closed: what to tell a host that rings')
    .action((url: string) =>
      shell.withClient(async (client) => {
        const found = await client.cases.ofUrl({ url })
        shell.output().answer(found, (shown) => asTable(shown, localTimes(client)))
      }),
    )

  cases
    .command('show <id>')
    .description('one case with its evidence, host, notices and history')
    .option('--raw-urls', 'URLs as they are; otherwise they cannot be clicked by accident')
    .option('--explain <file>', 'write why as an SVG: the best match by cells, without a picture')
    .action((id: string, { rawUrls, explain }: { rawUrls?: true; explain?: string }) =>
      shell.withClient(async (client) => {
        const found = await client.cases.show({ id })
        if (explain !== undefined) await writeMap(shell, explain, await client.cases.maps({ id }))
        await answerNamed(shell, client, found, (shown) => caseText(shown, rawUrls))
      }),
    )

  cases
    .command('told <id>')
    .description('who is told of a case first, when, by which rule, and what holds it')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.cases.announce({ id }), announcementText)
      }),
    )

  cases
    .command('note <id> <text>')
    .description(
      'writes something down on a case; it leaves with no letter and is not changed later',
    )
    .action((id: string, text: string) =>
      shell.withClient(async (client) => {
        const noted = await client.cases.note({ id, text })
        shell.output().answer(noted, ({ at, author }) => `noted ${at} by ${author ?? ''}`)
      }),
    )

  withMany(cases.command('decide <ids-and-decision...>'))
    .usage('[ids...] accept|reject --reason <text> [options]')
    .description(
      'accept or reject a match of the review band; of many, those that stand on one file or item',
    )
    .option('--alike <id>', 'all that wait and stand on what this case stands on')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((said: readonly string[], { reason, alike, dryRun, count }: DecideOptions) =>
      shell.withClient(async (client) => {
        const ids = said.slice(0, -1)
        const decided = { decision: decisionOf(said.at(-1)), reason }
        const targets = { ids, query: defined({ alike }), ...defined({ dryRun, count }) }
        await actOn(shell, decided.decision, targets, {
          async one(id) {
            const changed = await client.cases.decide({ id, ...decided })
            shell.output().answer(changed, (shown) => asTable([shown], localTimes(client)))
          },
          many: (which) => (how) =>
            client.cases.decideMany({
              ...('ids' in which ? which : { query: { alike: alike ?? '' } }),
              ...how,
              said: decided,
            }),
        })
      }),
    )

  cases
    .command('undo <id>')
    .description('takes back what you said of a case last, as long as nothing of it has left')
    .option('--reason <text>', 'why, for the record')
    .option('--dry-run', 'says whether it can be taken back, and takes nothing back')
    .action((id: string, { reason, dryRun }: { reason?: string; dryRun?: true }) =>
      shell.withClient(async (client) => {
        if (dryRun === true) {
          shell.output().answer(await client.cases.undoable({ id }), undoText)
          return
        }
        if (reason === undefined) {
          throw new HindraError('INVALID_INPUT', 'say why: --reason, or ask by --dry-run')
        }
        const undone = await client.cases.undo({ id, reason })
        shell.output().answer(undone, (shown) => asTable([shown], localTimes(client)))
      }),
    )

  withCircumstances(cases.command('circumstances <id>'))
    .description('what is learned later and decides who is told: whose child, who asks')
    .requiredOption('--reason <text>', 'how it is known, for the record')
    .action((id: string, { reason, ...options }: CircumstanceOptions & { reason: string }) =>
      shell.withClient(async (client) => {
        const learned = { change: circumstancesOf(options) ?? {}, reason }
        const changed = await client.cases.setCircumstances({ id, ...learned })
        await answerNamed(shell, client, changed, (shown) => caseText(shown))
      }),
    )

  cases
    .command('close <id>')
    .description('ends a case')
    .requiredOption('--reason <text>', 'why, for the record')
    .addOption(
      new Option(
        '--take-back <why>',
        'it did not stand: whoever was told of it is told so, and why',
      )
        .choices(CASE_TAKE_BACKS)
        .conflicts('notIllegal'),
    )
    .option('--not-illegal', 'short for --take-back not-illegal')
    .action((id: string, { reason, ...how }: CloseOptions) =>
      shell.withClient(async (client) => {
        const takeBack = how.notIllegal === true ? 'not-illegal' : how.takeBack
        const closed = { reason, takeBack }
        const changed = await client.cases.close({ id, ...closed })
        shell.output().answer(changed, (shown) => asTable([shown], localTimes(client)))
      }),
    )

  withMany(caseFilters(cases.command('take [ids...]')))
    .description('takes cases, so that nobody else works on them meanwhile')
    .action((ids: readonly string[], { dryRun, count, ...given }: FilterOptions & ManyOptions) =>
      shell.withClient((client) => {
        const targets = { ids, query: queryOf(given), ...defined({ dryRun, count }) }
        return takeThese(
          shell,
          client.caseAssignments,
          targets,
          (which) => (how) => client.caseAssignments.takeMany({ ...which, ...how, said: {} }),
        )
      }),
    )

  withAssigning(cases, shell, 'case')
  withPageText(cases, shell, 'case')
  paged(cases.command('assessments'))
    .description('every assessment with its answers and the pseudonym of its author, oldest first')
    .option('--csv', 'as CSV, a column for each question')
    .action(({ csv, ...query }: PagingOptions & { csv?: true }) =>
      shell.withClient(async (client) => {
        const { assessmentsCsv } = await import('../assessments-csv.ts')
        await showPage(shell, client.assessments.list, {
          query: { ...query },
          human: csv === true ? assessmentsCsv : assessmentsTable,
          placeOf: ({ id }) => id,
        })
      }),
    )

  withRejudging(cases, shell)
  withDossier(cases, shell)
}

/** Throws INVALID_INPUT. */
function decisionOf(word = ''): (typeof DECISIONS)[keyof typeof DECISIONS] {
  const decision = own(DECISIONS, word)
  if (decision !== undefined) return decision
  throw new HindraError('INVALID_INPUT', 'decide: end with accept or reject')
}

function undoText({ caseId, act, bar }: UndoView): string {
  const said = act ?? 'nothing'
  return bar === null
    ? `${caseId}  ${said}: can be taken back`
    : `${caseId}  ${said}: barred, ${bar}`
}

function asTable(
  cases: readonly (Case & Partial<Assigned<Case>>)[],
  { local, note }: LocalDial,
): string {
  const head = ['id', 'status', 'verdict', 'decision', 'class', 'item', 'url', 'host', 'country']
  const rows = cases.map((shown) => [
    ...[shown.id, shown.status, shown.verdict, shown.decision, shown.classification],
    ...[shown.subject.kind === 'item' ? shown.subject.id : null, defang(shown.url)],
    ...[shown.hostName, shown.country, ageOf(shown.openedAt), shown.sightings],
    local(shown.lastSeenAt),
    shown.lastLook && `${shown.lastLook.outcome}: ${shown.lastLook.cause}`,
    holderText(shown.assignment ?? null),
  ])
  const listed = table([...head, 'age', 'seen', 'last seen', 'last look', 'holder'], rows)
  return rows.length === 0 ? listed : `${listed}\n\n${note}`
}

/** `3 d`, `5 h`: since it was opened. */
function ageOf(openedAt: string): string {
  const hours = Math.max(0, Math.floor((systemClock.now() - Date.parse(openedAt)) / HOUR_MS))
  return hours < DAY_HOURS ? `${hours} h` : `${Math.floor(hours / DAY_HOURS)} d`
}
