import { HindraError } from '../errors.ts'
import { contentOf, type Holding } from './content.ts'
import type { IccamLine } from './line.ts'
import type { IccamNames } from './names.ts'

/** Calls of one reading, at most: 200 contents each. */
const CALLS_MAX = 1_000

/** What the queues showed, whole. */
export interface QueuesShown {
  /** Contents by ICCAM's id. */
  readonly shown: ReadonlyMap<string, Holding>
  /** Ids of what waits there to be assessed or acted on. */
  readonly waiting: ReadonlySet<string>
  /** What was none: without an id, a URL or a time. */
  readonly unreadable: number
}

/**
 * Reads every queue from a time on, page by page: the next one begins at the time of the last content, for times are
 * all that can be asked by. Throws SOURCE_FAILED, SOURCE_REFUSED, SOURCE_MALFORMED where it could not be read whole.
 */
export async function readQueues(
  line: IccamLine,
  names: IccamNames,
  from: string,
  signal: AbortSignal,
): Promise<QueuesShown> {
  const shown = new Map<string, Holding>()
  const waiting = new Set<string>()
  let unreadable = 0
  let calls = 0
  for (const queue of [...names.queues.tips, ...names.queues.others]) {
    const isForTips = names.queues.tips.includes(queue)
    for (let start = from; ; ) {
      calls += 1
      if (calls > CALLS_MAX) throw new HindraError('SOURCE_FAILED', 'the queues have no end')
      const { items, last } = await page(queue, start)
      for (const item of items) {
        const content = contentOf(item, names)
        if (content === undefined) {
          unreadable += 1
          continue
        }
        shown.set(content.id, content)
        if (isForTips) waiting.add(content.id)
      }
      if (items.length < names.resultsMax) break
      if (last === undefined || last <= start) {
        const why = `more than ${names.resultsMax} contents of one moment in a queue`
        throw new HindraError('SOURCE_MALFORMED', why)
      }
      start = last
    }
  }
  return { shown, waiting, unreadable }

  async function page(queue: string, start: string) {
    const path = names.paths.queue
      .replace('{queue}', encodeURIComponent(queue))
      .replace('{max}', String(names.resultsMax))
      .replace('{from}', encodeURIComponent(start))
    const answer = await line.ask('GET', path, undefined, signal)
    if (answer.came !== 'taken') {
      throw new HindraError(
        answer.came === 'refused' ? 'SOURCE_REFUSED' : 'SOURCE_FAILED',
        answer.why,
      )
    }
    if (!Array.isArray(answer.body)) {
      throw new HindraError('SOURCE_MALFORMED', 'what ICCAM gave is no list')
    }
    const items = answer.body as readonly unknown[]
    const times = items.flatMap((item) => contentOf(item, names)?.reportedAt ?? [])
    return {
      items,
      last: times.reduce<string | undefined>((a, b) => (a && a > b ? a : b), undefined),
    }
  }
}
