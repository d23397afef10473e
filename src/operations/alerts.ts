import { z } from 'zod'
import { id, page } from './fields.ts'
import { operation } from './operation.ts'

const cursor = z.string().max(64)
const consumer = z.string().max(64)
/** Long enough to bring a new secret to whoever verifies. */
const OVERLAP_HOURS = 24

/** The feed of alerts, read in pages or as a stream of events, and who has read how far. */
export const alerts = {
  list: operation('GET /v1/alerts', {
    needs: 'alert:read',
    says: 'What happened to cases, in order',
    input: {
      after: cursor.exactOptional(),
      consumer: consumer.exactOptional(),
      limit: page.limit,
    },
    run: ({ engine }, by, asked) => engine.alerts(by, asked),
    /** `Last-Event-ID` is where a stream that broke off had come to, and newer than its query. */
    async events({ engine }, by, { after, consumer: name }, lastEventId) {
      const start = lastEventId ?? after
      const stream = await engine.openAlertStream(by, {
        ...(start === undefined ? {} : { after: start }),
        ...(name === undefined ? {} : { consumer: name }),
      })
      return {
        async *pages(signal) {
          for await (const read of stream.pages(signal)) {
            yield read.map((alert) => ({ id: alert.cursor, event: 'alert', data: alert }))
          }
        },
        closed: () => {
          stream.closed()
        },
      }
    },
  }),
  acknowledge: operation('POST /v1/alerts/ack', {
    needs: 'alert:acknowledge',
    says: 'A consumer is done with all up to a cursor',
    input: { consumer, cursor },
    run: ({ engine }, by, done) => engine.acknowledgeAlerts(by, done.consumer, done.cursor),
  }),
  consumers: operation('GET /v1/alerts/consumers', {
    needs: 'delivery:read',
    says: 'Who has come how far',
    input: {},
    run: ({ engine }, by) => engine.alertConsumers(by),
  }),
  removeConsumer: operation('POST /v1/alerts/consumers/:name/remove', {
    needs: 'delivery:manage',
    says: 'Alerts are kept for it no more',
    input: { name: consumer },
    async run({ engine }, by, { name }) {
      await engine.removeAlertConsumer(by, name)
      return { removed: name }
    },
  }),
}

export const webhooks = {
  list: operation('GET /v1/webhooks', {
    needs: 'delivery:read',
    says: 'Endpoints that alerts are posted to',
    input: {},
    run: ({ engine }, by) => engine.webhooks(by),
  }),
  add: operation('POST /v1/webhooks', {
    needs: 'delivery:manage',
    says: 'Adds an endpoint; its secret is shown once',
    input: { url: z.string(), after: cursor.exactOptional() },
    status: 201,
    run: ({ engine }, by, { url, after }) => engine.addWebhook(by, url, after),
  }),
  test: operation('POST /v1/webhooks/:id/test', {
    needs: 'delivery:manage',
    says: 'Posts a message that is no alert',
    input: { id },
    run: ({ engine }, by, hook) => engine.testWebhook(by, hook.id),
  }),
  disable: operation('POST /v1/webhooks/:id/disable', {
    needs: 'delivery:manage',
    says: 'Posts nothing to it',
    input: { id },
    run: ({ engine }, by, hook) => engine.disableWebhook(by, hook.id),
  }),
  enable: operation('POST /v1/webhooks/:id/enable', {
    needs: 'delivery:manage',
    says: 'Goes on where it was',
    input: { id },
    run: ({ engine }, by, hook) => engine.enableWebhook(by, hook.id),
  }),
  remove: operation('POST /v1/webhooks/:id/remove', {
    needs: 'delivery:manage',
    says: 'Forgets it',
    input: { id },
    async run({ engine }, by, hook) {
      await engine.removeWebhook(by, hook.id)
      return { removed: hook.id }
    },
  }),
  rotate: operation('POST /v1/webhooks/:id/rotate', {
    needs: 'delivery:manage',
    says: 'A new secret, beside the old one for a while',
    input: { id, overlapHours: z.number().default(OVERLAP_HOURS) },
    run: ({ engine }, by, hook) => engine.rotateWebhook(by, hook.id, hook.overlapHours),
  }),
  deadLetters: operation('GET /v1/webhooks/:id/dead', {
    needs: 'delivery:read',
    says: 'What it did not take in all tries',
    input: { id, after: cursor.exactOptional(), limit: page.limit },
    run: ({ engine }, by, { id: hook, ...asked }) => engine.deadLetters(by, hook, asked),
  }),
  resend: operation('POST /v1/webhooks/:id/resend', {
    needs: 'delivery:manage',
    says: 'Tries dead letters again',
    input: { id, sequence: z.int().min(1).exactOptional() },
    run: ({ engine }, by, hook) => engine.resendDeadLetters(by, hook.id, hook.sequence),
  }),
}
