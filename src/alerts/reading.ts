import type { Alert, AlertFeed } from '../cases/index.ts'
import { HindraError } from '../errors.ts'
import type { Consumers } from './consumers.ts'

const PAGE_ALERTS = 100

/** Where to go on in the feed of alerts: behind a cursor, else where a named consumer is. */
export interface AlertQuery {
  readonly after?: string
  readonly consumer?: string
  readonly limit?: number
}

/** One reader that follows the alerts. */
export interface AlertStream {
  /** Waits for more until aborted. */
  pages(signal: AbortSignal): AsyncIterable<readonly Alert[]>
  /** Called once, when the reader is gone: another may come. */
  closed(): void
}

/** How alerts are read: by pages, or as a stream. */
export interface AlertReader {
  page(query: AlertQuery): Promise<readonly Alert[]>
  /**
   * Page after page as alerts come. What is wrong with the query is thrown before the stream begins, as is
   * OVERLOADED where `alerts.streamsMax` are open.
   */
  open(query: AlertQuery): Promise<AlertStream>
}

export function createAlertReading(
  feed: AlertFeed,
  consumers: Pick<Consumers, 'cursorOf'>,
  streamsMax: number,
): AlertReader {
  let streams = 0

  /** A cursor that is named goes before the consumer's own. */
  function startOf({ after, consumer }: AlertQuery): Promise<string | undefined> | string {
    if (after !== undefined) return after
    return consumer === undefined ? Promise.resolve(undefined) : consumers.cursorOf(consumer)
  }

  return {
    page: async (query) => feed.read(await startOf(query), query.limit ?? PAGE_ALERTS),
    async open(query) {
      await feed.read(await startOf(query), 1)
      if (streams >= streamsMax) {
        throw new HindraError('OVERLOADED', `there are alerts.streamsMax (${streamsMax}) streams`)
      }
      streams += 1
      return {
        async *pages(signal) {
          yield* feed.follow(await startOf(query), signal)
        },
        closed: () => {
          streams -= 1
        },
      }
    },
  }
}
