import { sharedRuns } from '../core/index.ts'
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
  readonly inbox: Omit<InboxReport, 'problems'>
  /** What went wrong and will be tried again; one line each, without URLs. */
  readonly problems: readonly string[]
}

/** What holds cases back before a round: asked of whoever knows why one may not stand any more. */
export type HoldBack = () => Promise<void>

/**
 * Holds back what may not stand before anybody is told, reads what came back, queues what follows from it,
 * and sends what is due. Who asks again while a round of theirs is under way shares the next one: were each a round of its
 * own, those of who is impatient over a long queue would hold up whoever sends.
 */
export function createRounds(
  takedown: Takedown,
  holdBack: HoldBack,
): (by: string) => Promise<RoundReport> {
  return sharedRuns((by) => takeDown(takedown, holdBack, by))
}

async function takeDown(takedown: Takedown, holdBack: HoldBack, by: string): Promise<RoundReport> {
  await holdBack()
  const { problems: unread, ...inbox } = await takedown.collect(by)
  const queued = await takedown.queueDue(by)
  const told = await takedown.tipLetters.dispatch(by)
  const answered = await takedown.objections.dispatch(by)
  const sent = await takedown.dispatch(by)
  const files = await takedown.exports.runDue(by)
  const problems = [
    ...unread,
    ...queued.problems,
    ...told.problems,
    ...answered.problems,
    ...sent.problems,
    ...files.problems,
  ]
  const singles = { tipLettersSent: told.sent, objectionsAnswered: answered.sent }
  return { ...queued, ...sent, ...singles, inbox, problems }
}
