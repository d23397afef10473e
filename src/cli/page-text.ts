import type { Command } from 'commander'
import { defang, defangedText, defined } from '../core/index.ts'
import { type ErrorCode, HindraError } from '../errors.ts'
import type { LookRecordKind, PageFault, ShownPage } from '../looks/terms.ts'
import { fields, printable, table } from './output.ts'
import type { Shell } from './shell.ts'

/** Why there is nothing to read, as commands fail by it. */
const FAULTS: Readonly<Record<PageFault, readonly [code: ErrorCode, message: string]>> = {
  address: ['FETCH_REFUSED', 'the URL leads to where Hindra fetches nothing from'],
  'no-answer': ['FETCH_FAILED', 'the host could not be reached, or did not answer as it must'],
  status: ['FETCH_FAILED', 'the host answered with status'],
  'too-large': ['TOO_LARGE', 'what is there is larger than Hindra fetches'],
  'too-slow': ['FETCH_FAILED', 'it took longer than Hindra waits'],
  'no-page': ['NO_PAGE', 'what is there is no page'],
  unreadable: ['PAGE_UNREADABLE', 'the page could not be read within its limits'],
}

/** `hindra tips page`, `hindra cases page`: what the page of a record says. */
export function withPageText(command: Command, shell: Shell, of: LookRecordKind): void {
  command
    .command('page <id>')
    .description(
      'what the page at its URL says now: title, text and links, no media; it is in the audit',
    )
    .option('--page-url', 'the page on which it was seen, where one is named')
    .action((id: string, { pageUrl }: { pageUrl?: true }) =>
      shell.withClient(async (client) => {
        const at = pageUrl && ('pageUrl' as const)
        const shown = await client.looks.text({ of, id, ...defined({ at }) })
        if (shown.fault !== null) {
          const [code, message] = FAULTS[shown.fault]
          const { status } = shown
          throw new HindraError(code, status === null ? message : `${message} ${status}`)
        }
        shell.output().answer(shown, pageText)
      }),
    )
}

function pageText({ finalUrl, page }: ShownPage): string {
  if (page === null) return 'nothing'
  const { title, text, textLeftOut, links, linksLeftOut, isWhole } = page
  const head = fields({
    page: finalUrl && defang(finalUrl),
    title: title && defangedText(title),
    ...(textLeftOut > 0 && { 'text left out': `${textLeftOut} characters` }),
    ...(linksLeftOut > 0 && { 'links left out': linksLeftOut }),
    ...(!isWhole && { read: 'the first part alone (fetch.pageBytesMax)' }),
  })
  const lines = defangedText(text).split('\n').map(printable).join('\n')
  const rows = links.map(({ kind, url, words }) => [kind, defang(url), defangedText(words)])
  return [head, lines, table(['leads by', 'to', 'says'], rows)].join('\n\n')
}
