import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { submitLines, type TaggedLine } from '../../client/index.ts'
import { MINUTE_MS, SECOND_MS, systemRandom } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { exitCodeOf } from '../batch.ts'
import { openFileSet } from '../feed/file-set.ts'
import { openPlaces } from '../feed/places.ts'
import { createReport } from '../feed/report.ts'
import { type TrackedLine, streamLines } from '../feed/tracked-file.ts'
import { withExamples } from '../help.ts'
import type { Shell } from '../shell.ts'
import { onSignals } from '../signals.ts'

interface FeedOptions {
  readonly follow?: true
  readonly state?: string
  readonly rejects?: string
  readonly keepLines?: true
}

const GIVE_UP_MS = 10 * MINUTE_MS
const SAVE_MS = SECOND_MS
const PROGRESS_MS = 30 * SECOND_MS

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra feed seen.ndjson                # once, to its end',
    'hindra feed seen.ndjson --follow       # and what comes, through rotation',
    'hindra feed /var/spool/crawler --follow --rejects refused.ndjson',
    'crawler | hindra feed - --json',
  ])
    .argument('<source>', 'a file, a directory of .ndjson and .jsonl files, - for stdin')
    .option('--follow', 'wait for more until SIGINT or SIGTERM')
    .option('--state <file>', 'where positions are kept; by default in ~/.local/state/hindra')
    .option('--rejects <file>', 'add refused lines here: file, line number, code and field')
    .option('--keep-lines', 'with what stood in them: these are URLs of suspected material')
    .addHelpText(
      'after',
      '\nA line may be submitted more than once, never lost: a repeated one opens no second case.\n' +
        'Rotated files (seen.ndjson.1, seen.ndjson-20261124) are read too; compressed ones are not.\n' +
        'With --json, every line gets a row {file, line, answer} or {file, line, code}, and the last\n' +
        'row is {summary}.',
    )
    .action((source: string, options: FeedOptions) => feed(shell, source, options))
}

async function feed(shell: Shell, source: string, options: FeedOptions): Promise<void> {
  const { follow = false, rejects, keepLines = false } = options
  if (keepLines && rejects === undefined) {
    throw new HindraError('INVALID_INPUT', '--keep-lines belongs to --rejects FILE')
  }
  const { lineBytesMax } = (await shell.settings()).config.server
  const stop = new AbortController()
  const { signal } = stop
  let exitCode: number | undefined
  const stopHandling = onSignals((code) => {
    // Asked twice: what is under way is given up, too. What was saved is whole.
    if (signal.aborted) process.exit(code)
    exitCode = code
    stop.abort()
  })
  const files =
    source === '-'
      ? undefined
      : openFileSet(source, openPlaces(options.state ?? statePath(shell, source)), {
          follow,
          lineBytesMax,
          signal,
        })
  const lines = files?.lines() ?? streamLines('-', shell.terminal.stdin, lineBytesMax)
  const startedMs = performance.now()
  const report = createReport(
    shell.output(),
    rejects === undefined ? undefined : { path: rejects, keepLines },
    () => (performance.now() - startedMs) / SECOND_MS,
  )
  const progress = setInterval(() => {
    report.progress()
  }, PROGRESS_MS)
  const saves = setInterval(() => {
    // What keeps it from being written is said by the last one.
    files?.save().catch(() => undefined)
  }, SAVE_MS)
  try {
    await shell.withClient(async (client) => {
      const patience = {
        signal,
        onRetry: (error: HindraError, waitMs: number) => {
          const seconds = Math.ceil(waitMs / SECOND_MS)
          shell.output().note(`${error.code}: ${error.message}; again in ${seconds} s`)
        },
        ...(follow ? {} : { giveUpAfterMs: GIVE_UP_MS }),
      }
      const answers = submitLines(client.transport, tagged(lines), patience, systemRandom)
      try {
        for await (const { tag, answer } of answers) {
          report.answered(tag, answer)
          tag.answered('error' in answer)
        }
      } finally {
        await files?.save()
      }
    })
  } finally {
    // What waits for more lines has nobody who wants them.
    stop.abort()
    clearInterval(progress)
    clearInterval(saves)
    stopHandling()
    await files?.close()
    // Left open, it would keep the process, and whoever writes to it would not learn that nobody reads.
    if (files === undefined) shell.terminal.stdin.destroy()
    const codes = report.finish()
    shell.exitWith(exitCode ?? exitCodeOf(codes))
  }
}

async function* tagged(lines: AsyncIterable<TrackedLine>): AsyncGenerator<TaggedLine<TrackedLine>> {
  for await (const line of lines) yield { tag: line, text: line.text }
}

/** One for each source. */
function statePath({ terminal }: Shell, source: string): string {
  const { XDG_STATE_HOME: base, HOME: home = homedir() } = terminal.env
  const name = createHash('sha256').update(resolve(source)).digest('hex').slice(0, 16)
  return join(base ?? join(home, '.local', 'state'), 'hindra', `feed-${name}.json`)
}
