import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { defang } from '../../core/index.ts'
import type { TipImportReport } from '../../engine.ts'
import { HindraError } from '../../errors.ts'
import { TIP_SOURCES, type Tip } from '../../intake/index.ts'
import { verb } from '../help.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface TipOptions {
  readonly import?: string
  readonly source: string
  readonly priority: string
  readonly pageUrl?: string
  readonly reference?: string
  readonly note?: string
}

export function tipCommand(shell: Shell): Command {
  return verb('tip', 'takes a tip, or a list of tips from a sister hotline', [
    'hindra tip https://host.example/page --source public',
    'hindra tip --import from-sister-hotline.csv',
  ])
    .argument('[url]', 'where it was seen')
    .option('--import <file>', "SCARt's import CSV; lines that are refused are listed")
    .option('--source <source>', TIP_SOURCES.join(', '), 'public')
    .option('--priority <1-3>', '1 is the most urgent', '3')
    .option('--page-url <url>', 'the page that shows it')
    .option('--reference <text>', "the sender's reference")
    .option('--note <text>')
    .action(async (url: string | undefined, options: TipOptions) => {
      if ((url === undefined) === (options.import === undefined)) {
        throw new HindraError('INVALID_INPUT', 'give a URL or --import FILE, one of both')
      }
      if (options.import !== undefined) await importTips(shell, readCsv(options.import))
      else await submit(shell, url ?? '', options)
    })
}

async function submit(shell: Shell, url: string, options: TipOptions): Promise<void> {
  const { source, priority, pageUrl, reference, note } = options
  const told = { url, source, priority: Number(priority), pageUrl, reference, note }
  await shell.withClient(async (client) => {
    const tip = await client.post('/v1/tips', told)
    shell
      .output()
      .answer(tip as Tip, ({ id, status, priority: urgency, url: seen, caseId }) =>
        fields({ id, status, priority: urgency, url: defang(seen), case: caseId }),
      )
  })
}

async function importTips(shell: Shell, csv: string): Promise<void> {
  await shell.withClient(async (client) => {
    const report = (await client.postCsv('/v1/tips', csv)) as TipImportReport
    shell.output().answer(report, asText)
    if (report.refused.length > 0) shell.exitWith(2)
  })
}

function asText({ accepted, refused }: TipImportReport): string {
  const summary = `${accepted} accepted, ${refused.length} refused`
  if (refused.length === 0) return summary
  const rows = refused.map(({ line, field, message }) => [line, field, message])
  return `${table(['line', 'field', 'why'], rows)}\n${summary}`
}

function readCsv(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', `${file} cannot be read`, { cause })
  }
}
