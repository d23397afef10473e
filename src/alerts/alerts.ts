import type { Audit } from '../audit/index.ts'
import type { AlertFeed } from '../cases/index.ts'
import { HOUR_MS, isoTime, repeat } from '../core/index.ts'
import type { Destinations, Post } from '../post/index.ts'
import type { Context } from '../store/index.ts'
import { type Consumers, createConsumers } from './consumers.ts'
import { createDeadLetters } from './dead-letters.ts'
import { type CountDelivery, createDelivery, type DeliverySettings } from './delivery.ts'
import { createEndpoints } from './endpoints.ts'
import { type AlertReader, createAlertReading } from './reading.ts'
import { createWebhooks, type Webhooks } from './webhooks.ts'

const DAY_MS = 24 * HOUR_MS
const TRIMMED_AT_ONCE = 500
/** Retries fall due without a change of the feed. */
const LOOK_MS = 1_000

export interface AlertSettings {
  readonly alerts: {
    readonly keepDays: number
    readonly consumersMax: number
    readonly streamsMax: number
  }
  readonly webhooks: DeliverySettings & { readonly endpointsMax: number }
}

/** How alerts reach those who act on them: named consumers, webhooks, and how long they are kept. */
export interface Alerts {
  readonly reading: AlertReader
  readonly consumers: Consumers
  readonly webhooks: Webhooks
  /** Posts what is due to every webhook, once, and waits for what came of it. */
  deliver(): Promise<void>
  /** Posts whatever comes, until `close`. */
  deliverContinuously(onFailure: (error: unknown) => void): Promise<void>
  /** Removes alerts that are older than `alerts.keepDays` and that nobody waits for. */
  trim(): Promise<number>
  deadLetters(): Promise<number>
  /** Breaks off what is under way: it is posted again after the next start. */
  close(): Promise<void>
}

export function createAlerts(
  context: Context,
  audit: Audit,
  parts: {
    readonly feed: AlertFeed
    readonly settings: AlertSettings
    readonly destinations: Destinations
    readonly post: Post
    readonly count: CountDelivery
  },
): Alerts {
  const { store, clock } = context
  const { feed, settings, destinations, post, count } = parts
  const { keepDays, consumersMax, streamsMax } = settings.alerts
  const stop = new AbortController()
  const stopping = stop.signal
  const consumers = createConsumers(context, audit, feed, consumersMax)
  const endpoints = createEndpoints(context)
  const letters = createDeadLetters(context)
  const delivery = createDelivery(context, audit, {
    feed,
    endpoints,
    deadLetters: letters,
    count,
    post,
    settings: settings.webhooks,
  })
  const { endpointsMax } = settings.webhooks
  const webhooks = createWebhooks(context, audit, {
    feed,
    endpoints,
    letters,
    delivery,
    destinations,
    endpointsMax,
    stopping,
  })
  let loop: Promise<void> | undefined

  return {
    reading: createAlertReading(feed, consumers, streamsMax),
    consumers,
    webhooks,

    async deliver() {
      await delivery.deliverDue(stopping)
      await delivery.settled()
    },

    deliverContinuously(onFailure) {
      loop ??= run(onFailure)
      return loop
    },

    async trim() {
      const keptFrom = isoTime(clock.now() - keepDays * DAY_MS)
      for (let removed = 0; ; ) {
        const count = await store.transact(async (tx) => {
          const done = Math.min(await consumers.lowest(tx), await endpoints.lowest(tx))
          const isNeeded = (alert: { sequence: number; at: string }) =>
            alert.sequence > done || alert.at >= keptFrom
          return feed.trim(tx, isNeeded, TRIMMED_AT_ONCE)
        })
        removed += count
        if (count < TRIMMED_AT_ONCE) return removed
      }
    },

    deadLetters: () =>
      store.transact(async (tx) => {
        const rows = await endpoints.all(tx)
        return rows.reduce((sum, { clear }) => sum + clear.deadLetters, 0)
      }),

    async close() {
      stop.abort()
      await loop
      await delivery.settled().catch(() => undefined)
    },
  }

  function run(onFailure: (error: unknown) => void): Promise<void> {
    const turn = async () => {
      const since = store.version()
      await delivery.deliverDue(stopping)
      await feed.changed(since, AbortSignal.any([stopping, AbortSignal.timeout(LOOK_MS)]))
    }
    return repeat(turn, { stopping, pauseMs: LOOK_MS, onFailure })
  }
}
