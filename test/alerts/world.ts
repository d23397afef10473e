import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Alerts, type AlertSettings, createAlerts } from '../../src/alerts/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import type { AlertFeed } from '../../src/cases/index.ts'
import { createAlertFeed, putAlert } from '../../src/cases/alerts.ts'
import { type Config, configWith } from '../../src/config.ts'
import { isoTime } from '../../src/core/index.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import { createDestinations, createPost } from '../../src/post/index.ts'
import { openTestContext, type TestContext } from '../context.ts'

/** The stage on a real store, and alerts at will. */
export interface World {
  readonly context: TestContext
  readonly audit: Audit
  readonly feed: AlertFeed
  readonly alerts: Alerts
  readonly counted: Record<'delivered' | 'dead', number>
  /** Commits so many alerts, each in a transaction of its own. */
  happen(count: number): Promise<void>
  /** The stage anew on the same store, as after a restart. */
  restart(): Promise<Alerts>
  dispose(): Promise<void>
}

export async function openWorld(
  change: {
    alerts?: Partial<AlertSettings['alerts']>
    webhooks?: Partial<Config['webhooks']>
  } = {},
  names: Readonly<Record<string, readonly string[]>> = {},
): Promise<World> {
  const context = await openTestContext()
  const audit = createAudit(context)
  const feed = createAlertFeed(context.store, context.newId)
  const config = configWith({})
  const settings = {
    alerts: { ...config.alerts, ...change.alerts },
    webhooks: { ...config.webhooks, allowHttpLoopback: true, ...change.webhooks },
  }
  const destinations = createDestinations(settings.webhooks, tableResolver(names))
  const post = createPost(destinations, {
    timeoutSeconds: settings.webhooks.timeoutSeconds,
    userAgent: 'Hindra/test',
  })
  const counted = { delivered: 0, dead: 0 }
  const open = () =>
    createAlerts(context, audit, {
      feed,
      settings,
      destinations,
      post,
      count: (_tx, result) => {
        counted[result] += 1
      },
    })
  let alerts = open()
  return {
    context,
    audit,
    feed,
    alerts,
    counted,
    async happen(count) {
      for (let number = 0; number < count; number += 1) {
        await context.store.transact((tx) => {
          const at = isoTime(context.clock.now())
          putAlert(tx, { kind: 'opened', caseId: context.newId(), status: 'open', at })
          return Promise.resolve()
        })
      }
    },
    async restart() {
      await alerts.close()
      alerts = open()
      return alerts
    },
    async dispose() {
      await alerts.close()
      await context.dispose()
    },
  }
}

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An endpoint on loopback that keeps what it is sent. */
export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** Sequence numbers, in the order in which they came. */
  sequences(): readonly number[]
  /** HTTP status of the next answers; 204 at first. */
  answerWith(status: number): void
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let status = 204
  const server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body })
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?token=t0ken`,
    received,
    sequences: () => received.map(({ body }) => messageIn(body).data.sequence),
    answerWith(next) {
      status = next
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}

export function messageIn(body: string) {
  return JSON.parse(body) as {
    readonly type: string
    readonly timestamp: string
    readonly data: { readonly id: string; readonly sequence: number }
  }
}
