import type { Audit } from '../audit/index.ts'
import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import type { Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Host, Trace } from '../trace/index.ts'
import { createByHand } from './by-hand.ts'
import { createAnswers } from './answers.ts'
import { createCarriers } from './carriers.ts'
import { createComposition } from './composition.ts'
import { createCorrections, wasTold } from './corrections.ts'
import type { Duty } from './duty/duty.ts'
import { createDispatch, type DispatchReport } from './dispatch.ts'
import { createEnvelopes } from './envelopes.ts'
import { eraseNotices } from './erasure.ts'
import { createExports, type Exports } from './exports/exports.ts'
import type { Assessed } from './exports/export-types.ts'
import { createFirstNotices } from './first-notices.ts'
import { createHolds } from './holds/holds.ts'
import { createHoldReplies } from './holds/hold-replies.ts'
import type { HoldChange, PoliceHold } from './holds/hold-types.ts'
import { createIncomplete } from './incomplete.ts'
import { createInbox } from './inbox/inbox.ts'
import type { Mailbox } from './inbox/mailbox.ts'
import type { TextRecords } from './inbox/proof.ts'
import { createLadder } from './ladder.ts'
import { createGather } from './letters/gather.ts'
import type { LetterKind } from './letters/kinds.ts'
import { createLetterWriter } from './letters/writer.ts'
import { createSigner } from './mail/dkim.ts'
import { mailCarrier } from './mail/mail-carrier.ts'
import { countNotices, type NoticeFilter } from './notice-index.ts'
import { createOutbox, type NoticeRow, toNotice } from './outbox.ts'
import { createPace } from './pace.ts'
import { countInPages } from './pages.ts'
import { createPreviews } from './previews.ts'
import { type PostOptions, postCarriers } from './posts/post-carriers.ts'
import { createQueue } from './queue.ts'
import { createReaddress, type LookFirst } from './readdress.ts'
import { createRemovals } from './removals.ts'
import { createSettlement } from './settlement.ts'
import type { StillKnown } from './standing.ts'
import { createStop, type Stop } from './stop.ts'
import { createUndelivered } from './undelivered.ts'
import type {
  InboxReport,
  Language,
  LetterView,
  MailTransport,
  Notice,
  NoticeState,
  Reply,
} from './types.ts'

/** In one transaction. */
const RETRIED_AT_ONCE = 100

export interface QueueReport {
  readonly traced: number
  readonly queued: number
  /** One line each, without URLs: cases that nobody is known to send a notice about. */
  readonly problems: readonly string[]
}

/** `by` is a principal id, or `hindra` for what the system does by itself. */
export interface Takedown {
  /** Traces what has no host, then queues what is due: corrections, notices, later rungs of ladders. */
  queueDue(by: string): Promise<QueueReport>
  /**
   * The host of a case was found anew: whoever is to be told now and was not gets a first notice.
   * Throws NOT_FOUND, NO_CONTACT.
   */
  retrace(by: string, caseId: string): Promise<{ readonly host: Host; readonly queued: number }>
  /**
   * An address was approved: what waited for a person for lack of one is told by it. Resolves to how many.
   */
  readdressByHand(by: string): Promise<number>
  /** Sends what is queued and due, unless all is stopped. */
  dispatch(by: string): Promise<DispatchReport>
  /** Reads bounces and replies. */
  collect(by: string): Promise<InboxReport>
  /**
   * Takes back what has not been handed over; resolves to how many. What is under way at this
   * moment goes out, and is not sent a second time.
   */
  withdrawForCase(tx: Transaction, by: string, caseId: string): Promise<number>
  /** Notices of a case by which somebody was told, or may have been: each is owed a correction if it falls. */
  told(tx: Transaction, caseId: string): Promise<readonly Notice[]>
  /** The case did not stand: whoever was told of it will be told so. */
  correctForCase(tx: Transaction, caseId: string): void
  /** Puts failed notices back into the queue, with their attempts counted anew, but what was set aside. */
  retryFailed(by: string): Promise<number>
  /**
   * Puts one back that reached nobody, to another mail address where one is given. Throws NOT_FOUND, CONFLICT
   * where it does not wait for a person.
   */
  retry(tx: Transaction, by: string, noticeId: string, mail?: string): Promise<Notice>
  /** It need not arrive. Throws as `retry`, and INVALID_INPUT without a reason. */
  setAside(tx: Transaction, by: string, noticeId: string, reason: string): Promise<Notice>
  /** Lets a notice go that waits for the police, with its case. Throws NOT_FOUND, CONFLICT. */
  release(by: string, noticeId: string): Promise<Notice>
  /**
   * What the police or a person say of what a case waits for; `id` is of a notice or a case. Throws NOT_FOUND,
   * INVALID_INPUT, CONFLICT, SAME_PERSON.
   */
  hold(by: string, id: string, change: HoldChange): Promise<PoliceHold>
  /** Whether that would let the host be told earlier. Throws INVALID_INPUT. */
  isSooner(hold: Pick<PoliceHold, 'state' | 'until'>, until: string): boolean
  /** What a case waits for, or waited. Throws NOT_FOUND. */
  holdOf(id: string): Promise<PoliceHold>
  /** Cases that wait for the police, or of which they have said what asks for a person; in order of id. */
  holds(page?: { readonly after?: string; readonly limit?: number }): Promise<readonly PoliceHold[]>
  /**
   * A person answers a question about a notice that went out. Throws NOT_FOUND, CONFLICT, INVALID_INPUT
   * without words.
   */
  answer(tx: Transaction, by: string, noticeId: string, text: string): Promise<Notice>
  /**
   * A person told it, or another part of Hindra handed it over: by telephone, a portal, an export.
   * Throws NOT_FOUND, CONFLICT where a machine does that, unless it reached nobody.
   */
  markTold(tx: Transaction, by: string, noticeId: string): Promise<Notice>

  /** Nothing leaves from now on. Throws INVALID_INPUT without a reason. */
  stop(by: string, reason: string): Promise<Stop>
  /** False where nothing was stopped. */
  resume(by: string): Promise<boolean>
  stopped(): Promise<Stop | null>

  /** For retention: the notices of a case, what was sent, and what documents for others tell of it. */
  eraseForCase(tx: Transaction, caseId: string): Promise<void>
  /** Files for hotlines and INTERPOL. */
  readonly exports: Exports

  /** In order of queueing; pass the last id as `after`. */
  list(filter?: NoticeFilter): Promise<readonly Notice[]>
  /** Notices that reached nobody and wait for a person. */
  undelivered(): Promise<number>
  /** How many notices are in each state. */
  counts(): Promise<Readonly<Record<NoticeState, number>>>
  /** Throws NOT_FOUND. */
  get(id: string): Promise<Notice>
  /** The letter as it went out, or would now, with defanged URLs. Throws NOT_FOUND, LETTER_UNKNOWN. */
  preview(id: string): Promise<string>
  /** Every letter of a case, as it went out or would now, and what it lacks. Throws NOT_FOUND. */
  letters(caseId: string): Promise<readonly LetterView[]>
  /** The words of one kind, of things that never happened. Throws LETTER_UNKNOWN. */
  sampleLetter(kind: LetterKind, language: Language): LetterView
  /** What came back to a notice, oldest first. */
  replies(id: string): Promise<readonly Reply[]>
}

export interface TakedownOptions {
  readonly settings: Config['takedown']
  readonly inbox: Config['inbox']
  /** Absent: those of `inbox`. */
  readonly mailboxes?: readonly Mailbox[] | undefined
  /** Absent: no directory, JSON for everybody. */
  readonly exports?: Config['hotlineExports']
  readonly mail: Config['mail'] & { readonly userAgent: string }
  readonly transport: MailTransport
  /** Absent: webhooks and APIs are told by hand. */
  readonly posts?: PostOptions
  /** What hotlines and INTERPOL are told of a case beside; absent: nothing. */
  readonly assessment?: (tx: Transaction, entry: Case) => Promise<Assessed>
  /** Called before a hold of the police ends; absent: only alerts tell of it. */
  readonly duty?: Pick<Duty, 'call'>
  readonly router: Pick<
    Router,
    'decide' | 'jurisdiction' | 'digitalServicesAct' | 'municipality' | 'contacts' | 'home'
  >
  readonly house: Config['house']
  /** Of rechecks: how far looks at an open case lie apart. */
  readonly intervals: Config['recheck']['intervals']
  readonly stillKnown: StillKnown
  /** Keys of DKIM; absent: no signature of a reply can be verified. */
  readonly texts?: TextRecords | undefined
  /** Asked before a notice of something that nobody has seen for a while; absent: nothing is. */
  readonly lookFirst?: LookFirst
}

/** Throws INVALID_CONFIG where a template or the DKIM key cannot be used. */
export function createTakedown(
  context: Context,
  audit: Audit,
  cases: Cases,
  trace: Trace,
  options: TakedownOptions,
): Takedown {
  const { store } = context
  const { settings, mail, lookFirst } = options
  const letters = createLetterWriter(settings.templates)
  const form = { ...mail, returnPath: mail.returnPath, sign: createSigner(mail) }
  const carriers = createCarriers({
    mail: mailCarrier(options.transport, form),
    ...(options.posts && postCarriers(context, { ...options.posts, settings, reporter: form })),
  })
  const outbox = createOutbox(context, audit)
  const envelopes = createEnvelopes(context)
  const stop = createStop(context, audit)
  const pace = createPace(context, settings)
  const holds = createHolds(context, audit, {
    ...{ outbox, cases, settings },
    contacts: options.router.contacts,
    duty: options.duty,
  })
  const { standing } = holds
  const common = { carriers, outbox, envelopes, cases, trace, stop, pace, standing }
  const parts = { ...options, ...common, lookFirst }
  const queueFirst = createFirstNotices(parts)
  const queue = createQueue(context, { ...parts, queueFirst })
  const byHand = createByHand(context, { ...parts, queueFirst })
  const ladder = createLadder(context, parts)
  const undelivered = createUndelivered(context, audit, parts)
  const corrections = createCorrections(context, parts)
  const removals = createRemovals(context, parts)
  const settlement = createSettlement(context, { ...parts, ladder, undelivered, removals })
  const inbox = createInbox(context, audit, {
    ...parts,
    settlement,
    settings: options.inbox,
    mailboxes: options.mailboxes,
    texts: options.texts,
    heed: createHoldReplies(context, audit, { ...parts, holds }),
  })
  const gather = createGather({ ...parts, replies: (tx, id) => inbox.repliesTo(tx, id) })
  const answer = createAnswers(audit, { outbox })
  const incomplete = createIncomplete(context, audit, { outbox, undelivered })
  const composition = createComposition(context, {
    ...{ ...parts, letters, gather, incomplete },
    notifier: form,
    named: settings.notifierNamed,
  })
  const previews = createPreviews({ ...parts, composition, letters })
  const readdress = createReaddress(context, { ...parts, queueFirst, gather })
  const dispatch = createDispatch(context, { ...parts, composition, settlement, readdress })
  const exports = createExports(context, audit, {
    ...parts,
    settlement,
    readdress,
    stopped: async () => settings.stop || (await stop.now()) !== null,
    settings: options.exports ?? { scartCountries: [] },
    organisation: mail.organisation,
  })
  let turn: Promise<unknown> = Promise.resolve()

  return {
    queueDue: (by) =>
      oneAtATime(async () => {
        const corrected = await corrections.queue(by)
        const { traced, problems } = await queue.traceDue(by)
        const first = await queue.queueNotices(by)
        const climbed = await ladder.climb(by)
        await undelivered.lookDue(by)
        await holds.ringDue(by)
        const gone = await removals.queueDue(by)
        const queued = corrected + first.queued + climbed + gone
        return { traced, queued, problems: [...problems, ...first.problems] }
      }),

    retrace: (by, caseId) => oneAtATime(() => queue.retrace(by, caseId)),
    readdressByHand: (by) => oneAtATime(() => byHand.readdress(by)),
    dispatch: (by) =>
      oneAtATime(async () => {
        await holds.releaseDue(by)
        await incomplete.releaseComplete(by, (tx, row) => composition.missing(tx, by, row))
        return dispatch(by)
      }),
    collect: (by) => oneAtATime(() => inbox.collect(by)),

    async withdrawForCase(tx, by, caseId) {
      let withdrawn = 0
      for (const row of await outbox.list(tx, { caseId, limit: Infinity })) {
        const { state, step } = row.clear
        const isOwed = step === 'correction' || step === 'answer'
        if (isOwed || (state !== 'queued' && state !== 'held')) continue
        outbox.change(tx, by, row, { state: 'withdrawn' })
        withdrawn += 1
      }
      return withdrawn
    },
    told: async (tx, caseId) =>
      (await outbox.list(tx, { caseId, limit: Infinity }))
        .filter(wasTold)
        .map((row) => toNotice(row)),
    correctForCase: (tx, caseId) => {
      corrections.owe(tx, caseId)
    },

    retryFailed: (by) =>
      countInPages<string>(store, async (tx, after) => {
        const filter = { state: 'failed', limit: RETRIED_AT_ONCE } as const
        const failed = await outbox.list(tx, { ...filter, ...(after ? { after } : {}) })
        let count = 0
        for (const row of failed) if (await undelivered.retryUnlessSetAside(tx, by, row)) count += 1
        return { count, last: failed.length < RETRIED_AT_ONCE ? undefined : failed.at(-1)?.id }
      }),
    retry: (tx, by, noticeId, mail) =>
      changed(tx, noticeId, (row) => undelivered.retry(tx, by, row, mail)),
    setAside: (tx, by, noticeId, reason) =>
      changed(tx, noticeId, (row) => undelivered.setAside(tx, by, row, reason)),
    release: async (by, noticeId) => {
      const isDone = await store.transact(async (tx) => {
        const row = await outbox.need(tx, noticeId)
        const { heldFor, state } = row.clear
        if (heldFor === 'police') return false
        if (state === 'held' && heldFor === 'facts') {
          await incomplete.agree(tx, by, row)
          return true
        }
        const lift = 'the police forbid it; to lift that: hindra notices hold ID --release'
        throw new HindraError(
          'CONFLICT',
          heldFor === 'forbidden' ? lift : 'the notice is not held for the police',
        )
      })
      if (!isDone) await holds.change(by, noticeId, { act: 'release' })
      return store.transact(async (tx) => show(tx, await outbox.need(tx, noticeId)))
    },
    hold: (by, id, change) => holds.change(by, id, change),
    isSooner: ({ state, until }, wanted) =>
      state === 'waiting' && until !== null && holds.momentOf(wanted) < until,
    holdOf: (id) => holds.get(id),
    holds: (page) => holds.list(page),

    answer: async (tx, by, noticeId, text) =>
      show(tx, await answer(tx, by, await outbox.need(tx, noticeId), text)),

    markTold: (tx, by, noticeId) =>
      changed(tx, noticeId, async (row) => {
        const { state, channel, step } = row.clear
        const isByHand = state === 'queued' && !carriers.carries(row.sealed.to, step)
        if (!isByHand && (await undelivered.shown(tx, row)) === null) {
          throw new HindraError(
            'CONFLICT',
            `a notice by ${channel} that is ${state} is not told by hand`,
          )
        }
        await settlement.told(tx, by, row)
      }),

    stop: (by, reason) => stop.set(by, reason),
    resume: (by) => stop.lift(by),
    stopped: () => stop.now(),

    async eraseForCase(tx, caseId) {
      await eraseNotices(tx, caseId, { outbox, envelopes, inbox, undelivered })
      await holds.records.erase(tx, caseId)
      await exports.eraseCase(tx, caseId)
    },
    exports: {
      ...exports,
      take: (by, wanted) => oneAtATime(() => exports.take(by, wanted)),
      runDue: (by) => oneAtATime(() => exports.runDue(by)),
      removeStale: () => oneAtATime(() => exports.removeStale()),
    },

    list: ({ undelivered: waits = false, ...filter } = {}) =>
      store.transact(async (tx) => {
        const rows = waits ? await undelivered.rows(tx, filter) : await outbox.list(tx, filter)
        const shown: Notice[] = []
        for (const row of rows) shown.push(await show(tx, row))
        return shown
      }),
    undelivered: () => store.transact((tx) => undelivered.count(tx)),
    counts: () => store.transact(countNotices),
    get: (id) => store.transact(async (tx) => show(tx, await outbox.need(tx, id))),

    preview: (id) => store.transact((tx) => previews.of(tx, id)),
    letters: (caseId) => store.transact((tx) => previews.ofCase(tx, caseId)),
    sampleLetter: (kind, language) => previews.sample(kind, language),
    replies: (id) => store.transact((tx) => inbox.repliesTo(tx, id)),
  }

  async function show(tx: Transaction, row: NoticeRow): Promise<Notice> {
    return toNotice(row, {
      undelivered: await undelivered.shown(tx, row),
      hold: await holds.shown(tx, row),
    })
  }

  /** Throws NOT_FOUND. */
  async function changed(
    tx: Transaction,
    noticeId: string,
    change: (row: NoticeRow) => Promise<void>,
  ): Promise<Notice> {
    await change(await outbox.need(tx, noticeId))
    return show(tx, await outbox.need(tx, noticeId))
  }

  /** Two runs at once would take each other's open envelopes for those of a dead run. */
  function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const next = turn.then(work, work)
    turn = next.catch(() => undefined)
    return next
  }
}
