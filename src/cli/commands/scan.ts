import type { Command } from 'commander'
import {
  type Client,
  type LineAnswer,
  type SentLine,
  submitLines,
  type TaggedLine,
} from '../../client/index.ts'
import { defined, systemRandom } from '../../core/index.ts'
import { type DrawnMatch, drawnMatches } from '../../match/terms.ts'
import type { ScanAnswer, SightingAnswer } from '../../sightings/index.ts'
import { type ErrorCode, HindraError, toHindraError } from '../../errors.ts'
import { exitCodeOf, inputForPeople, showResult } from '../batch.ts'
import { withExamples } from '../help.ts'
import { printable } from '../output.ts'
import { bringsUrl, type ScanSource, scanSources } from '../scan-sources.ts'
import { whileBusy } from '../patience.ts'
import type { Shell } from '../shell.ts'
import { writeMap } from '../write-map.ts'

type Answer = ScanAnswer | SightingAnswer

interface Options {
  readonly openCases?: true
  readonly explain?: string
}

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra scan suspicious/ a.jpg',
    'hindra scan https://host.example/a.jpg',
    'hindra scan a.jpg --explain map.svg',
    'hindra scan seen.ndjson --open-cases',
    'crawler | hindra scan - --open-cases --json',
  ])
    .argument('<sources...>', 'files, directories, URLs, feeds (.ndjson, .jsonl), - for stdin')
    .option('--open-cases', 'submit as sightings; every source must bring its URLs')
    .option('--explain <file>', 'write why as an SVG: the best match by cells, without a picture')
    .action(async (sources: readonly string[], { openCases, explain }: Options) => {
      if (openCases === true && !sources.every(bringsUrl)) {
        throw new HindraError(
          'INVALID_INPUT',
          'a case needs the URL where the media was seen: give --open-cases a feed or a URL',
        )
      }
      if (explain !== undefined && (openCases === true || sources.length > 1)) {
        throw new HindraError(
          'INVALID_INPUT',
          '--explain takes one file or URL, and opens no case',
          { field: 'explain' },
        )
      }
      const { server, decode } = (await shell.settings()).config
      const limits = { mediaBytesMax: decode.bytesMax, lineBytesMax: server.lineBytesMax }
      const all = scanSources(sources, shell.terminal.stdin, limits)
      const path = openCases === true ? '/v1/sightings' : '/v1/scans'
      await shell.withClient((client) => scan(shell, client, path, all, explain))
    })
}

async function scan(
  shell: Shell,
  client: Client,
  path: string,
  sources: AsyncIterable<ScanSource>,
  explain: string | undefined,
): Promise<void> {
  const tally = new Map<string, number>()
  const failures: ErrorCode[] = []
  const drawn: DrawnMatch[] = []

  function show(label: string, result: Answer | HindraError): void {
    if (result instanceof HindraError) failures.push(result.code)
    const outcome = result instanceof HindraError ? 'failed' : result.verdict
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1)
    showResult(shell, label, result, asLine)
    if ('matches' in result) drawn.push(...drawnMatches(result.matches))
  }

  async function* lines(): AsyncGenerator<TaggedLine<string>> {
    for await (const source of sources) {
      let line: SentLine
      try {
        line = await source.line()
      } catch (cause) {
        show(source.label, toHindraError(cause))
        continue
      }
      yield { tag: source.label, ...line }
    }
  }

  try {
    const options = { ...whileBusy(shell.output()), path }
    const answers = submitLines<string, Answer>(client.transport, lines(), options, systemRandom)
    for await (const { tag, answer } of answers) show(tag, resultOf(answer))
  } finally {
    const counts = Array.from(tally, ([outcome, count]) => `${count} ${outcome}`)
    if (counts.length > 0) shell.output().note(counts.join(', '))
  }
  if (explain !== undefined) await writeMap(shell, explain, drawn)
  if (tally.size === 0) shell.output().note('nothing to scan')
  shell.exitWith(exitCodeOf(failures))
}

function resultOf(answer: LineAnswer<Answer>): Answer | HindraError {
  if (!('error' in answer)) return answer
  const { code, detail, field } = answer.error
  return new HindraError(code, detail, defined({ field }))
}

function asLine(answer: Answer, label: string): string {
  return [answer.verdict.padEnd(9), detailOf(answer), inputForPeople(label)].join('  ')
}

function detailOf(answer: Answer): string {
  if (!('matches' in answer)) return answer.caseId ?? '-'
  const [best] = answer.matches
  if (best === undefined) return answer.why ?? '-'
  const distance = best.distance === undefined ? '' : ` at ${best.distance}`
  return `${best.itemId} by ${best.method}${distance}: ${printable(best.reason)}`
}
