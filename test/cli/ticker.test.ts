import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { newsOf, startTicker } from '../../src/cli/ticker.ts'
import type { DueReport } from '../../src/engine.ts'
import type { Log } from '../../src/http/index.ts'
import { HindraError } from '../../src/errors.ts'

const NOTHING: DueReport = {
  called: 0,
  judged: 0,
  traced: 0,
  queued: 0,
  mailsSent: 0,
  postsSent: 0,
  noticesSent: 0,
  isQuiet: false,
  inbox: { bounces: 0, replies: 0, removalClaims: 0, unclaimed: 0 },
  rechecks: [],
  problems: [],
}

function engine(round: (count: number) => Promise<DueReport>) {
  const seen = { rounds: 0, running: 0, most: 0 }
  return {
    seen,
    async runDue() {
      seen.rounds += 1
      seen.running += 1
      seen.most = Math.max(seen.most, seen.running)
      try {
        return await round(seen.rounds)
      } finally {
        seen.running -= 1
      }
    },
  }
}

function log() {
  const lines: unknown[] = []
  const write = (line: unknown) => {
    lines.push(line)
  }
  return { lines, info: write, error: write }
}

function tick(
  due: { runDue(): Promise<DueReport> },
  seconds: number,
  logger: Pick<Log, 'info' | 'error'>,
) {
  return startTicker('due work', async () => newsOf(await due.runDue()), seconds, logger)
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(1)
}

describe('startTicker', () => {
  it('begins no round before the last one is done', async () => {
    const due = engine(() => sleep(20, NOTHING))
    const ticker = tick(due, 0.001, log())
    await until(() => due.seen.rounds === 4)
    await ticker.stop()
    expect(due.seen.most).toBe(1)
  })

  it('waits for the round under way when it stops, and begins no other', async () => {
    let finish: () => void = () => undefined
    const due = engine(
      () =>
        new Promise((resolve) => {
          finish = () => {
            resolve(NOTHING)
          }
        }),
    )
    const ticker = tick(due, 0.001, log())
    await until(() => due.seen.rounds === 1)
    let isStopped = false
    const stopped = ticker.stop().then(() => (isStopped = true))
    await sleep(5)
    expect(isStopped).toBe(false)
    finish()
    await stopped
    await sleep(20)
    expect(due.seen).toEqual({ rounds: 1, running: 0, most: 1 })
  })

  it('logs what went wrong by its code, and tries again', async () => {
    const due = engine((count) => {
      if (count === 1) {
        return Promise.reject(new HindraError('MAIL_FAILED', 'https://suspected.example/'))
      }
      return Promise.resolve({ ...NOTHING, noticesSent: 2 })
    })
    const { lines, ...logger } = log()
    const ticker = tick(due, 0.001, logger)
    await until(() => due.seen.rounds === 3)
    await ticker.stop()
    expect(lines[0]).toEqual({ code: 'MAIL_FAILED' })
    expect(lines[1]).toMatchObject({ noticesSent: 2 })
    expect(newsOf(NOTHING)).toBeUndefined()
  })
})
