import type { Command } from 'commander'
import type { Case } from '../../cases/index.ts'
import type { Client } from '../../client/index.ts'
import { defang, defined } from '../../core/index.ts'
import type { AssessmentOutcome, PageMedia, PageView, PanelView } from '../../assessing/index.ts'
import { HindraError } from '../../errors.ts'
import type { Classification } from '../../register/index.ts'
import { CLASSIFICATIONS } from '../../register/terms.ts'
import type { Announcement } from '../../takedown/index.ts'
import { announcementText, urlReportText } from '../announcement-text.ts'
import { type AnswerOptions, answersOf, showQuestions } from '../answers.ts'
import { caseText } from '../case-text.ts'
import { type CircumstanceOptions, circumstancesOf, withCircumstances } from '../circumstances.ts'
import { collect, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { actOnMany, type ManyOptions, withMany } from '../many.ts'
import { table } from '../output.ts'
import { panelsTable, panelText, waitingText } from '../panel-text.ts'
import type { Shell } from '../shell.ts'

interface AssessOptions extends CircumstanceOptions, AnswerOptions, ManyOptions {
  readonly classification?: Classification
  readonly reason?: string
  readonly questions?: true
  readonly known?: true
  readonly sha256?: string
  readonly tip: readonly string[]
  readonly alike?: string
  readonly pageUrl?: string
  readonly media?: string
  readonly pageItself?: true
  /** True where what waits is listed. */
  readonly second?: string | true
  readonly mine?: true
  readonly panel?: string
  readonly withdraw?: string
}

/** What an assessment opened, with who is told of it. */
type AnnouncedCase = Case & { readonly announced: Announcement }

export function define(assess: Command, shell: Shell): void {
  withExamples(assess, [
    'hindra assess https://host.example/a.jpg --classification Baseline --reason "..." --tip TIP_ID',
    'hindra assess --tip TIP_ID --classification Baseline --reason "..."    # at the URL of the tip',
    'hindra assess --alike TIP_ID --classification Baseline --reason "..." --dry-run    # every tip on the same file',
    'hindra assess https://host.example/page --classification Baseline --reason "..."    # lists its media',
    'hindra assess https://host.example/page --media 1,3 --classification Baseline --reason "..."',
    'hindra assess https://host.example/a.jpg --classification Baseline --reason "..." --answer age=infant --answer made=ai',
    'hindra assess https://host.example/a.jpg --known    # what it is known for; nothing is opened',
    'hindra assess --questions                   # what is asked, and what can be answered',
    'hindra assess --second                      # what waits for a second or third person',
    'hindra assess --second PANEL_ID --classification National --reason "..."',
    'hindra assess --withdraw PANEL_ID --reason "the wrong picture"',
    'hindra assess https://chat.example/u/x --classification National --own-request --account --reason "..."',
  ])
  withMany(withCircumstances(assess))
    .argument('[url]', 'the media URL, or a page with media; by default that of the tip')
    .option('--classification <class>', CLASSIFICATIONS.join(', '))
    .option('--reason <text>', 'why, for the record')
    .option(
      '--tip <id>',
      'the tip that it came from; of several (repeat), all that show one file',
      collect,
      [],
    )
    .option('--alike <tip>', 'every new tip at which Hindra saw the same file as at this one')
    .option('--page-url <url>', 'the page that shows it')
    .option(
      '--media <numbers>',
      'of a page: which of its media, as listed (1,3), or all: a case each',
    )
    .option('--page-itself', 'the page is meant, and not the media on it')
    .option('--answer <question=term>', 'to a question of the house (repeat)', collect, [])
    .option('--answers <file>', 'JSON of answers by question: {"age": "infant", "sex": ["girl"]}')
    .option('--no-ask', 'on a terminal: asks nothing')
    .option('--known', 'says what the URL is known for already, and assesses nothing')
    .option('--sha256 <hex>', 'with --known: of the file, where it is at hand')
    .option('--questions', 'prints what is asked, and assesses nothing')
    .option(
      '--second [panel]',
      'lists what waits for a second or third person that you may be; with an id, yours is that one',
    )
    .option('--mine', 'with --second: what you assessed, and what waits for others')
    .option('--panel <panel>', 'what each of several people said, once it is over')
    .option(
      '--withdraw <panel>',
      'takes back your first assessment, before anybody else has theirs',
    )
    .action(async (given: string | undefined, options: AssessOptions) => {
      if (options.questions === true) return showQuestions(shell)
      if (await showedPanels(shell, options)) return
      const { tip: tipIds, alike, dryRun, count, pageUrl, media, pageItself } = options
      const [tipId] = tipIds
      const isMany = tipIds.length > 1 || [alike, dryRun, count].some((told) => told !== undefined)
      if (isMany) return assessMany(shell, given, options)
      const panelId = options.second === true ? undefined : options.second
      if (given === undefined && tipId === undefined && panelId === undefined) {
        throw new HindraError('INVALID_INPUT', 'give a URL, or --tip ID for that of the tip')
      }
      if (options.known === true) return showKnown(shell, given, options)
      const { classification, reason } = judgedIn(options)
      if (media !== undefined && (pageItself === true || pageUrl !== undefined)) {
        throw new HindraError('INVALID_INPUT', '--media is of the page at the URL, and alone')
      }
      const circumstances = circumstancesOf(options)
      await shell.withClient(async (client) => {
        const url = given ?? (await urlMeant(client, options))
        const told = { ...options, classification, circumstances }
        const answers = await answersOf(shell, client, told)
        const judged = { url, tipId, classification, reason, circumstances, answers }
        if (media !== undefined) {
          const chosen = await chosenOf(client, url, media)
          const opened = await client.assessments.assessPage({ ...judged, media: chosen })
          const told: (AnnouncedCase | PanelView)[] = []
          for (const one of opened) told.push(await announced(client, one))
          shell.output().answer(told, casesText)
          return
        }
        try {
          const more = { pageUrl, pageItself, panelId }
          const came = await client.assessments.assess({ ...judged, ...more })
          shell.output().answer(await announced(client, came), outcomeText)
        } catch (error) {
          if (!(error instanceof HindraError && error.code === 'PAGE_CHOICE')) throw error
          shell.output().answer(await client.assessments.lookAtPage({ url }), pageText)
          throw error
        }
      })
    })
}

/** One word on one file, at the URLs of many tips. Throws INVALID_INPUT. */
async function assessMany(
  shell: Shell,
  given: string | undefined,
  options: AssessOptions,
): Promise<void> {
  const { tip: ids, alike, dryRun, count, pageUrl, media, pageItself } = options
  if ([given, pageUrl, media, pageItself].some((told) => told !== undefined)) {
    const how =
      'of many tips each has its URL: name the tips by --tip or --alike, and no URL or page'
    throw new HindraError('INVALID_INPUT', how)
  }
  const { classification, reason } = judgedIn(options)
  const circumstances = circumstancesOf(options)
  await shell.withClient(async (client) => {
    const told = { ...options, classification, circumstances }
    const said = {
      classification,
      reason,
      ...defined({ circumstances, answers: await answersOf(shell, client, told) }),
    }
    const query = alike === undefined ? {} : ({ alike, status: 'new' } as const)
    const targets = { ids, query, ...defined({ dryRun, count }) }
    await actOnMany(
      shell,
      'assessed',
      targets,
      (which) => (how) => client.assessments.assessMany({ ...which, ...how, said }),
    )
  })
}

/** What waits for several people, where that is asked for; false where something is to be assessed. */
async function showedPanels(shell: Shell, options: AssessOptions): Promise<boolean> {
  const { second, mine, panel, withdraw, reason } = options
  if (panel !== undefined) {
    await shell.withClient(async (client) => {
      shell.output().answer(await client.assessments.panel({ id: panel }), panelText)
    })
  } else if (withdraw !== undefined) {
    if (reason === undefined) throw new HindraError('INVALID_INPUT', '--reason <text> is needed')
    await shell.withClient(async (client) => {
      const taken = await client.assessments.withdraw({ id: withdraw, reason })
      shell.output().answer(taken, panelText)
    })
  } else if (second === true) {
    await shell.withClient(async (client) => {
      await showPage(shell, client.assessments.waiting, {
        query: { mine: mine === true ? 'true' : undefined, all: true },
        human: mine === true ? panelsTable : waitingText,
        placeOf: ({ id }) => id,
      })
    })
  } else return false
  return true
}

/** A case with who is told of it; what waits as it is. */
async function announced(
  client: Client,
  came: AssessmentOutcome,
): Promise<AnnouncedCase | PanelView> {
  if ('state' in came) return came
  return { ...came, announced: await client.cases.announce({ id: came.id }) }
}

function outcomeText(came: AnnouncedCase | PanelView): string {
  if ('state' in came) return panelText(came)
  return [caseText(came), announcementText(came.announced)].join('\n\n')
}

/** Of what waits for another person, or of the tip. Throws INVALID_INPUT where the tip has none. */
async function urlMeant(
  client: Client,
  { second, tip: [id = ''] }: AssessOptions,
): Promise<string> {
  if (typeof second !== 'string') return urlOf(client, id)
  return (await client.assessments.panel({ id: second })).url
}

/** Throws INVALID_INPUT where the tip has none. */
async function urlOf(client: Client, tipId: string): Promise<string> {
  const { url } = await client.tips.show({ id: tipId })
  if (url !== undefined) return url
  const how = 'the tip has no URL: give the one that you found, or `hindra tips tell-police ID`'
  throw new HindraError('INVALID_INPUT', how)
}

/** Nothing is fetched, and nothing is opened. */
function showKnown(
  shell: Shell,
  given: string | undefined,
  { tip: [id], sha256 }: AssessOptions,
): Promise<void> {
  return shell.withClient(async (client) => {
    const url = given ?? (await urlOf(client, id ?? ''))
    const asked = { url, sha256: sha256?.toLowerCase() }
    shell.output().answer(await client.assessments.beforehand(asked), urlReportText)
  })
}

/** Throws INVALID_INPUT: what an assessment is nothing without. */
function judgedIn({ classification, reason }: AssessOptions) {
  if (classification === undefined) {
    throw new HindraError('INVALID_INPUT', '--classification <class> is needed')
  }
  if (reason === undefined) throw new HindraError('INVALID_INPUT', '--reason <text> is needed')
  return { classification, reason }
}

/** The URLs of the numbers, as the page has them now. Throws INVALID_INPUT. */
async function chosenOf(
  client: Client,
  url: string,
  media: string,
): Promise<'all' | readonly string[]> {
  if (media === 'all') return 'all'
  const numbers = media.split(',').map((text) => text.trim())
  const { media: shown } = await client.assessments.lookAtPage({ url })
  return numbers.map((number) => {
    const found = shown.find((one) => String(one.number) === number)
    if (found !== undefined) return found.url
    const message = `--media: the page has ${shown.length} media, and no number ${number}`
    throw new HindraError('INVALID_INPUT', message)
  })
}

const NO_MEDIA =
  'No media was found: scripts may load it, or a login hides it. Open the page in a browser that is kept ' +
  'for this, copy the address of the media, and assess that with --page-url PAGE; or, where the page ' +
  'itself is what is to go, --page-itself.'

function pageText({ media }: PageView): string {
  if (media.length === 0) return NO_MEDIA
  return table(['no', 'what', 'size', 'known', 'case', 'url'], media.map(mediaRow))
}

function mediaRow(media: PageMedia) {
  const { number, kind, element, width, height, verdict, problem, caseId, url } = media
  const size = width === null || height === null ? null : `${width}x${height}`
  const what = kind ?? `${element} (${problem ?? 'not looked at'})`
  return [number, what, size, verdict === 'none' ? 'no' : verdict, caseId, defang(url)]
}

function casesText(told: readonly (AnnouncedCase | PanelView)[]): string {
  const cases = told.flatMap((one) => ('state' in one ? [] : [one]))
  const waiting = told.flatMap((one) => ('state' in one ? [one] : []))
  const opened = table(
    ['case', 'status', 'verdict', 'url'],
    cases.map(({ id, status, verdict, url }) => [id, status, verdict, defang(url)]),
  )
  const each = cases.map((one) => `case ${one.id}\n${announcementText(one.announced)}`)
  const panels = waiting.length === 0 ? [] : [panelsTable(waiting)]
  return [...(cases.length === 0 ? [] : [opened]), ...panels, ...each].join('\n\n')
}
