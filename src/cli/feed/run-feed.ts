import type { PatienceOptions } from '../../client/index.ts'
import { MINUTE_MS, SECOND_MS } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { exitCodeOf } from '../batch.ts'
import type { Shell } from '../shell.ts'
import { onSignals } from '../signals.ts'
import { type CrawlTally, createCrawlTally } from './crawl/tally.ts'
import { createReport, type FeedReport } from './report.ts'

/** Options of every source. */
export interface FeedingOptions {
  readonly follow?: boolean
  readonly rejects?: string
  readonly keepLines?: boolean
}

/** Options of files alone. */
export interface FileOptions extends FeedingOptions {
  readonly state?: string
  readonly fetch?: true
  readonly report?: string
}

/** What feeding has to do with whoever runs it. */
export interface Feeding {
  readonly report: FeedReport
  readonly tally: CrawlTally
  /** Aborted at SIGINT and SIGTERM: what is under way is finished, and nothing else begun. */
  readonly signal: AbortSignal
  /** With a server that is away or busy. */
  readonly patience: PatienceOptions
  /** The same as a signal: what waits for more lines has nobody who wants them. */
  readonly stop: () => void
}

const GIVE_UP_MS = 10 * MINUTE_MS
const PROGRESS_MS = 30 * SECOND_MS

/** Feeds by `work` until it ends or a signal ends it, and tells on the way and in the end what came of it. */
export async function runFeed(
  shell: Shell,
  { follow = false, rejects, keepLines = false }: FeedingOptions,
  work: (run: Feeding) => Promise<void>,
): Promise<void> {
  if (keepLines && rejects === undefined) {
    throw new HindraError('INVALID_INPUT', '--keep-lines belongs to --rejects FILE')
  }
  const output = shell.output()
  const stop = new AbortController()
  const { signal } = stop
  let exitCode: number | undefined
  const stopHandling = onSignals((code) => {
    // Asked twice: what is under way is given up, too. What was saved is whole.
    if (signal.aborted) process.exit(code)
    exitCode = code
    stop.abort()
  })
  const startedMs = performance.now()
  const tally = createCrawlTally()
  const report = createReport(
    output,
    rejects === undefined ? undefined : { path: rejects, keepLines },
    () => (performance.now() - startedMs) / SECOND_MS,
    tally,
  )
  const progress = setInterval(() => {
    report.progress()
  }, PROGRESS_MS)
  const patience = {
    signal,
    onRetry: (error: HindraError, waitMs: number) => {
      const seconds = Math.ceil(waitMs / SECOND_MS)
      output.note(`${error.code}: ${error.message}; again in ${seconds} s`)
    },
    ...(follow ? {} : { giveUpAfterMs: GIVE_UP_MS }),
  }
  try {
    await work({
      report,
      tally,
      signal,
      patience,
      stop: () => {
        stop.abort()
      },
    })
  } finally {
    clearInterval(progress)
    stopHandling()
    const codes = report.finish()
    shell.exitWith(exitCode ?? exitCodeOf(codes))
  }
}
