import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import type { Client } from '../../client/index.ts'
import { type TextEncoding, utf8Of } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { ClassMap, Delta, FormatName, ImportView } from '../../exchange/index.ts'
import { FORMAT_NAMES } from '../../exchange/terms.ts'
import { classMap, type ClassOptions, withClasses } from '../class-map.ts'
import { countIn, touchedByImport, withdrawAbsent } from '../complete-list.ts'
import { withExamples } from '../help.ts'
import { showImport, summary, withdrawing } from '../import-report.ts'
import { interruptible } from '../interruption.ts'
import type { Shell } from '../shell.ts'
import { checkedEncoding, ENCODING_HELP } from '../text-file.ts'

/** Lines of one request, which is one transaction. */
const BATCH_LINES = 500
const PROGRESS_LINES = 20_000
const FAULT_CHARS_MAX = 1_000

interface ImportOptions extends ClassOptions {
  readonly list: string
  readonly format: string
  readonly dryRun?: boolean
  readonly complete?: boolean
  readonly withdraw?: string
  readonly encoding?: string
}

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra import partner.csv --list partner-x --format csv --dry-run',
    'hindra import hashes.txt --list partner-x --format local_file --class Baseline',
    'hindra import vics.json --list vic --format vics --classes 1=Baseline,2=National',
    'hindra import iwf.csv --list iwf --format iwf --classes A=Baseline,B=National --complete',
  ])
    .argument('<file>')
    .requiredOption('--list <name>', 'the list that it is of (hindra lists)')
    .requiredOption('--format <format>', FORMAT_NAMES.join(', '))
    .option('--encoding <name>', ENCODING_HELP)
  withClasses(command)
    .option('--dry-run', 'says what it would do, and does nothing')
    .option('--complete', 'the file is all of the list: what it does not name is withdrawn')
    .option('--withdraw <count>', 'with --complete: so many entries go, whatever their share')
    .action((file: string, options: ImportOptions) =>
      shell.withClient(async (client) => {
        const format = checkedFormat(options.format)
        if (!existsSync(file)) throw new HindraError('INVALID_INPUT', `there is nothing at ${file}`)
        const classes = classMap(options)
        const { dryRun = false, complete = false } = options
        const confirmed = countIn(options.withdraw)
        if (confirmed !== undefined && !complete) {
          throw new HindraError('INVALID_INPUT', '--withdraw is of use with --complete alone')
        }
        const encoding = checkedEncoding(options.encoding)
        const started = await client.imports.begin({
          list: options.list,
          format,
          digest: await digestOf(file, { format, classes, encoding }),
          dryRun,
          complete,
        })
        if (started.position > 0) shell.output().note(`going on behind line ${started.position}`)
        let { position } = started
        const says = () =>
          `stopped: ${position} lines are done and stay. The server ends the batch under way ` +
          `(${BATCH_LINES} lines at most) and does nothing else of this list; the same command goes ` +
          'on behind it. Ctrl-C again leaves at once.'
        await interruptible(shell, says, async (signal) => {
          const bytes = createReadStream(file)
          const { size } = statSync(file)
          const { classified, readList } = await import('../../exchange/index.ts')
          const lines = classified(readList(format, bytes, encoding), classes)
          let noted = position
          const fault = await send(client, started, lines, signal, (view) => {
            position = view.position
            if (position - noted < PROGRESS_LINES) return
            noted = position
            const percent = Math.floor((100 * bytes.bytesRead) / size)
            shell.output().note(`${position} lines, ${percent}% read: ${summary(view)}`)
          })
          bytes.destroy()
          if (signal.aborted) return
          if (fault !== undefined) await fail(shell, client, started, fault)
          await finish(shell, client, started, { complete, confirmed })
        })
      }),
    )
}

async function finish(
  shell: Shell,
  client: Client,
  { id }: ImportView,
  { complete, confirmed }: { complete: boolean; confirmed: number | undefined },
): Promise<void> {
  const { refused } = await client.imports.show({ id })
  if (complete && refused === 0) {
    await withdrawAbsent(client, id, confirmed, (view) => {
      shell.output().note(withdrawing(view))
    })
  }
  const done = await client.imports.finish({ id })
  showImport(shell, done, await touchedByImport(client, done))
  if (complete && refused > 0) {
    throw new HindraError(
      'LIST_NOT_WHOLE',
      `${refused} lines were refused: nothing was withdrawn for being absent`,
    )
  }
}

/** What was read before is in. Throws the fault. */
async function fail(
  shell: Shell,
  client: Client,
  { id }: ImportView,
  fault: HindraError,
): Promise<never> {
  const failed = await client.imports.fail({ id, fault: fault.message.slice(0, FAULT_CHARS_MAX) })
  showImport(shell, failed, await touchedByImport(client, failed))
  throw fault
}

/**
 * Sends in order, a batch after the other was answered, until aborted: what was answered is done. Gives what is wrong
 * with the file, once all that could be read of it was sent.
 */
async function send(
  client: Client,
  started: ImportView,
  lines: AsyncIterable<Delta>,
  signal: AbortSignal,
  progress: (view: ImportView) => void,
): Promise<HindraError | undefined> {
  let position = 0
  let batch: Delta[] = []
  let fault: HindraError | undefined
  async function* readable(): AsyncGenerator<Delta> {
    try {
      yield* lines
    } catch (error) {
      if (!(error instanceof HindraError) || error.code !== 'INVALID_INPUT') throw error
      fault = error
    }
  }
  for await (const line of readable()) {
    position += 1
    if (position <= started.position) continue
    batch.push(line)
    if (batch.length < BATCH_LINES) continue
    progress(await sendBatch(client, started.id, position - batch.length, batch))
    if (signal.aborted) return undefined
    batch = []
  }
  if (batch.length > 0) await sendBatch(client, started.id, position - batch.length, batch)
  return fault
}

async function sendBatch(
  client: Client,
  id: string,
  from: number,
  lines: readonly Delta[],
): Promise<ImportView> {
  return await client.imports.takeLines({ id, from, lines })
}

/** What is imported and how: the same again is the same import. Throws where it is not in its encoding. */
async function digestOf(
  file: string,
  {
    format,
    classes,
    encoding,
  }: { format: FormatName; classes: ClassMap; encoding: TextEncoding | undefined },
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([format, classes]))
  // Of the text, not of the bytes: a list that was begun by an older version is found again.
  for await (const chunk of utf8Of(createReadStream(file), encoding)) hash.update(chunk)
  return hash.digest('hex')
}

function checkedFormat(text: string): FormatName {
  const found = FORMAT_NAMES.find((name) => name === text)
  if (found !== undefined) return found
  throw new HindraError('INVALID_INPUT', `--format: one of ${FORMAT_NAMES.join(', ')}`)
}
