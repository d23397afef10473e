import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { defang } from '../../core/index.ts'
import type { TipImportReport, TipReceipt } from '../../engine.ts'
import { HindraError } from '../../errors.ts'
import { CLIENT_HASH_TYPES, TIP_SOURCES } from '../../intake/index.ts'
import { collect, verb } from '../help.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface TipOptions {
  readonly import?: string
  readonly source: string
  readonly priority?: string
  readonly pageUrl?: string
  readonly reference?: string
  readonly note?: string
  readonly hash: readonly string[]
  readonly inDangerNow?: true
  readonly municipality?: string
}

export function tipCommand(shell: Shell): Command {
  return verb('tip', 'takes a tip, or a list of tips from a sister hotline', [
    'hindra tip https://host.example/page --source public',
    'hindra tip https://host.example/a.jpg --source child-support-line --hash md5=0123...',
    'hindra tip https://chat.example/u/x --source child-support-line --in-danger-now --municipality 0180',
    'hindra tip --import from-sister-hotline.csv',
    'hindra tip --import iccam-reports.json',
  ])
    .argument('[url]', 'where it was seen')
    .option(
      '--import <file>',
      "SCARt's CSV, or JSON in the shape of ICCAM; refused rows are listed",
    )
    .option('--source <source>', TIP_SOURCES.join(', '), 'public')
    .option('--priority <1-3>', '1 is the most urgent; by default that of the source')
    .option('--page-url <url>', 'the page that shows it')
    .option('--reference <text>', "the sender's reference")
    .option('--note <text>')
    .option(
      '--in-danger-now',
      'a child is in danger at this moment: the duty desk is called at once',
    )
    .option('--municipality <code|name>', 'where the child lives: 0180, Stockholm')
    .option('--hash <type=value>', `${CLIENT_HASH_TYPES.join(', ')}; may be repeated`, collect, [])
    .action(async (url: string | undefined, options: TipOptions) => {
      if ((url === undefined) === (options.import === undefined)) {
        throw new HindraError('INVALID_INPUT', 'give a URL or --import FILE, one of both')
      }
      if (options.import !== undefined) await importTips(shell, readList(options.import))
      else await submit(shell, url ?? '', options)
    })
}

async function submit(shell: Shell, url: string, options: TipOptions): Promise<void> {
  const { source, priority, pageUrl, reference, note, inDangerNow, municipality } = options
  const hashes = options.hash.map(hashOf)
  const body = {
    ...{ url, source, pageUrl, reference, note, inDangerNow, childMunicipality: municipality },
    ...(priority === undefined ? {} : { priority: Number(priority) }),
    ...(hashes.length === 0 ? {} : { hashes }),
  }
  await shell.withClient(async (client) => {
    const tip = await client.post('/v1/tips', body)
    shell
      .output()
      .answer(tip as TipReceipt, ({ id, status, priority: urgency, url: seen, caseId }) =>
        fields({ id, status, priority: urgency, url: seen && defang(seen), case: caseId }),
      )
  })
}

function hashOf(option: string): { type: string; value: string } {
  const [, type, value] = /^([\w-]+)=(.+)$/.exec(option) ?? []
  if (type !== undefined && value !== undefined) return { type, value }
  throw new HindraError('INVALID_INPUT', '--hash takes TYPE=VALUE, as in md5=...')
}

async function importTips(shell: Shell, list: string): Promise<void> {
  const isJson = /^\s*[[{]/.test(list)
  const iccam = isJson ? parseJson(list) : undefined
  await shell.withClient(async (client) => {
    const sent = isJson ? client.post('/v1/tips', { iccam }) : client.postCsv('/v1/tips', list)
    const report = (await sent) as TipImportReport
    shell.output().answer(report, asText)
    if (report.refused.length > 0) shell.exitWith(2)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HindraError('INVALID_INPUT', 'the file begins as JSON and is none')
  }
}

function asText({ accepted, known, refused }: TipImportReport): string {
  const summary = `${accepted} accepted (${known} known already), ${refused.length} refused`
  if (refused.length === 0) return summary
  const rows = refused.map(({ line, field, message }) => [line, field, message])
  return `${table(['line', 'field', 'why'], rows)}\n${summary}`
}

function readList(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', `${file} cannot be read`, { cause })
  }
}
