import type { NoticeFacts } from '../takedown/index.ts'

/** A notice has arrived where it was handed over and did not come back; what bounced told nobody. */
export function hasArrived({
  state,
  sentAt,
}: Pick<NoticeFacts['clear'], 'state' | 'sentAt'>): boolean {
  return sentAt !== null && (state === 'sent' || state === 'acknowledged')
}

/** When the first notice of a round of a case reached somebody. */
export interface FirstNoticeTimes {
  add(notice: NoticeFacts['clear']): void
  /**
   * Null where nobody was reached.
   *
   * @param noticedAt What the round itself says, which knows of no bounces; where there are no notices any
   * more, it is what is known
   */
  of(caseId: string, round: number, noticedAt: string | null): string | null
  /** When the police were first told of a round; undefined where they were not. */
  policeOf(caseId: string, round: number): string | undefined
}

export function createFirstNotices(): FirstNoticeTimes {
  const first = new Map<string, string | null>()
  const police = new Map<string, string>()
  const keyOf = (caseId: string, round: number) => `${caseId}/${round}`
  return {
    add(notice) {
      const { step, role, sentAt, caseId, round } = notice
      if (step !== 'notice' || sentAt === null) return
      const key = keyOf(caseId, round)
      const before = first.get(key) ?? null
      const arrived = hasArrived(notice) ? sentAt : null
      first.set(key, before === null || (arrived !== null && arrived < before) ? arrived : before)
      if (role !== 'police' || arrived === null) return
      const told = police.get(key)
      if (told === undefined || arrived < told) police.set(key, arrived)
    },
    of(caseId, round, noticedAt) {
      const known = first.get(keyOf(caseId, round))
      return known === undefined ? noticedAt : known
    },
    policeOf: (caseId, round) => police.get(keyOf(caseId, round)),
  }
}
