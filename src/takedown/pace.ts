import type { Config } from '../config.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { type Context, type Key, keySpace, readCounter, type Transaction } from '../store/index.ts'
import type { NoticeRow } from './outbox.ts'
import type { LadderStep } from './notice.ts'

const SENT_ON = keySpace('notice-sent-on')
const DAY_MS = 24 * HOUR_MS
const WEEKEND = ['Sat', 'Sun']
const PROMPT: readonly LadderStep[] = ['correction', 'answer', 'confirmation']

export type Pace = ReturnType<typeof createPace>

/**
 * How fast a recipient is told: hours and days of rest, and a cap on mails a day. What a child asked
 * for itself (priority 1), corrections, and what answers somebody know neither.
 */
export function createPace(
  { clock, sealer }: Pick<Context, 'clock' | 'sealer'>,
  settings: Config['takedown'],
) {
  const { quietFrom, quietTo, quietWeekends, timeZone, mailsPerRecipientDay } = settings
  const local = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })

  function counterOf(row: NoticeRow): Key {
    const day = isoTime(clock.now()).slice(0, 10)
    return SENT_ON(day, sealer.digest('notice recipient', row.sealed.to.key))
  }

  return {
    isUrgent: ({ clear, sealed }: NoticeRow) =>
      PROMPT.includes(clear.step) || sealed.to.priority === 1,

    /** Whether it is a time of rest, where the operator is. */
    isQuiet(): boolean {
      const parts = new Map(
        local.formatToParts(clock.now()).map(({ type, value }) => [type, value]),
      )
      if (quietWeekends && WEEKEND.includes(parts.get('weekday') ?? '')) return true
      if (quietFrom === undefined || quietTo === undefined) return false
      const now = `${parts.get('hour')}:${parts.get('minute')}`
      return quietFrom <= quietTo
        ? now >= quietFrom && now < quietTo
        : now >= quietFrom || now < quietTo
    },

    /** The time until which the recipient of this notice has had enough; undefined where it has not. */
    async fullUntil(tx: Transaction, row: NoticeRow): Promise<string | undefined> {
      const sent = await tx.get(counterOf(row))
      if (sent === undefined || readCounter(sent) < mailsPerRecipientDay) return undefined
      const nowMs = clock.now()
      return isoTime(nowMs - (nowMs % DAY_MS) + DAY_MS)
    },

    /** One mail more went out. */
    count(tx: Transaction, row: NoticeRow): void {
      tx.add(counterOf(row), 1)
    },
  }
}
