import { type Permission, type Principal, requirePermission } from '../access/index.ts'
import type { Store } from '../store/index.ts'
import type { HoldChange, Takedown } from '../takedown/index.ts'
import { guarded, type Readings } from './guard.ts'
import type { DueReport, LetterQuestion, NoticesApi, Page } from './types.ts'

/**
 * Holds back what may not stand before anybody is told, reads what came back, queues what follows from it,
 * and sends what is due.
 */
export async function takeDown(
  takedown: Takedown,
  holdBack: () => Promise<void>,
  by: string,
): Promise<Omit<DueReport, 'judged' | 'called' | 'rechecks'>> {
  await holdBack()
  const { problems: unread, ...inbox } = await takedown.collect(by)
  const queued = await takedown.queueDue(by)
  const sent = await takedown.dispatch(by)
  const files = await takedown.exports.runDue(by)
  const problems = [...unread, ...queued.problems, ...sent.problems, ...files.problems]
  return { ...queued, ...sent, inbox, problems }
}

/** The calls about notices: who may make them, and what does the work. */
export function noticeCalls(
  store: Store,
  readings: Readings,
  takedown: Takedown,
  holdBack: () => Promise<void>,
): NoticesApi {
  /** Whoever may stop may ask for more time; what lets a notice go sooner, or never, takes more. */
  async function permissionFor(id: string, change: HoldChange): Promise<Permission> {
    switch (change.act) {
      case 'forbid':
      case 'confirm':
      case 'reject':
        return 'notice:forbid'
      case 'seen':
        return 'notice:hold'
      case 'wait':
      case 'release': {
        const before = await takedown.holdOf(id)
        if (before.state === 'forbidden') return 'notice:forbid'
        const isSooner = change.act === 'release' || takedown.isSooner(before, change.until)
        return isSooner ? 'notice:send' : 'notice:hold'
      }
    }
  }

  return {
    notices: readings.page('notice:read', 'notice.list', (_by, filter) => takedown.list(filter)),
    notice: readings.one('notice:read', 'notice.read', async (_by, noticeId) => ({
      ...(await takedown.get(noticeId)),
      preview: await takedown.preview(noticeId),
      replies: await takedown.replies(noticeId),
    })),
    sendNotices: guarded('notice:send', async (by) => {
      await takedown.retryFailed(by.id)
      return {
        ...{ judged: 0, called: 0 },
        ...(await takeDown(takedown, holdBack, by.id)),
        rechecks: [],
      }
    }),
    releaseNotice: guarded('notice:send', (by, noticeId) => takedown.release(by.id, noticeId)),
    holds: readings.page(
      ...(['notice:read', 'hold.list'] as const),
      (_by, page: Page) => takedown.holds(page),
      async (_page, max) => (await takedown.holdCounts(max)).open,
    ),
    hold: readings.one('notice:read', 'hold.read', (_by, id) => takedown.holdOf(id)),
    changeHold: guarded('notice:hold', async (by: Principal, id: string, change: HoldChange) => {
      requirePermission(by, await permissionFor(id, change))
      return takedown.hold(by.id, id, change)
    }),
    policeMails: readings.page(
      ...(['notice:read', 'police-mail.list'] as const),
      (_by, page: Page) => takedown.policeMails(page),
      () => takedown.countPoliceMails(),
    ),
    policeMailSeen: guarded('notice:hold', (by: Principal, id: string) =>
      takedown.policeMailSeen(by.id, id),
    ),
    retryNotice: guarded('notice:send', (by: Principal, noticeId: string, mail?: string) =>
      store.transact((tx) => takedown.retry(tx, by.id, noticeId, mail)),
    ),
    setNoticeAside: guarded('notice:send', (by: Principal, noticeId: string, reason: string) =>
      store.transact((tx) => takedown.setAside(tx, by.id, noticeId, reason)),
    ),
    markNoticeTold: guarded('notice:send', (by: Principal, noticeId: string) =>
      store.transact((tx) => takedown.markTold(tx, by.id, noticeId)),
    ),
    answerNotice: guarded('notice:send', (by: Principal, noticeId: string, text: string) =>
      store.transact((tx) => takedown.answer(tx, by.id, noticeId, text)),
    ),
    caseLetters: readings.one('notice:read', 'letter.read', (_by, caseId: string) =>
      takedown.letters(caseId),
    ),
    sampleLetter: guarded('notice:read', (_by, { language, ...kind }: LetterQuestion) =>
      Promise.resolve(takedown.sampleLetter(kind, language)),
    ),
    stopNotices: guarded('notice:stop', (by, reason) => takedown.stop(by.id, reason)),
    resumeNotices: guarded('notice:send', async (by) => ({
      wasStopped: await takedown.resume(by.id),
    })),
    noticesStopped: guarded('notice:read', () => takedown.stopped()),
  }
}
