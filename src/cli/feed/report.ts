import { closeSync, openSync, writeSync } from 'node:fs'
import type { LineAnswer } from '../../client/index.ts'
import { defined } from '../../core/index.ts'
import { ERRORS, type ErrorCode } from '../../errors.ts'
import type { SightingAnswer } from '../../sightings/index.ts'
import { type Output, printable } from '../output.ts'
import type { CrawlCounts, CrawlTally } from './crawl/tally.ts'
import { keptLine } from './kept-line.ts'
import type { TrackedLine } from './tracked-file.ts'

/** Verdicts of which nothing follows that anybody waits for. */
const QUIET: ReadonlySet<SightingAnswer['verdict']> = new Set(['none', 'unjudged', 'received'])

/** The exit code of errors that are of the media themselves. */
const MEDIA_EXIT = 7

export interface FeedSummary {
  readonly lines: number
  readonly verdicts: Readonly<Record<string, number>>
  readonly refused: number
  /** How often one was left for later, where any was. */
  readonly putBack?: number
  readonly seconds: number
  /** Of what crawls were read; their lines are what was submitted of it. */
  readonly crawl?: CrawlCounts
}

/** A line as people find it again. */
type ReportedLine = Pick<TrackedLine, 'name' | 'line' | 'entry' | 'text' | 'fault' | 'isPart'>

/** What came of the lines, as it comes. Holds numbers only, however many lines there are. */
export interface FeedReport {
  answered(line: ReportedLine, answer: LineAnswer): void
  /** It was refused for what is no fault of it, and comes again. */
  putBack(line: ReportedLine, error: RefusedError): void
  /** How far it has come. */
  progress(): void
  finish(): readonly ErrorCode[]
}

export interface RejectOptions {
  /** Refused lines are added here as NDJSON: file, line number, code, field. */
  readonly path: string
  /** Whether the rejects keep what stood in the lines beside media and hashes. */
  readonly keepLines: boolean
}

export function createReport(
  output: Output,
  rejects: RejectOptions | undefined,
  elapsedSeconds: () => number,
  tally: CrawlTally,
): FeedReport {
  const verdicts: Record<string, number> = {}
  const codes = new Set<ErrorCode>()
  // Whole lines name suspected material: nobody else's to read.
  const rejected = rejects === undefined ? undefined : openSync(rejects.path, 'a', 0o600)
  let lines = 0
  let refused = 0
  let putBack = 0

  function summary(): FeedSummary {
    const seconds = Math.round(elapsedSeconds())
    const more = defined({ putBack: putBack || undefined, crawl: tally.counts() })
    return { lines, verdicts, refused, seconds, ...more }
  }

  function refuse(tracked: ReportedLine, error: RefusedError): void {
    const { name, line, entry, text, fault } = tracked
    // What was sent in place of a line is not what is wrong with it.
    const { code, field, detail, reason } = {
      field: undefined,
      reason: undefined,
      ...(fault ?? error),
    }
    refused += 1
    if (reason !== undefined) tally.fault(reason)
    codes.add(code)
    const at = { file: name, line, ...defined({ entry }), code, ...defined({ field, reason }) }
    output.row({ ...at, detail }, undefined)
    output.note(`${code}: ${printable(detail)} (${placeOf(tracked)})`)
    if (rejected === undefined) return
    const isKept = rejects?.keepLines === true && fault === undefined && text !== undefined
    const kept = defined({ text: isKept ? keptLine(text) : undefined })
    writeSync(rejected, `${JSON.stringify({ ...at, ...kept })}\n`)
  }

  function accept(tracked: ReportedLine, answer: SightingAnswer): void {
    const { name, line, entry } = tracked
    verdicts[answer.verdict] = (verdicts[answer.verdict] ?? 0) + 1
    const isNews = !QUIET.has(answer.verdict)
    output.row(
      { file: name, line, ...defined({ entry }), answer },
      isNews
        ? () => `${answer.verdict.padEnd(9)}  ${answer.caseId ?? '-'}  ${placeOf(tracked)}`
        : undefined,
    )
  }

  return {
    answered(line, answer) {
      // It was counted as cut: that nothing can be told of it is no fault of whoever feeds.
      if (line.isPart && 'error' in answer && isOfMedia(answer.error)) return
      lines += 1
      if ('error' in answer) refuse(line, answer.error)
      else accept(line, answer)
    },
    putBack(line, { code, detail }) {
      putBack += 1
      output.note(`${code}: ${printable(detail)} (${placeOf(line)}), again later`)
    },
    progress() {
      output.note(asText(summary()))
    },
    finish() {
      if (rejected !== undefined) closeSync(rejected)
      output.row({ summary: summary() }, undefined)
      output.note(asText(summary()))
      return [...codes]
    },
  }
}

/** For people. */
function placeOf({ name, line, entry = String(line) }: ReportedLine): string {
  return `${printable(name)}:${printable(entry)}`
}

/** Whether the media could not be hashed. */
function isOfMedia({ code }: RefusedError): boolean {
  return ERRORS[code].exit === MEDIA_EXIT
}

type RefusedError = Extract<LineAnswer, { error: unknown }>['error']

function asText({ lines, verdicts, refused, putBack, seconds, crawl }: FeedSummary): string {
  const counts = { ...verdicts, refused, ...defined({ 'put back': putBack }) }
  const rate = seconds === 0 ? '' : `, ${Math.round(lines / seconds)} a second`
  const records = crawl === undefined ? '' : `\n${recordsAsText(crawl)}`
  return `${lines} lines, ${listed(counts)}${rate}${records}`
}

function recordsAsText({ records, outcomes, faults }: CrawlCounts): string {
  const all = Object.values(records).reduce((sum, count) => sum + count, 0)
  return [`${all} records`, records, outcomes, faults]
    .map((part) => (typeof part === 'string' ? part : listed(part)))
    .filter((part) => part !== '')
    .join('; ')
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}
