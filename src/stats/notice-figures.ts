import type { NoticeClear } from '../takedown/index.ts'
import { isWithin, type Period } from './period.ts'

/** Counted from the notices, as they stand now. */
export interface NoticeFigures {
  noticesSent: number
  remindersSent: number
  escalationsSent: number
  correctionsSent: number
  othersSent: number
  noticesBounced: number
  noticesFailed: number
}

export function noNotices(): NoticeFigures {
  return {
    noticesSent: 0,
    remindersSent: 0,
    escalationsSent: 0,
    correctionsSent: 0,
    othersSent: 0,
    noticesBounced: 0,
    noticesFailed: 0,
  }
}

/** A notice is sent where it was handed over and did not come back; what bounced told nobody. */
export function countNotice(
  figures: NoticeFigures,
  { state, step, sentAt, queuedAt }: NoticeClear,
  period: Period,
): void {
  if (state === 'failed' && isWithin(period, queuedAt)) figures.noticesFailed += 1
  if (!isWithin(period, sentAt)) return
  if (state === 'bounced') figures.noticesBounced += 1
  else if (hasArrived(state)) figures[FIGURE_OF[step] ?? 'othersSent'] += 1
}

const FIGURE_OF: Readonly<Partial<Record<NoticeClear['step'], keyof NoticeFigures>>> = {
  notice: 'noticesSent',
  reminder: 'remindersSent',
  'site-owner': 'escalationsSent',
  registrar: 'escalationsSent',
  upstream: 'escalationsSent',
  regulator: 'escalationsSent',
  correction: 'correctionsSent',
}

function hasArrived(state: NoticeClear['state']): boolean {
  return state === 'sent' || state === 'acknowledged'
}

/** When the first notice of a round of a case reached somebody. */
export interface FirstNoticeTimes {
  add(notice: NoticeClear): void
  /**
   * Null where nobody was reached.
   *
   * @param noticedAt What the round itself says, which knows of no bounces; where there are no notices any
   * more, it is what is known
   */
  of(caseId: string, round: number, noticedAt: string | null): string | null
}

export function createFirstNotices(): FirstNoticeTimes {
  const first = new Map<string, string | null>()
  const keyOf = (caseId: string, round: number) => `${caseId}/${round}`
  return {
    add({ step, state, sentAt, caseId, round }) {
      if (step !== 'notice' || sentAt === null) return
      const key = keyOf(caseId, round)
      const before = first.get(key) ?? null
      const arrived = hasArrived(state) ? sentAt : null
      first.set(key, before === null || (arrived !== null && arrived < before) ? arrived : before)
    },
    of(caseId, round, noticedAt) {
      const known = first.get(keyOf(caseId, round))
      return known === undefined ? noticedAt : known
    },
  }
}
