import type { Audit } from '../audit/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { defang } from '../core/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Trace } from '../trace/index.ts'
import { createComposition } from './composition.ts'
import { createDispatch, type DispatchReport } from './dispatch.ts'
import { createEnvelopes } from './envelopes.ts'
import { noticeText } from './notice-text.ts'
import { createOutbox, type NoticeFilter, toNotice } from './outbox.ts'
import { createQueue } from './queue.ts'
import { createReaddress } from './readdress.ts'
import { createReminders } from './reminders.ts'
import { createSettlement } from './settlement.ts'
import type { StillKnown } from './standing.ts'
import type { MailTransport, Notice, NoticeState } from './types.ts'

export interface QueueReport {
  readonly traced: number
  readonly queued: number
  /** One line each, without URLs: cases that nobody is known to send a notice about. */
  readonly problems: readonly string[]
}

/** `by` is a principal id, or `hindra` for what the system does by itself. */
export interface Takedown {
  /** Traces what has no host, then queues the notices and reminders that are due. */
  queueDue(by: string): Promise<QueueReport>
  /** Sends what is queued and due, unless `takedown.stop` is on. */
  dispatch(by: string): Promise<DispatchReport>
  /**
   * Takes back what has not been handed over; resolves to how many. What is under way at this
   * moment goes out, and is not sent a second time.
   */
  withdrawForCase(tx: Transaction, by: string, caseId: string): Promise<number>
  /** Puts failed notices back into the queue, with their attempts counted anew. */
  retryFailed(by: string): Promise<number>
  /** In order of queueing; pass the last id as `after`. */
  list(filter?: NoticeFilter): Promise<readonly Notice[]>
  /** How many notices are in each state. */
  counts(): Promise<Readonly<Record<NoticeState, number>>>
  /** Throws NOT_FOUND. */
  get(id: string): Promise<Notice>
  /** The text part as it was composed, or would be now, with defanged URLs. Throws NOT_FOUND. */
  preview(id: string): Promise<string>
}

export function createTakedown(
  context: Context,
  audit: Audit,
  cases: Cases,
  trace: Trace,
  options: {
    readonly settings: Config['takedown']
    readonly mail: Config['mail']
    readonly transport: MailTransport
    readonly stillKnown: StillKnown
  },
): Takedown {
  const { store } = context
  const outbox = createOutbox(context, audit)
  const envelopes = createEnvelopes(context)
  const parts = { ...options, outbox, envelopes, cases, trace }
  const queue = createQueue(context, parts)
  const queueReminders = createReminders(context, parts)
  const composition = createComposition(context, parts)
  const dispatch = createDispatch(context, {
    ...parts,
    composition,
    settlement: createSettlement(context, parts),
    readdress: createReaddress(context, parts),
  })
  let turn: Promise<unknown> = Promise.resolve()

  return {
    queueDue: (by) =>
      oneAtATime(async () => {
        const { traced, problems } = await queue.traceDue(by)
        const queued = (await queue.queueNotices(by)) + (await queueReminders(by))
        return { traced, queued, problems }
      }),

    dispatch: (by) => oneAtATime(() => dispatch(by)),

    async withdrawForCase(tx, by, caseId) {
      let withdrawn = 0
      for (const row of await outbox.list(tx, { caseId, limit: Infinity })) {
        if (row.clear.state !== 'queued' && row.clear.state !== 'held') continue
        outbox.change(tx, by, row, { state: 'withdrawn' })
        withdrawn += 1
      }
      return withdrawn
    },

    async retryFailed(by) {
      let retried = 0
      for (;;) {
        const again = await store.transact(async (tx) => {
          const failed = await outbox.list(tx, { state: 'failed', limit: 100 })
          const fresh = { state: 'queued', attempts: 0, envelopeId: null, messageId: null } as const
          for (const row of failed) outbox.change(tx, by, row, fresh)
          return failed.length
        })
        if (again === 0) return retried
        retried += again
      }
    },

    list: (filter = {}) =>
      store.transact(async (tx) => (await outbox.list(tx, filter)).map(toNotice)),

    counts: () => store.transact((tx) => outbox.counts(tx)),

    get: (id) => store.transact(async (tx) => toNotice(await outbox.need(tx, id))),

    preview: (id) =>
      store.transact(async (tx) => {
        const row = await outbox.need(tx, id)
        const { envelopeId } = row.clear
        const part =
          envelopeId === null
            ? await composition.draft(tx, row)
            : (await envelopes.need(tx, envelopeId)).sealed.part
        return noticeText(part, defang)
      }),
  }

  /** Two runs at once would take each other's open envelopes for those of a dead run. */
  function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const next = turn.then(work, work)
    turn = next.catch(() => undefined)
    return next
  }
}
