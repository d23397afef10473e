import type { Audit } from '../audit/index.ts'
import { type AlertFeed, sequenceOf } from '../cases/index.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Destinations, newSecret } from '../post/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { DeadLetters } from './dead-letters.ts'
import type { Delivery } from './delivery.ts'
import { type EndpointRow, type Endpoints, toView } from './endpoints.ts'
import { messageOf, testMessage } from './message.ts'
import type { DeadLetter, NewWebhook, PostResult, ResendReport, WebhookView } from './views.ts'

const RESENT_AT_ONCE = 100
const OVERLAP_HOURS_MAX = 720

/** Endpoints that alerts are posted to. Each change is audited; unknown ids: NOT_FOUND. */
export interface Webhooks {
  /**
   * Gets what comes behind `after`; without it, what comes from now on. Throws URL_INVALID,
   * FETCH_REFUSED (address), FETCH_FAILED (DNS), CONFLICT (too many).
   */
  add(by: string, url: string, after?: string): Promise<NewWebhook>
  list(): Promise<readonly WebhookView[]>
  /** Posts a message that is no alert, once. */
  test(by: string, id: string): Promise<PostResult>
  /** A disabled one gets nothing and holds no alert back from removal. */
  disable(by: string, id: string): Promise<WebhookView>
  /** Goes on where it was, or at the oldest alert that is kept. Tries at once what waited. */
  enable(by: string, id: string): Promise<WebhookView>
  /** Removes it with its dead letters. */
  remove(by: string, id: string): Promise<void>
  /** A new secret; the old one signs too for `overlapHours`, 0 to 720. */
  rotate(by: string, id: string, overlapHours: number): Promise<NewWebhook>
  deadLetters(id: string, page: { after?: string; limit: number }): Promise<readonly DeadLetter[]>
  /** Posts dead letters once more, one or up to 100; those that are taken are dead no longer. */
  resend(by: string, id: string, sequence?: number): Promise<ResendReport>
}

export function createWebhooks(
  context: Context,
  audit: Audit,
  parts: {
    readonly feed: AlertFeed
    readonly endpoints: Endpoints
    readonly letters: DeadLetters
    readonly delivery: Delivery
    readonly destinations: Destinations
    readonly endpointsMax: number
    /** Aborted when Hindra stops. */
    readonly stopping: AbortSignal
  },
): Webhooks {
  const { store, clock, random, newId } = context
  const { feed, endpoints, letters, delivery, destinations, endpointsMax, stopping } = parts

  function change(
    by: string,
    action: string,
    id: string,
    work: (tx: Transaction, row: EndpointRow) => EndpointRow | Promise<EndpointRow>,
  ): Promise<EndpointRow & { view: WebhookView }> {
    return store.transact(async (tx) => {
      const row = await work(tx, await endpoints.need(tx, id))
      audit.append(tx, { by, action: `webhook.${action}`, subject: id })
      return { ...row, view: toView(row, (await feed.span(tx)).newest) }
    })
  }

  return {
    async add(by, text, after) {
      const url = destinations.check(text)
      await destinations.addresses(url)
      const start = after === undefined ? undefined : sequenceOf(after, 'after')
      const secret = newSecret(random)
      return store.transact(async (tx) => {
        const { oldest, newest } = await feed.span(tx)
        const sequence = start ?? newest
        if (sequence > newest || sequence < oldest - 1) {
          throw new HindraError('INVALID_INPUT', `alerts from ${oldest} to ${newest} are kept`, {
            field: 'after',
          })
        }
        if ((await endpoints.all(tx)).length >= endpointsMax) {
          throw new HindraError('CONFLICT', `there are webhooks.endpointsMax (${endpointsMax})`)
        }
        const row = endpoints.add(tx, url.href, secret, sequence)
        audit.append(tx, { by, action: 'webhook.add', subject: row.id })
        return { ...toView(row, newest), secret }
      })
    },

    list: () =>
      store.transact(async (tx) => {
        const { newest } = await feed.span(tx)
        return (await endpoints.all(tx)).map((row) => toView(row, newest))
      }),

    async test(by, id) {
      const row = await change(by, 'test', id, (_tx, found) => found)
      return delivery.send(row, testMessage(newId(), isoTime(clock.now())), stopping)
    },

    async disable(by, id) {
      const off = { clear: { state: 'disabled' } } as const
      return (await change(by, 'disable', id, (tx, row) => endpoints.change(tx, row, off))).view
    },

    async enable(by, id) {
      const enabled = await change(by, 'enable', id, async (tx, row) => {
        const { oldest } = await feed.span(tx)
        const sequence = Math.max(row.clear.sequence, oldest - 1)
        const clear = { state: 'active', sequence, attempts: 0, retryAt: null } as const
        return endpoints.change(tx, row, { clear })
      })
      return enabled.view
    },

    async remove(by, id) {
      await store.transact(async (tx) => {
        await endpoints.need(tx, id)
        endpoints.remove(tx, id)
        for (const { alert } of await letters.list(tx, id, { limit: Infinity })) {
          letters.remove(tx, id, alert.sequence)
        }
        audit.append(tx, { by, action: 'webhook.remove', subject: id })
      })
    },

    async rotate(by, id, overlapHours) {
      if (!(overlapHours >= 0 && overlapHours <= OVERLAP_HOURS_MAX)) {
        throw new HindraError('INVALID_INPUT', `0 to ${OVERLAP_HOURS_MAX} hours`, {
          field: 'overlapHours',
        })
      }
      const secret = newSecret(random)
      const rotated = await change(by, 'rotate', id, (tx, row) =>
        endpoints.change(tx, row, {
          clear: { overlapEndsAt: isoTime(clock.now() + overlapHours * HOUR_MS) },
          sealed: { secrets: [secret, ...row.sealed.secrets.slice(0, 1)] },
        }),
      )
      return { ...rotated.view, secret }
    },

    deadLetters: (id, { after, limit }) =>
      store.transact(async (tx) => {
        await endpoints.need(tx, id)
        const start = after === undefined ? {} : { after: sequenceOf(after, 'after') }
        return letters.list(tx, id, { ...start, limit })
      }),

    async resend(by, id, sequence) {
      const row = await change(by, 'resend', id, (_tx, found) => found)
      const found = await store.transact(async (tx) => {
        if (sequence === undefined) return letters.list(tx, id, { limit: RESENT_AT_ONCE })
        const letter = await letters.get(tx, id, sequence)
        if (letter !== undefined) return [letter]
        throw new HindraError('NOT_FOUND', `${sequence} is no dead letter of this webhook`)
      })
      const report = { delivered: 0, failed: 0 }
      for (const letter of found) {
        const { error } = await delivery.send(row, messageOf(letter.alert), stopping)
        report[error === null ? 'delivered' : 'failed'] += 1
        await store.transact((tx) => settleLetter(tx, letter, error))
      }
      return report
    },
  }

  async function settleLetter(
    tx: Transaction,
    { webhookId, alert, attempts }: DeadLetter,
    lastError: string | null,
  ): Promise<void> {
    const row = await endpoints.get(tx, webhookId)
    const isDead = (await letters.get(tx, webhookId, alert.sequence)) !== undefined
    if (row === undefined || !isDead) return
    if (lastError !== null) {
      letters.put(tx, webhookId, alert, { attempts: attempts + 1, lastError })
      return
    }
    letters.remove(tx, webhookId, alert.sequence)
    const { delivered, deadLetters } = row.clear
    const clear = { delivered: delivered + 1, deadLetters: deadLetters - 1 }
    endpoints.change(tx, row, { clear })
  }
}
