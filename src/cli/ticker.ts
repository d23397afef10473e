import type { DueReport } from '../engine.ts'
import { toHindraError } from '../errors.ts'
import type { Log } from '../http/index.ts'

/** Does something again and again; one round never overlaps the next. */
export interface Ticker {
  /** Lets the round that is under way finish and begins no other. */
  stop(): Promise<void>
}

/**
 * A round that fails is logged and tried again `seconds` later.
 *
 * @param round What it did, for the log; undefined where that was nothing
 */
export function startTicker(
  name: string,
  round: () => Promise<object | undefined>,
  seconds: number,
  log: Pick<Log, 'info' | 'error'>,
): Ticker {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  async function runRound(): Promise<void> {
    try {
      const news = await round()
      if (news !== undefined) log.info(news, name)
    } catch (cause) {
      log.error({ code: toHindraError(cause).code }, `${name} failed`)
    }
    if (!isStopped) schedule()
  }

  function schedule(): void {
    timer = setTimeout(() => {
      running = runRound()
    }, seconds * 1000)
  }

  schedule()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** Undefined where nothing was due. */
export function newsOf(report: DueReport): object | undefined {
  const { called, judged, traced, queued, noticesSent, rechecks, problems } = report
  const done = called + judged + traced + queued + noticesSent + rechecks.length + problems.length
  return done === 0 ? undefined : { ...report, rechecks: rechecks.length }
}
