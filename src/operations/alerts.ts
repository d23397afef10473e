import { z } from 'zod'
import { defined } from '../core/index.ts'
import { page } from './fields.ts'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

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
    reads: ['often', 'alert.read'],
    run: ({ alerts: stage }, _by, asked) => stage.reading.page(asked),
    /** `Last-Event-ID` is where a stream that broke off had come to, and newer than its query. */
    async events({ alerts: stage, readings }, by, { after, consumer: name }, lastEventId) {
      const start = lastEventId ?? after
      const stream = await stage.reading.open(
        defined({
          after: start,
          consumer: name,
        }),
      )
      return {
        async *pages(signal) {
          readings.often(by, 'alert.follow')
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
    run: ({ alerts: stage }, by, done) =>
      stage.consumers.acknowledge(by.id, done.consumer, done.cursor),
  }),
  consumers: operation('GET /v1/alerts/consumers', {
    needs: 'delivery:read',
    says: 'Who has come how far',
    input: {},
    run: ({ alerts: stage }) => stage.consumers.list(),
  }),
  removeConsumer: operation('POST /v1/alerts/consumers/:name/remove', {
    needs: 'delivery:manage',
    says: 'Alerts are kept for it no more',
    input: { name: consumer },
    async run({ alerts: stage }, by, { name }) {
      await stage.consumers.remove(by.id, name)
      return { removed: name }
    },
  }),
}

export const webhooks = {
  list: operation('GET /v1/webhooks', {
    needs: 'delivery:read',
    says: 'Endpoints that alerts are posted to',
    input: {},
    reads: ['all', 'webhook.list'],
    run: ({ alerts: stage }) => stage.webhooks.list(),
  }),
  add: operation('POST /v1/webhooks', {
    needs: 'delivery:manage',
    says: 'Adds an endpoint; its secret is shown once',
    input: { url: z.string(), after: cursor.exactOptional() },
    status: 201,
    run: ({ alerts: stage }, by, { url, after }) => stage.webhooks.add(by.id, url, after),
  }),
  test: operation('POST /v1/webhooks/:id/test', {
    needs: 'delivery:manage',
    says: 'Posts a message that is no alert',
    input: { id: idOf('webhook') },
    run: ({ alerts: stage }, by, hook) => stage.webhooks.test(by.id, hook.id),
  }),
  disable: operation('POST /v1/webhooks/:id/disable', {
    needs: 'delivery:manage',
    says: 'Posts nothing to it',
    input: { id: idOf('webhook') },
    run: ({ alerts: stage }, by, hook) => stage.webhooks.disable(by.id, hook.id),
  }),
  enable: operation('POST /v1/webhooks/:id/enable', {
    needs: 'delivery:manage',
    says: 'Goes on where it was',
    input: { id: idOf('webhook') },
    run: ({ alerts: stage }, by, hook) => stage.webhooks.enable(by.id, hook.id),
  }),
  remove: operation('POST /v1/webhooks/:id/remove', {
    needs: 'delivery:manage',
    says: 'Forgets it',
    input: { id: idOf('webhook') },
    async run({ alerts: stage }, by, hook) {
      await stage.webhooks.remove(by.id, hook.id)
      return { removed: hook.id }
    },
  }),
  rotate: operation('POST /v1/webhooks/:id/rotate', {
    needs: 'delivery:manage',
    says: 'A new secret, beside the old one for a while',
    input: { id: idOf('webhook'), overlapHours: z.number().default(OVERLAP_HOURS) },
    run: ({ alerts: stage }, by, hook) => stage.webhooks.rotate(by.id, hook.id, hook.overlapHours),
  }),
  deadLetters: operation('GET /v1/webhooks/:id/dead', {
    needs: 'delivery:read',
    says: 'What it did not take in all tries',
    input: { id: idOf('webhook'), after: cursor.exactOptional(), limit: page.limit },
    reads: ['one', 'webhook.dead'],
    run: ({ alerts: stage }, _by, { id: hook, ...asked }) =>
      stage.webhooks.deadLetters(hook, asked),
  }),
  resend: operation('POST /v1/webhooks/:id/resend', {
    needs: 'delivery:manage',
    says: 'Tries dead letters again',
    input: { id: idOf('webhook'), sequence: z.int().min(1).exactOptional() },
    run: ({ alerts: stage }, by, hook) => stage.webhooks.resend(by.id, hook.id, hook.sequence),
  }),
}
