import { eachInTurn, sharedRuns } from '../core/index.ts'
import type { InboxReport } from './notice.ts'
import type { Takedown } from './takedown-types.ts'

/** What one round of telling came to. */
export interface RoundReport {
  readonly traced: number
  readonly queued: number
  readonly mailsSent: number
  /** Notices to webhooks and APIs. */
  readonly postsSent: number
  readonly noticesSent: number
  /** Letters to the police about tips in words. */
  readonly tipLettersSent: number
  /** Answers to objections. */
  readonly objectionsAnswered: number
  /** Whether it is a time of rest (`takedown.quietFrom`): what is not urgent waits for its end. */
  readonly isQuiet: boolean
  /** Whether it ended early, perhaps with more that is due. */
  readonly isMore: boolean
  readonly inbox: Omit<InboxReport, 'problems'>
  /** What went wrong and will be tried again; one line each, without URLs. */
  readonly problems: readonly string[]
}

/** What holds cases back before a round: asked of whoever knows why one may not stand any more. */
export type HoldBack = () => Promise<void>

interface Rounds {
  /** One round, of so many letters: the caller has other work that is due, and comes again. */
  round(by: string): Promise<RoundReport>
  /**
   * Rounds until nothing more is due. Who asks again while those are under way shares the next: were each one's their
   * own, those of who is impatient over a long queue would hold up whoever sends.
   */
  all(by: string): Promise<RoundReport>
}

/**
 * Each holds back what may not stand before anybody is told, reads what came back, queues what follows from it,
 * and sends what is due.
 */
export function createRounds(takedown: Takedown, holdBack: HoldBack): Rounds {
  const round = (by: string) => takeDown(takedown, holdBack, by)

  return {
    round,
    all: sharedRuns(async (by) => {
      let all = await round(by)
      while (all.isMore) all = together(all, await round(by))
      return all
    }),
  }
}

function together(one: RoundReport, other: RoundReport): RoundReport {
  const { inbox, isQuiet, isMore } = other
  return {
    traced: one.traced + other.traced,
    queued: one.queued + other.queued,
    mailsSent: one.mailsSent + other.mailsSent,
    postsSent: one.postsSent + other.postsSent,
    noticesSent: one.noticesSent + other.noticesSent,
    tipLettersSent: one.tipLettersSent + other.tipLettersSent,
    objectionsAnswered: one.objectionsAnswered + other.objectionsAnswered,
    isQuiet,
    isMore,
    inbox: {
      bounces: one.inbox.bounces + inbox.bounces,
      replies: one.inbox.replies + inbox.replies,
      removalClaims: one.inbox.removalClaims + inbox.removalClaims,
      // They are left in the mailbox, and counted again each time.
      unclaimed: inbox.unclaimed,
    },
    problems: [...new Set([...one.problems, ...other.problems])],
  }
}

async function takeDown(takedown: Takedown, holdBack: HoldBack, by: string): Promise<RoundReport> {
  await holdBack()
  const [{ problems: unread, ...inbox }, queued, told, answered, sent, files] = await eachInTurn(
    () => takedown.collect(by),
    () => takedown.queueDue(by),
    () => takedown.tipLetters.dispatch(by),
    () => takedown.objections.dispatch(by),
    () => takedown.dispatch(by),
    () => takedown.exports.runDue(by),
  )
  const problems = [
    ...unread,
    ...queued.problems,
    ...told.problems,
    ...answered.problems,
    ...sent.problems,
    ...files.problems,
  ]
  const singles = { tipLettersSent: told.sent, objectionsAnswered: answered.sent }
  const isMore = queued.isMore || sent.isMore
  return { ...queued, ...sent, ...singles, isMore, inbox, problems }
}
