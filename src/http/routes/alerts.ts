import { z } from 'zod'
import type { Principal } from '../../access/index.ts'
import type { Engine } from '../../engine.ts'
import { HindraError } from '../../errors.ts'
import { type EventRoute, id, page, type Route, route } from '../route.ts'

const cursor = z.string().max(64)
const consumer = z.string().max(64)
/** Long enough to bring a new secret to whoever verifies. */
const OVERLAP_HOURS = 24

const query = z.strictObject({
  after: cursor.exactOptional(),
  consumer: consumer.exactOptional(),
  limit: page.limit,
})

/** The feed of alerts, read in pages or as a stream of events, and who has read how far. */
export function alertRoutes(engine: Engine): readonly Route[] {
  let streams = 0

  /** `Last-Event-ID` is where a stream that broke off had come to, and newer than its query. */
  async function events(
    by: Principal,
    { after, consumer: name }: z.output<typeof query>,
    lastEventId: string | undefined,
  ): Promise<EventRoute> {
    const start = lastEventId ?? after
    const from = {
      ...(start === undefined ? {} : { after: start }),
      ...(name === undefined ? {} : { consumer: name }),
    }
    // What is wrong with it is said before the stream begins.
    await engine.alerts(by, { ...from, limit: 1 })
    const { streamsMax } = engine.config.alerts
    if (streams >= streamsMax) {
      throw new HindraError('OVERLOADED', `there are alerts.streamsMax (${streamsMax}) streams`)
    }
    streams += 1
    return {
      permission: 'alert:read',
      async *pages(signal) {
        for await (const alerts of engine.followAlerts(by, from, signal)) {
          yield alerts.map((alert) => ({ id: alert.cursor, event: 'alert', data: alert }))
        }
      },
      closed: () => {
        streams -= 1
      },
    }
  }

  return [
    route(['GET', '/v1/alerts'], 'alert:read', query, (by, asked) => engine.alerts(by, asked), {
      events,
    }),
    route(
      ['POST', '/v1/alerts/ack'],
      'alert:acknowledge',
      z.strictObject({ consumer, cursor }),
      (by, done) => engine.acknowledgeAlerts(by, done.consumer, done.cursor),
    ),
    route(['GET', '/v1/alerts/consumers'], 'delivery:read', z.strictObject({}), (by) =>
      engine.alertConsumers(by),
    ),
    route(
      ['POST', '/v1/alerts/consumers/:name/remove'],
      'delivery:manage',
      z.strictObject({ name: consumer }),
      async (by, { name }) => {
        await engine.removeAlertConsumer(by, name)
        return { removed: name }
      },
    ),
  ]
}

const one = z.strictObject({ id })

export function webhookRoutes(engine: Engine): readonly Route[] {
  return [
    route(['GET', '/v1/webhooks'], 'delivery:read', z.strictObject({}), (by) =>
      engine.webhooks(by),
    ),
    route(
      ['POST', '/v1/webhooks'],
      'delivery:manage',
      z.strictObject({ url: z.string(), after: cursor.exactOptional() }),
      (by, { url, after }) => engine.addWebhook(by, url, after),
      { status: 201 },
    ),
    route(['POST', '/v1/webhooks/:id/test'], 'delivery:manage', one, (by, hook) =>
      engine.testWebhook(by, hook.id),
    ),
    route(['POST', '/v1/webhooks/:id/disable'], 'delivery:manage', one, (by, hook) =>
      engine.disableWebhook(by, hook.id),
    ),
    route(['POST', '/v1/webhooks/:id/enable'], 'delivery:manage', one, (by, hook) =>
      engine.enableWebhook(by, hook.id),
    ),
    route(['POST', '/v1/webhooks/:id/remove'], 'delivery:manage', one, async (by, hook) => {
      await engine.removeWebhook(by, hook.id)
      return { removed: hook.id }
    }),
    route(
      ['POST', '/v1/webhooks/:id/rotate'],
      'delivery:manage',
      z.strictObject({ id, overlapHours: z.number().default(OVERLAP_HOURS) }),
      (by, hook) => engine.rotateWebhook(by, hook.id, hook.overlapHours),
    ),
    route(
      ['GET', '/v1/webhooks/:id/dead'],
      'delivery:read',
      z.strictObject({ id, after: cursor.exactOptional(), limit: page.limit }),
      (by, { id: hook, ...asked }) => engine.deadLetters(by, hook, asked),
    ),
    route(
      ['POST', '/v1/webhooks/:id/resend'],
      'delivery:manage',
      z.strictObject({ id, sequence: z.int().min(1).exactOptional() }),
      (by, hook) => engine.resendDeadLetters(by, hook.id, hook.sequence),
    ),
  ]
}
