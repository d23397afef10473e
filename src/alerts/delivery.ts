import type { Audit } from '../audit/index.ts'
import type { Alert, AlertFeed } from '../cases/index.ts'
import { backoffMs, HOUR_MS, isoTime, SECOND_MS, stillWaits } from '../core/index.ts'
import { type Post, PostError, sign } from '../post/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { DeadLetters } from './dead-letters.ts'
import { type EndpointRow, type Endpoints, validSecrets } from './endpoints.ts'
import { type Message, messageOf } from './message.ts'
import type { PostResult } from './views.ts'

const SYSTEM = 'hindra'
const GONE = 410

export interface DeliverySettings {
  readonly attemptsMax: number
  readonly retrySeconds: number
  readonly retryHoursMax: number
}

/** Counts, in the transaction that notes it, what became of a message, for the figures. */
export type CountDelivery = (tx: Transaction, result: 'delivered' | 'dead') => void

export type Delivery = ReturnType<typeof createDelivery>

/**
 * Posts alerts to each endpoint in the order of the feed, one at a time: the next goes out when the
 * one before was taken or given up. What became of a POST is written after its answer, so a crash
 * in between posts it again, with the same id.
 */
export function createDelivery(
  { store, clock, random }: Context,
  audit: Audit,
  parts: {
    readonly feed: AlertFeed
    readonly endpoints: Endpoints
    readonly deadLetters: DeadLetters
    readonly post: Post
    readonly settings: DeliverySettings
    readonly count: CountDelivery
  },
) {
  const { feed, endpoints, deadLetters, post, settings, count } = parts
  const waits = {
    firstMs: settings.retrySeconds * SECOND_MS,
    longestMs: settings.retryHoursMax * HOUR_MS,
  }
  const isPutOff = (retryAt: string | null) => stillWaits(retryAt, clock.now(), waits)
  const running = new Map<string, Promise<void>>()

  return {
    send,

    /** Whatever is due, to all endpoints at once; one under way at an endpoint is not doubled. */
    async deliverDue(signal: AbortSignal): Promise<void> {
      for (const id of await store.transact((tx) => endpoints.dueIds(tx, isPutOff))) {
        if (running.has(id)) continue
        const work = drain(id, signal).finally(() => running.delete(id))
        running.set(id, work)
        // Whoever waits hears of it; a loop that went on must not be ended by it.
        work.catch(() => undefined)
      }
    },

    /** When nothing is under way any more. Rejects with what went wrong in the house. */
    async settled(): Promise<void> {
      await Promise.all(running.values())
    },
  }

  /** Rejects only where `signal` is aborted. */
  async function send(
    row: EndpointRow,
    { id, body }: Message,
    signal: AbortSignal,
  ): Promise<PostResult> {
    const nowMs = clock.now()
    const headers = sign(id, nowMs, body, validSecrets(row, isoTime(nowMs)))
    try {
      const { status } = await post(row.sealed.url, headers, body, signal)
      if (status >= 200 && status < 300) return { delivered: true, status, error: null }
      return { delivered: false, status, error: `the endpoint answered with ${status}` }
    } catch (error) {
      if (!(error instanceof PostError)) throw error
      return { delivered: false, status: null, error: error.message }
    }
  }

  async function drain(id: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const due = await nextFor(id)
      if (due === undefined) return
      await store.sure()
      const result = await send(due.row, messageOf(due.alert), signal)
      await store.transact((tx) => settle(tx, id, due.alert, result))
    }
  }

  async function nextFor(id: string): Promise<{ row: EndpointRow; alert: Alert } | undefined> {
    const row = await store.transact((tx) => endpoints.get(tx, id))
    if (row?.clear.state !== 'active') return undefined
    if (isPutOff(row.clear.retryAt)) return undefined
    const [alert] = await feed.read(String(row.clear.sequence), 1)
    return alert === undefined ? undefined : { row, alert }
  }

  /** The endpoint may have been disabled, removed or moved on while the POST was under way. */
  async function settle(tx: Transaction, id: string, alert: Alert, result: PostResult) {
    const row = await endpoints.get(tx, id)
    if (row === undefined || row.clear.sequence >= alert.sequence) return
    const next = { sequence: alert.sequence, attempts: 0, retryAt: null }
    if (result.error === null) {
      const clear = {
        ...next,
        delivered: row.clear.delivered + 1,
        lastDeliveredAt: isoTime(clock.now()),
      }
      endpoints.change(tx, row, { clear, sealed: { lastError: null } })
      count(tx, 'delivered')
      return
    }
    const lastError = result.error
    const attempts = row.clear.attempts + 1
    if (result.status === GONE) {
      const clear = { attempts, state: 'disabled' } as const
      endpoints.change(tx, row, { clear, sealed: { lastError } })
      const detail = { status: GONE }
      audit.append(tx, { by: SYSTEM, action: 'webhook.disable', subject: id, detail })
    } else if (attempts < settings.attemptsMax) {
      const retryAt = isoTime(clock.now() + backoffMs(attempts, waits, random))
      endpoints.change(tx, row, { clear: { attempts, retryAt }, sealed: { lastError } })
    } else {
      const clear = { ...next, deadLetters: row.clear.deadLetters + 1 }
      endpoints.change(tx, row, { clear, sealed: { lastError } })
      deadLetters.put(tx, id, alert, { attempts, lastError })
      const detail = { sequence: alert.sequence, attempts }
      audit.append(tx, { by: SYSTEM, action: 'webhook.dead', subject: id, detail })
      count(tx, 'dead')
    }
  }
}
