import type { Command } from 'commander'
import type { Case } from '../../cases/index.ts'
import type { Client } from '../../client/index.ts'
import { defang, defined } from '../../core/index.ts'
import type { PageMedia, PageView } from '../../assessing/index.ts'
import { HindraError } from '../../errors.ts'
import type { Classification } from '../../register/index.ts'
import { CLASSIFICATIONS } from '../../register/terms.ts'
import type { Announcement } from '../../takedown/index.ts'
import { announcementText, urlReportText } from '../announcement-text.ts'
import { type AnswerOptions, answersOf, showQuestions } from '../answers.ts'
import { caseText } from '../case-text.ts'
import { type CircumstanceOptions, circumstancesOf, withCircumstances } from '../circumstances.ts'
import { collect, verb } from '../help.ts'
import { actOnMany, type ManyOptions, withMany } from '../many.ts'
import { table } from '../output.ts'
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
}

export function assessCommand(shell: Shell): Command {
  const assess = verb('assess', 'judges something new at a URL: a case without an item', [
    'hindra assess https://host.example/a.jpg --classification Baseline --reason "..." --tip TIP_ID',
    'hindra assess --tip TIP_ID --classification Baseline --reason "..."    # at the URL of the tip',
    'hindra assess --alike TIP_ID --classification Baseline --reason "..." --dry-run    # every tip on the same file',
    'hindra assess https://host.example/page --classification Baseline --reason "..."    # lists its media',
    'hindra assess https://host.example/page --media 1,3 --classification Baseline --reason "..."',
    'hindra assess https://host.example/a.jpg --classification Baseline --reason "..." --answer age=infant --answer made=ai',
    'hindra assess https://host.example/a.jpg --known    # what it is known for; nothing is opened',
    'hindra assess --questions                   # what is asked, and what can be answered',
    'hindra assess https://chat.example/u/x --classification National --own-request --account --reason "..."',
  ])
  return withMany(withCircumstances(assess))
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
    .action(async (given: string | undefined, options: AssessOptions) => {
      if (options.questions === true) return showQuestions(shell)
      const { tip: tipIds, alike, dryRun, count, pageUrl, media, pageItself } = options
      const [tipId] = tipIds
      const isMany = tipIds.length > 1 || [alike, dryRun, count].some((told) => told !== undefined)
      if (isMany) return assessMany(shell, given, options)
      if (given === undefined && tipId === undefined) {
        throw new HindraError('INVALID_INPUT', 'give a URL, or --tip ID for that of the tip')
      }
      if (options.known === true) return showKnown(shell, given, options)
      const { classification, reason } = judgedIn(options)
      if (media !== undefined && (pageItself === true || pageUrl !== undefined)) {
        throw new HindraError('INVALID_INPUT', '--media is of the page at the URL, and alone')
      }
      const circumstances = circumstancesOf(options)
      await shell.withClient(async (client) => {
        const url = given ?? (await urlOf(client, tipId ?? ''))
        const told = { ...options, classification, circumstances }
        const answers = await answersOf(shell, client, told)
        const judged = { url, tipId, classification, reason, circumstances, answers }
        if (media !== undefined) {
          const chosen = await chosenOf(client, url, media)
          const opened = await client.assessments.assessPage({ ...judged, media: chosen })
          const told: (Case & { readonly announced: Announcement })[] = []
          for (const entry of opened) {
            told.push({ ...entry, announced: await client.cases.announce({ id: entry.id }) })
          }
          shell.output().answer(told, casesText)
          return
        }
        try {
          const opened = await client.assessments.assess({ ...judged, pageUrl, pageItself })
          const announced = await client.cases.announce({ id: opened.id })
          shell
            .output()
            .answer({ ...opened, announced }, (found) =>
              [caseText(found), announcementText(found.announced)].join('\n\n'),
            )
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

function casesText(told: readonly (Case & { readonly announced: Announcement })[]): string {
  const opened = table(
    ['case', 'status', 'verdict', 'url'],
    told.map(({ id, status, verdict, url }) => [id, status, verdict, defang(url)]),
  )
  const each = told.map(({ id, announced }) => `case ${id}\n${announcementText(announced)}`)
  return [opened, ...each].join('\n\n')
}
