import type { DueReport, Engine } from '../engine.ts'
import { toHindraError } from '../errors.ts'
import type { Log } from '../http/index.ts'

/** Does what is due, again and again; one round never overlaps the next. */
export interface Ticker {
  /** Lets the round that is under way finish and begins no other. */
  stop(): Promise<void>
}

/** A round that fails is logged and tried again `seconds` later. */
export function startTicker(
  engine: Pick<Engine, 'runDue'>,
  seconds: number,
  log: Pick<Log, 'info' | 'error'>,
): Ticker {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let round = Promise.resolve()

  async function runRound(): Promise<void> {
    try {
      const report = await engine.runDue()
      if (hasNews(report)) log.info({ ...report, rechecks: report.rechecks.length }, 'due work')
    } catch (cause) {
      log.error({ code: toHindraError(cause).code }, 'due work failed')
    }
    if (!isStopped) schedule()
  }

  function schedule(): void {
    timer = setTimeout(() => {
      round = runRound()
    }, seconds * 1000)
  }

  schedule()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await round
    },
  }
}

function hasNews(report: DueReport): boolean {
  const { judged, retroactive, traced, queued, noticesSent, rechecks, problems } = report
  const done = judged + retroactive + traced + queued + noticesSent
  return done + rechecks.length + problems.length > 0
}
