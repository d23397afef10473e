import type { Command } from 'commander'
import { defang } from '../../core/index.ts'
import { receiptOf } from '../../client/index.ts'
import type { TipReceipt } from '../../assessing/index.ts'
import { HindraError } from '../../errors.ts'
import { CLIENT_HASH_TYPES } from '../../hashes/index.ts'
import { TIP_CATEGORIES, TIP_SEEN_IN, TIP_SOURCES } from '../../intake/values.ts'
import { collect, withExamples } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'
import { checkedEncoding, ENCODING_HELP, readTextFile } from '../text-file.ts'

interface TipOptions {
  readonly import?: string
  readonly words?: string
  readonly category?: string
  readonly seenIn?: string
  readonly country?: string
  readonly encoding?: string
  readonly source: string
  readonly priority?: string
  readonly pageUrl?: string
  readonly reference?: string
  readonly note?: string
  readonly hash: readonly string[]
  readonly inDangerNow?: true
  readonly municipality?: string
  readonly ownRequest?: true
}

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra tip https://host.example/page --source public',
    'hindra tip https://host.example/a.jpg --source child-support-line --hash md5=0123...',
    'hindra tip https://chat.example/u/x --source child-support-line --in-danger-now --municipality 0180',
    'hindra tip --words "a man in the app X asks girls for pictures" --category grooming --seen-in app',
    'hindra tip --import from-sister-hotline.csv     # again: goes on, or takes what is new',
    'hindra tip --import from-excel.csv --encoding windows-1252',
    'hindra tip --import iccam-reports.json',
  ])
    .argument('[url]', 'where it was seen')
    .option(
      '--import <file>',
      "SCARt's CSV, or JSON in the shape of ICCAM; refused rows are listed",
    )
    .option('--encoding <name>', ENCODING_HELP)
    .option('--words <text>', 'what was seen where there is no URL; at most 10,000 characters')
    .option('--category <category>', `of words: ${TIP_CATEGORIES.join(', ')}`)
    .option('--seen-in <place>', `of words: ${TIP_SEEN_IN.join(', ')}`)
    .option('--country <code>', 'of words: where it happens (ISO 3166-1)')
    .option('--source <source>', TIP_SOURCES.join(', '), 'public')
    .option('--priority <1-3>', '1 is the most urgent; by default that of the source')
    .option('--page-url <url>', 'the page that shows it')
    .option('--reference <text>', "the sender's reference: the same again is the same tip")
    .option('--note <text>')
    .option(
      '--in-danger-now',
      'a child is in danger at this moment: the duty desk is called at once',
    )
    .option('--municipality <code|name>', 'where the child lives: 0180, Stockholm')
    .option('--own-request', 'the depicted child itself asks for removal')
    .option('--hash <type=value>', `${CLIENT_HASH_TYPES.join(', ')}; may be repeated`, collect, [])
    .action(async (url: string | undefined, options: TipOptions) => {
      const given = [url, options.words, options.import].filter((one) => one !== undefined)
      if (given.length !== 1) {
        throw new HindraError(
          'INVALID_INPUT',
          'give a URL, --words TEXT or --import FILE, one of them',
        )
      }
      const encoding = checkedEncoding(options.encoding)
      if (encoding !== undefined && options.import === undefined) {
        throw new HindraError('INVALID_INPUT', '--encoding belongs to --import FILE')
      }
      if (options.import === undefined) await submit(shell, url, options)
      else {
        const { importTips } = await import('../tip-import.ts')
        await importTips(shell, readTextFile(options.import, encoding))
      }
    })
}

async function submit(shell: Shell, url: string | undefined, options: TipOptions): Promise<void> {
  const { source, priority, pageUrl, reference, note, ownRequest, inDangerNow } = options
  const { words, category, seenIn, country } = options
  const hashes = options.hash.map(hashOf)
  const body = {
    url,
    words,
    category,
    seenIn,
    country: country?.toUpperCase(),
    source,
    pageUrl,
    reference,
    note,
    ownRequest,
    inDangerNow,
    childMunicipality: options.municipality,
    ...(priority === undefined ? {} : { priority: Number(priority) }),
    ...(hashes.length === 0 ? {} : { hashes }),
  }
  await shell.withClient(async (client) => {
    shell.output().answer(receiptOf(await client.tips.submit(body)), asText)
  })
}

function asText(receipt: TipReceipt): string {
  const {
    id,
    status,
    priority,
    url,
    category,
    caseId,
    outcome,
    changed = [],
    inDangerNow,
  } = receipt
  return fields({
    id,
    status,
    priority,
    url: url && defang(url),
    about: category,
    case: caseId,
    ...(inDangerNow === true ? { 'in danger now': 'the duty desk is called' } : {}),
    ...(outcome === undefined || outcome === 'added' ? {} : { 'sent before': outcome }),
    ...(changed.length === 0 ? {} : { 'told anew': changed.join(', ') }),
  })
}

function hashOf(option: string): { type: string; value: string } {
  const [, type, value] = /^([\w-]+)=(.+)$/.exec(option) ?? []
  if (type !== undefined && value !== undefined) return { type, value }
  throw new HindraError('INVALID_INPUT', '--hash takes TYPE=VALUE, as in md5=...')
}
