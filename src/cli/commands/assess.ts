import type { Command } from 'commander'
import type { Case } from '../../cases/index.ts'
import type { Client } from '../../client/index.ts'
import { defang } from '../../core/index.ts'
import type { PageMedia, PageView } from '../../assessing/index.ts'
import { HindraError } from '../../errors.ts'
import type { Classification } from '../../register/index.ts'
import { CLASSIFICATIONS } from '../../register/terms.ts'
import { caseText } from '../case-text.ts'
import { type CircumstanceOptions, circumstancesOf, withCircumstances } from '../circumstances.ts'
import { verb } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface AssessOptions extends CircumstanceOptions {
  readonly classification: Classification
  readonly reason: string
  readonly tip?: string
  readonly pageUrl?: string
  readonly media?: string
  readonly pageItself?: true
}

export function assessCommand(shell: Shell): Command {
  const assess = verb('assess', 'judges something new at a URL: a case without an item', [
    'hindra assess https://host.example/a.jpg --classification Baseline --reason "..." --tip TIP_ID',
    'hindra assess --tip TIP_ID --classification Baseline --reason "..."    # at the URL of the tip',
    'hindra assess https://host.example/page --classification Baseline --reason "..."    # lists its media',
    'hindra assess https://host.example/page --media 1,3 --classification Baseline --reason "..."',
    'hindra assess https://chat.example/u/x --classification National --own-request --account --reason "..."',
  ])
  return withCircumstances(assess)
    .argument('[url]', 'the media URL, or a page with media; by default that of the tip')
    .requiredOption('--classification <class>', CLASSIFICATIONS.join(', '))
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--tip <id>', 'the tip that it came from')
    .option('--page-url <url>', 'the page that shows it')
    .option(
      '--media <numbers>',
      'of a page: which of its media, as listed (1,3), or all: a case each',
    )
    .option('--page-itself', 'the page is meant, and not the media on it')
    .action(async (given: string | undefined, options: AssessOptions) => {
      const { tip: tipId, classification, reason, pageUrl, media, pageItself } = options
      if (given === undefined && tipId === undefined) {
        throw new HindraError('INVALID_INPUT', 'give a URL, or --tip ID for that of the tip')
      }
      if (media !== undefined && (pageItself === true || pageUrl !== undefined)) {
        throw new HindraError('INVALID_INPUT', '--media is of the page at the URL, and alone')
      }
      const circumstances = circumstancesOf(options)
      await shell.withClient(async (client) => {
        const url = given ?? (await urlOf(client, tipId ?? ''))
        const judged = { url, tipId, classification, reason, circumstances }
        if (media !== undefined) {
          const chosen = await chosenOf(client, url, media)
          const opened = await client.assessments.assessPage({ ...judged, media: chosen })
          shell.output().answer(opened, casesText)
          return
        }
        try {
          const opened = await client.assessments.assess({ ...judged, pageUrl, pageItself })
          shell.output().answer(opened, (found) => caseText(found))
        } catch (error) {
          if (!(error instanceof HindraError && error.code === 'PAGE_CHOICE')) throw error
          shell.output().answer(await client.assessments.lookAtPage({ url }), pageText)
          throw error
        }
      })
    })
}

/** Throws INVALID_INPUT where the tip has none. */
async function urlOf(client: Client, tipId: string): Promise<string> {
  const { url } = await client.tips.show({ id: tipId })
  if (url !== undefined) return url
  const how = 'the tip has no URL: give the one that you found, or `hindra tips tell-police ID`'
  throw new HindraError('INVALID_INPUT', how)
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

function casesText(opened: readonly Case[]): string {
  return table(
    ['case', 'status', 'verdict', 'url'],
    opened.map(({ id, status, verdict, url }) => [id, status, verdict, defang(url)]),
  )
}
