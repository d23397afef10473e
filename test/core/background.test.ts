import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { toldBy } from '../../src/cli/background-log.ts'
import { createBackground } from '../../src/core/index.ts'
import { HindraError } from '../../src/errors.ts'
import type { Log } from '../../src/http/index.ts'

function due(work: (count: number) => Promise<object | undefined>) {
  const seen = { rounds: 0, running: 0, most: 0 }
  return {
    seen,
    round: async () => {
      seen.rounds += 1
      seen.running += 1
      seen.most = Math.max(seen.most, seen.running)
      try {
        return await work(seen.rounds)
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

function begin(
  round: () => Promise<object | undefined>,
  logger: Pick<Log, 'info' | 'error'>,
  everySeconds = 0.001,
) {
  const background = createBackground([{ name: 'due work', everySeconds, round }])
  background.start(toldBy(logger))
  return background
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(1)
}

describe('work in the background', () => {
  it('begins no round before the last one is done', async () => {
    const { seen, round } = due(() => sleep(20, undefined))
    const background = begin(round, log())
    await until(() => seen.rounds === 4)
    await background.stop()
    expect(seen.most).toBe(1)
  })

  it('waits for the round under way when it stops, and begins no other', async () => {
    let finish: () => void = () => undefined
    const { seen, round } = due(
      () =>
        new Promise((resolve) => {
          finish = () => {
            resolve(undefined)
          }
        }),
    )
    const background = begin(round, log())
    await until(() => seen.rounds === 1)
    let isStopped = false
    const stopped = background.stop().then(() => (isStopped = true))
    await sleep(5)
    expect(isStopped).toBe(false)
    finish()
    await stopped
    await sleep(20)
    expect(seen).toEqual({ rounds: 1, running: 0, most: 1 })
  })

  it('begins the next round at once where the last one left more to do', async () => {
    const { seen, round } = due((count) => Promise.resolve({ isMore: count < 4 }))
    const background = begin(round, log(), 0.2)
    await until(() => seen.rounds > 0)
    // Without a timer between them they are done before anything else gets its turn.
    expect(seen.rounds).toBe(4)
    await background.stop()
  })

  it('logs what went wrong by its code, and tries again', async () => {
    const { seen, round } = due((count) => {
      if (count === 1) {
        return Promise.reject(new HindraError('MAIL_FAILED', 'https://suspected.example/'))
      }
      return Promise.resolve(count === 2 ? undefined : { noticesSent: 2 })
    })
    const { lines, ...logger } = log()
    const background = begin(round, logger)
    await until(() => seen.rounds === 4)
    await background.stop()
    expect(lines[0]).toEqual({ code: 'MAIL_FAILED' })
    expect(lines[1]).toEqual({ noticesSent: 2 })
  })
})
