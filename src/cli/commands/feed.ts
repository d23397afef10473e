import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { type LineAnswer, submitLines, submitMedia, type TaggedLine } from '../../client/index.ts'
import { defined, SECOND_MS, systemRandom } from '../../core/index.ts'
import { createCandidates } from '../feed/candidates.ts'
import { openFileSet } from '../feed/file-set.ts'
import {
  isNats,
  type NatsOptions,
  refuseNatsOptions,
  withNatsOptions,
} from '../feed/nats/options.ts'
import { openPlaces } from '../feed/places.ts'
import type { RecordUpload } from '../feed/record-line.ts'
import { type Feeding, type FileOptions, runFeed } from '../feed/run-feed.ts'
import { streamLines } from '../feed/stream-lines.ts'
import type { TrackedLine } from '../feed/tracked-file.ts'
import { openVerdictReport } from '../feed/verdict-report.ts'
import { withExamples } from '../help.ts'
import type { Shell } from '../shell.ts'

const SAVE_MS = SECOND_MS
/** Stands in for a line that cannot be sent: it is answered in its turn, with a refusal. */
const UNSENDABLE = 'null'
/** Where lines and media go, for nothing but cases or for a report. */
const ROUTES = {
  cases: { lines: '/v1/sightings', media: '/v1/sightings/media' },
  report: { lines: '/v1/screenings', media: '/v1/screenings/media' },
}

export function define(command: Command, shell: Shell): void {
  const described = withExamples(command, [
    'hindra feed seen.ndjson                # once, to its end',
    'hindra feed seen.ndjson --follow       # and what comes, through rotation',
    'hindra feed /var/spool/crawler --follow --rejects refused.ndjson',
    'crawler | hindra feed - --json',
    'hindra feed crawl.warc.gz              # the media that a crawler kept: WARC, WACZ',
    'hindra feed shards/ --report seen.csv  # tars of pictures (webdataset): a verdict for each',
    'hindra feed nats://nats.example --stream SIGHTINGS --consumer hindra --follow',
  ])
    .argument(
      '<source>',
      'a file of lines, a crawl or a tar, a directory of such, - for stdin, nats:// or tls://',
    )
    .option('--follow', 'wait for more until SIGINT or SIGTERM')
    .option('--state <file>', 'where positions are kept; by default in ~/.local/state/hindra')
    .option('--rejects <file>', 'add refused lines here: file, line number, code and field')
    .option(
      '--keep-lines',
      'with what stood in them beside media and hashes: these are URLs of suspected material',
    )
    .option('--fetch', 'of a crawl: have Hindra fetch its pages, and media that it has a part of')
    .option(
      '--report <file>',
      'of tars: write what each file is, .jsonl or .csv; needs a key for it',
    )
  withNatsOptions(described)
    .addHelpText(
      'after',
      '\nA line may be submitted more than once, never lost: a repeated one opens no second case.\n' +
        'Rotated files (seen.ndjson.1, seen.ndjson-20261124) are read too; compressed ones are not.\n' +
        'A directory is read for .ndjson, .jsonl, .warc, .warc.gz, .wacz, .tar, .tar.gz and .tgz files.\n' +
        'A report has shard, entry, verdict and reason of each picture and film of a tar, with a URL or\n' +
        'not; its key has the role crawler-verdict or analyst. Without one, what has a URL is submitted.\n' +
        'Of NATS JetStream each message is a line, acknowledged when it is answered; several commands\n' +
        'may share a consumer. Where its server is away they wait: docs/nats.md.\n' +
        'With --json, every line gets a row {file, line, answer} or {file, line, code}, and the last\n' +
        'row is {summary}.',
    )
    .action((source: string, options: FileOptions & NatsOptions) => feed(shell, source, options))
}

async function feed(
  shell: Shell,
  source: string,
  options: FileOptions & NatsOptions,
): Promise<void> {
  if (isNats(source)) {
    const { feedFromNats, readNats } = await import('../feed/nats/feed-from-nats.ts')
    const settings = readNats(source, options, shell.terminal.env)
    await runFeed(shell, options, (run) => feedFromNats(shell, settings, run))
    return
  }
  refuseNatsOptions(options)
  await runFeed(shell, options, (run) => feedFromFiles(shell, source, options, run))
}

async function feedFromFiles(
  shell: Shell,
  source: string,
  options: FileOptions,
  { report, tally, signal, patience, stop }: Feeding,
): Promise<void> {
  const { follow = false, fetch: byUrl = false } = options
  const isForReport = options.report !== undefined
  const { server, decode } = (await shell.settings()).config
  const { lineBytesMax } = server
  const route = isForReport ? ROUTES.report : ROUTES.cases
  const crawl = { limits: { mediaBytesMax: decode.bytesMax, lineBytesMax }, byUrl, tally }
  // What is not there, or belongs to no report, is refused before a report is begun.
  const candidates = source === '-' ? undefined : createCandidates(source, isForReport)
  const places = candidates && openPlaces(options.state ?? statePath(shell, source, options))
  const verdicts =
    options.report === undefined ? undefined : await openVerdictReport(options.report, places)
  const files =
    candidates &&
    places &&
    openFileSet(candidates, places, { follow, lineBytesMax, crawl, report: verdicts, signal })
  const lines =
    files?.lines() ?? streamLines(shell.terminal.stdin, lineBytesMax, crawl, isForReport)
  const saves = setInterval(() => {
    // What keeps it from being written is said by the last one.
    files?.save().catch(() => undefined)
  }, SAVE_MS)
  try {
    await shell.withClient(async (client) => {
      const take = (line: TrackedLine, answer: LineAnswer): void => {
        report.answered(line, answer)
        line.answered('error' in answer, () => verdicts?.write(line, answer))
      }
      const upload = async (
        line: TrackedLine,
        { sighting, media }: RecordUpload,
      ): Promise<void> => {
        const how = { ...patience, path: route.media }
        take(line, await submitMedia(client.transport, sighting, media, how, systemRandom))
      }
      const sent = tagged(lines, upload)
      try {
        for await (const { tag, answer } of submitLines(
          client.transport,
          sent,
          { ...patience, path: route.lines },
          systemRandom,
        )) {
          take(tag, answer)
        }
      } finally {
        await files?.save()
      }
    })
  } finally {
    stop()
    clearInterval(saves)
    await files?.close()
    await verdicts?.close()
    // Left open, it would keep the process, and whoever writes to it would not learn that nobody reads.
    if (files === undefined) shell.terminal.stdin.destroy()
  }
}

/** What goes as a line; what does not is uploaded in its turn. */
async function* tagged(
  lines: AsyncIterable<TrackedLine>,
  upload: (line: TrackedLine, large: RecordUpload) => Promise<void>,
): AsyncGenerator<TaggedLine<TrackedLine>> {
  for await (const line of lines) {
    if (line.upload !== undefined) await upload(line, line.upload)
    else yield { tag: line, text: line.text ?? UNSENDABLE, ...defined({ media: line.media }) }
  }
}

/** One for each source, and for each report of it. */
function statePath({ terminal }: Shell, source: string, { report }: FileOptions): string {
  const { XDG_STATE_HOME: base, HOME: home = homedir() } = terminal.env
  const told = [source, ...(report === undefined ? [] : [report])].map((path) => resolve(path))
  const name = createHash('sha256').update(told.join('\n')).digest('hex').slice(0, 16)
  return join(base ?? join(home, '.local', 'state'), 'hindra', `feed-${name}.json`)
}
