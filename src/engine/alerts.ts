import type { Alerts } from '../alerts/index.ts'
import type { AlertFeed } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import { guarded, type Readings } from './guard.ts'
import type { AlertQuery, AlertsApi } from './alerts-types.ts'
import type { Page } from './types.ts'

/** The calls about alerts: who may make them, and what does the work. */
export function alertCalls(
  readings: Readings,
  feed: AlertFeed,
  { consumers, webhooks }: Alerts,
  { streamsMax }: Pick<Config['alerts'], 'streamsMax'>,
): AlertsApi {
  let streams = 0

  /** A cursor that is named goes before the consumer's own. */
  function startOf({ after, consumer }: AlertQuery): Promise<string | undefined> | string {
    if (after !== undefined) return after
    return consumer === undefined ? Promise.resolve(undefined) : consumers.cursorOf(consumer)
  }

  return {
    alerts: readings.often('alert:read', 'alert.read', async (_by, query: AlertQuery) =>
      feed.read(await startOf(query), query.limit ?? 100),
    ),
    openAlertStream: guarded('alert:read', async (by, query: AlertQuery) => {
      await feed.read(await startOf(query), 1)
      if (streams >= streamsMax) {
        throw new HindraError('OVERLOADED', `there are alerts.streamsMax (${streamsMax}) streams`)
      }
      streams += 1
      return {
        async *pages(signal) {
          readings.note(by, 'alert.follow')
          yield* feed.follow(await startOf(query), signal)
        },
        closed: () => {
          streams -= 1
        },
      }
    }),
    acknowledgeAlerts: guarded('alert:acknowledge', (by, consumer, cursor) =>
      consumers.acknowledge(by.id, consumer, cursor),
    ),
    alertConsumers: guarded('delivery:read', () => consumers.list()),
    removeAlertConsumer: guarded('delivery:manage', (by, name) => consumers.remove(by.id, name)),

    webhooks: readings.all('delivery:read', 'webhook.list', () => webhooks.list()),
    addWebhook: guarded('delivery:manage', (by, url, after) => webhooks.add(by.id, url, after)),
    testWebhook: guarded('delivery:manage', (by, id) => webhooks.test(by.id, id)),
    disableWebhook: guarded('delivery:manage', (by, id) => webhooks.disable(by.id, id)),
    enableWebhook: guarded('delivery:manage', (by, id) => webhooks.enable(by.id, id)),
    removeWebhook: guarded('delivery:manage', (by, id) => webhooks.remove(by.id, id)),
    rotateWebhook: guarded('delivery:manage', (by, id, overlapHours) =>
      webhooks.rotate(by.id, id, overlapHours),
    ),
    deadLetters: readings.one(
      'delivery:read',
      'webhook.dead',
      (_by, id, { after, limit = 100 }: Page) =>
        webhooks.deadLetters(id, { limit, ...(after === undefined ? {} : { after }) }),
    ),
    resendDeadLetters: guarded('delivery:manage', (by, id, sequence) =>
      webhooks.resend(by.id, id, sequence),
    ),
  }
}
