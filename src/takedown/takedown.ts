import type { Audit } from '../audit/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { PLAIN_TO_ALL } from '../confidence/index.ts'
import { defined, eachInTurn, ticketsIn } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, type Transaction, turnsOf } from '../store/index.ts'
import type { Trace } from '../trace/index.ts'
import { createByHand } from './by-hand.ts'
import { createAnnounce } from './announcing.ts'
import { createAnswers } from './answers.ts'
import { createAwsAnswers } from './aws/aws-answers.ts'
import { createAwsSigner } from './aws/aws-signer.ts'
import { createAwsStatus } from './aws/aws-status.ts'
import { createReportLog } from './aws/report-log.ts'
import { createCarriers } from './carriers.ts'
import { createComposition } from './composition.ts'
import { createCorrections, wasTold } from './corrections.ts'
import { createCorrespondence } from './correspondence.ts'
import { createDispatch } from './dispatch.ts'
import { createEnvelopes } from './envelopes.ts'
import { eraseNotices } from './erasure.ts'
import { createErrandLook } from './errands/looking.ts'
import { createErrands } from './errands/errands.ts'
import { createExports } from './exports/exports.ts'
import { createFirstNotices } from './first-notices.ts'
import { createConfirmations } from './holds/confirmations.ts'
import { createHolds } from './holds/holds.ts'
import { createHoldReplies } from './holds/hold-replies.ts'
import { createIncomplete } from './incomplete.ts'
import { createInbox } from './inbox/inbox.ts'
import { createPoliceMails } from './inbox/police-mails.ts'
import { createLadder } from './ladder.ts'
import { createGather } from './letters/gather.ts'
import { createLetterWriter } from './letters/writer.ts'
import { createSigner } from './mail/dkim.ts'
import { mailCarrier } from './mail/mail-carrier.ts'
import { createObjections } from './objections/objections.ts'
import { createOutbox, type NoticeRow, releasedBy, toNotice } from './outbox.ts'
import { createPace } from './pace.ts'
import { createPreviews } from './previews.ts'
import { postCarriers } from './posts/post-carriers.ts'
import { createQueue } from './queue.ts'
import { createReaddress } from './readdress.ts'
import { createRemovals } from './removals.ts'
import { createSettlement } from './settlement.ts'
import { createStop } from './stop.ts'
import { createTipLetters } from './tip-letters/tip-letters.ts'
import type { Takedown, TakedownOptions } from './takedown-types.ts'
import { createUndelivered } from './undelivered.ts'
import type { Notice } from './notice.ts'

/** No directory, JSON for everybody. */
const NO_EXPORTS: Config['hotlineExports'] = {
  interpol: 'daily',
  announced: false,
  scartCountries: [],
}

/** Whether it is under way, went out whatever came back, or may have gone. */
function hasLeft({ state, sentAt, possiblyDoubled }: NoticeRow['clear']): boolean {
  return state === 'sending' || state === 'bounced' || sentAt !== null || possiblyDoubled
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
  const { settings, mail, lookFirst, posts } = options
  const letters = createLetterWriter(settings.templates)
  const form = { ...mail, returnPath: mail.returnPath, sign: createSigner(mail) }
  const awsSigner = posts?.aws && createAwsSigner(context, posts.aws.settings)
  const { confidence = PLAIN_TO_ALL } = options
  const carriers = createCarriers({
    mail: mailCarrier(context, options.transport, form, confidence),
    ...(posts && postCarriers(context, { ...posts, awsSigner, settings, reporter: form })),
  })
  const errands = createErrands(context, audit, { cases, ...defined({ duty: options.duty }) })
  const outbox = createOutbox(context, audit, errands)
  const envelopes = createEnvelopes(context)
  const reports = createReportLog(context)
  const stop = createStop(context, audit)
  const pace = createPace(context, settings)
  const holds = createHolds(context, audit, {
    outbox,
    cases,
    settings,
    contacts: options.router.contacts,
    duty: options.duty,
    behind: options.behind,
  })
  const { standing } = holds
  const common = { carriers, outbox, envelopes, reports, cases, trace, stop, pace, standing }
  const stopped = async () => settings.stop || (await stop.now()) !== null
  const ending = new AbortController()
  const isEnding = () => ending.signal.aborted
  const parts = { ...options, ...common, errands, lookFirst, confidence, stopped, isEnding }
  const single = { ...parts, letters, sign: form.sign }
  const tipLetters = createTipLetters(context, audit, single)
  const objections = createObjections(context, audit, {
    ...single,
    policy: options.objections,
    replies: (tx, id) => inbox.repliesTo(tx, id),
  })
  const queueFirst = createFirstNotices(parts)
  const queue = createQueue(context, { ...parts, queueFirst })
  const byHand = createByHand(context, { ...parts, queueFirst })
  const ladder = createLadder(context, { ...parts, objections })
  const undelivered = createUndelivered(context, audit, parts)
  const corrections = createCorrections(context, parts)
  const removals = createRemovals(context, parts)
  const settlement = createSettlement(context, { ...parts, ladder, undelivered, removals })
  const policeMails = createPoliceMails(context, audit, parts)
  const inbox = createInbox(context, audit, {
    ...parts,
    tipLetters,
    objections,
    settlement,
    mailboxes: options.mailboxes ?? [],
    texts: options.texts,
    policeMails,
    heed: createHoldReplies(context, audit, {
      ...parts,
      holds,
      confirmations: createConfirmations(context, audit, parts),
    }),
  })
  const awsAnswers =
    posts?.aws &&
    createAwsAnswers(context, {
      ...parts,
      status: awsSigner && createAwsStatus(awsSigner, posts.aws.ask),
      denials: posts.aws.denials,
      inbox,
      settlement,
      retrace: (by, caseId) => queue.retrace(by, caseId),
    })
  const gather = createGather({ ...parts, replies: (tx, id) => inbox.repliesTo(tx, id) })
  const answer = createAnswers(audit, { outbox })
  const incomplete = createIncomplete(context, audit, { outbox, undelivered })
  const composition = createComposition(context, {
    ...parts,
    letters,
    gather,
    incomplete,
    notifier: form,
    named: settings.notifierNamed,
  })
  const announce = createAnnounce(context, parts)
  const previews = createPreviews({ ...parts, composition, letters })
  const readdress = createReaddress(context, { ...parts, queueFirst, gather })
  const dispatch = createDispatch(context, { ...parts, composition, settlement, readdress })
  const hasLine = options.iccamLine ?? false
  const exportSettings = options.exports ?? NO_EXPORTS
  const exports = createExports(context, audit, {
    ...parts,
    settlement,
    readdress,
    settings: exportSettings,
    organisation: mail.organisation,
    hasLine,
  })
  const lookForErrands = createErrandLook(context, {
    ...parts,
    areFilesWritten: exportSettings.directory !== undefined,
    hasLine,
  })
  // Two runs at once, in this process or another, would take each other's open envelopes for those of a dead run.
  const oneAtATime = turnsOf(store.lease('takedown'))

  return {
    queueDue: (by) =>
      oneAtATime(async () => {
        const [corrected, { traced, ...tracing }, first, climbed, , , , gone] = await eachInTurn(
          () => corrections.queue(by),
          () => queue.traceDue(by),
          () => queue.queueNotices(by),
          () => ladder.climb(by),
          () => undelivered.lookDue(by),
          () => holds.ringDue(by),
          () => objections.alertDue(by),
          () => removals.queueDue(by),
        )
        const queued = corrected + first.queued + climbed + gone
        const isMore = tracing.isMore || first.isMore
        return { traced, queued, isMore, problems: [...tracing.problems, ...first.problems] }
      }),

    close: () => {
      ending.abort()
    },
    announce,
    errands,
    contactKeys: () => confidence.list(context.clock.now()),
    retrace: (by, caseId) => oneAtATime(() => queue.retrace(by, caseId)),
    readdressByHand: (by) => oneAtATime(() => byHand.readdress(by)),
    dispatch: (by) =>
      oneAtATime(async () => {
        const [, , report] = await eachInTurn(
          () => holds.releaseDue(by),
          () => incomplete.releaseComplete(by, (tx, row) => composition.missing(tx, by, row)),
          () => dispatch(by),
          () => lookForErrands(by),
        )
        return report
      }),
    collect: (by) =>
      oneAtATime(async () => {
        const report = await inbox.collect(by)
        const unheard = (await awsAnswers?.collect(by)) ?? []
        return { ...report, problems: [...report.problems, ...unheard] }
      }),

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
    hasLeft: async (tx, caseId, round) =>
      (await outbox.list(tx, { caseId, limit: Infinity })).some(
        ({ clear }) => clear.round === round && hasLeft(clear),
      ),
    releasersOf: (tx, caseId) => outbox.releasersOf(tx, caseId),
    told: async (tx, caseId) =>
      (await outbox.list(tx, { caseId, limit: Infinity }))
        .filter(wasTold)
        .map((row) => toNotice(row)),
    correctForCase: (tx, caseId) => {
      corrections.owe(tx, caseId)
    },

    retryFailed: (by) =>
      outbox.workThrough('failed', (tx, row) => undelivered.retryUnlessSetAside(tx, by, row)),
    retry: (tx, by, noticeId, mail) =>
      changed(tx, noticeId, (row) => undelivered.retry(tx, by, row, mail)),
    setAside: (tx, by, noticeId, reason) =>
      changed(tx, noticeId, (row) => undelivered.setAside(tx, by, row, reason)),
    release: async (tx, by, noticeId) => {
      const row = await outbox.need(tx, noticeId)
      const { heldFor, state } = row.clear
      if (state === 'held' && heldFor === 'police') {
        await holds.change(tx, by, noticeId, { act: 'release' })
      } else if (state === 'held' && heldFor === 'facts') {
        await incomplete.agree(tx, by, row)
      } else {
        throw new HindraError('CONFLICT', {
          says: heldFor === 'forbidden' ? 'hold-forbidden' : 'hold-none',
        })
      }
      return show(tx, await outbox.need(tx, noticeId))
    },
    hold: (by, id, change) => store.transact((tx) => holds.change(tx, by, id, change)),
    isSooner: ({ state, until }, wanted) =>
      state === 'waiting' && until !== null && holds.momentOf(wanted) < until,
    holdOf: (id) => holds.get(id),
    holds: (page) => holds.list(page),
    holdCounts: (max) => holds.counts(max),

    policeMails: (page) => policeMails.list(page),
    countPoliceMails: () => policeMails.count(),
    policeMailSeen: (by, id) => policeMails.seen(by, id),

    answer: async (tx, by, noticeId, text) =>
      show(tx, await answer(tx, by, await outbox.need(tx, noticeId), text)),

    markTold: (tx, by, noticeId) =>
      changed(tx, noticeId, async (row) => {
        const { state, channel, step } = row.clear
        const isByHand = state === 'queued' && !carriers.carries(row.sealed.to, step)
        if (!isByHand && (await undelivered.shown(tx, row)) === null) {
          throw new HindraError('CONFLICT', { says: 'notice-not-by-hand', channel, state })
        }
        await settlement.told(tx, by, outbox.change(tx, by, row, releasedBy(row, by)))
      }),

    stop: (by, reason) => stop.set(by, reason),
    resume: (by) => stop.lift(by),
    stopped: () => stop.now(),

    async eraseForCase(tx, caseId) {
      await eraseNotices(tx, caseId, { outbox, envelopes, inbox, undelivered, reports })
      await holds.records.erase(tx, caseId)
      await exports.eraseCase(tx, caseId)
      await objections.erase(tx, caseId)
    },
    exports: {
      ...exports,
      take: (by, wanted) => oneAtATime(() => exports.take(by, wanted)),
      runDue: (by) => oneAtATime(() => exports.runDue(by)),
      reportable: (by) => oneAtATime(() => exports.reportable(by)),
      removeStale: () => oneAtATime(() => exports.removeStale()),
    },

    found: outbox.found,
    findingOld: outbox.found.step(async (tx, row) => {
      const replies = await inbox.repliesTo(tx, row.id)
      const tickets = replies.flatMap(({ subject, text }) => ticketsIn(subject, text))
      return outbox.called(tx, row, tickets)
    }),
    correspondence: createCorrespondence({
      ...parts,
      previews,
      show,
      replies: (tx, id) => inbox.repliesTo(tx, id),
    }),
    async holdKept(tx, caseId) {
      const row = await holds.records.get(tx, caseId)
      return row === undefined ? null : holds.records.toPoliceHold(row)
    },
    async ofCase(tx, caseId) {
      const shown: Notice[] = []
      for (const row of await outbox.list(tx, { caseId })) shown.push(await show(tx, row))
      return shown
    },
    tipLetters: {
      ...tipLetters,
      dispatch: (by) => oneAtATime(() => tipLetters.dispatch(by)),
    },
    objections: {
      ...objections,
      dispatch: (by) => oneAtATime(() => objections.dispatch(by)),
    },

    list: ({ undelivered: waits = false, ...filter } = {}) =>
      store.transact(async (tx) => {
        const rows = waits ? await undelivered.rows(tx, filter) : await outbox.list(tx, filter)
        const shown: Notice[] = []
        for (const row of rows) shown.push(await show(tx, row))
        return shown
      }),
    undelivered: () => store.transact((tx) => undelivered.count(tx)),
    counts: () => store.transact((tx) => outbox.counts(tx)),
    facts: (tx, tell) => outbox.facts(tx, tell),
    changed: outbox.changed,
    get: (id) => store.transact((tx) => read(tx, id)),
    read,

    preview: (id) => store.transact((tx) => previews.of(tx, id)),
    letter: (id) => store.transact((tx) => previews.letter(tx, id)),
    letters: (caseId) => store.transact((tx) => previews.ofCase(tx, caseId)),
    sampleLetter: (kind, language) => previews.sample(kind, language),
    replies: (id) => store.transact((tx) => inbox.repliesTo(tx, id)),
  }

  async function read(tx: Transaction, id: string): Promise<Notice> {
    return show(tx, await outbox.need(tx, id))
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
}
