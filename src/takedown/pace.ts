import type { Config } from '../config.ts'
import { HOUR_MS, isoTime, MINUTE_MS } from '../core/index.ts'
import { type Context, type Key, keySpace, readCounter, type Transaction } from '../store/index.ts'
import type { NoticeRow } from './outbox.ts'
import type { Addressee, LadderStep } from './notice.ts'

const SENT_ON = keySpace('notice-sent-on')
const DAY_MS = 24 * HOUR_MS
/** A night that a weekend follows, and the night behind it. */
const LONGEST_REST_MS = 4 * DAY_MS
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

  function counterOf({ key }: Pick<Addressee, 'key'>): Key {
    const day = isoTime(clock.now()).slice(0, 10)
    return SENT_ON(day, sealer.digest('notice recipient', key))
  }

  /** Whether it is a time of rest, where the operator is. */
  function isQuiet(atMs = clock.now()): boolean {
    const parts = new Map(local.formatToParts(atMs).map(({ type, value }) => [type, value]))
    if (quietWeekends && WEEKEND.includes(parts.get('weekday') ?? '')) return true
    if (quietFrom === undefined || quietTo === undefined) return false
    const now = `${parts.get('hour')}:${parts.get('minute')}`
    return quietFrom <= quietTo
      ? now >= quietFrom && now < quietTo
      : now >= quietFrom || now < quietTo
  }

  return {
    isUrgent: ({ clear, sealed }: NoticeRow) =>
      PROMPT.includes(clear.step) || sealed.to.priority === 1,

    isQuiet: () => isQuiet(),

    /** The first minute from a time on that is none of rest; the time itself where it is none, or all are. */
    restedAt(from: string): string {
      const fromMs = Date.parse(from)
      if (!isQuiet(fromMs)) return from
      const minute = fromMs - (fromMs % MINUTE_MS)
      for (let ms = minute; ms < fromMs + LONGEST_REST_MS; ms += MINUTE_MS) {
        if (ms >= fromMs && !isQuiet(ms)) return isoTime(ms)
      }
      return from
    },

    /** The milliseconds until which the recipient of this notice has had enough; undefined where it has not. */
    async fullUntil(tx: Transaction, to: Pick<Addressee, 'key'>): Promise<number | undefined> {
      const sent = await tx.get(counterOf(to))
      if (sent === undefined || readCounter(sent) < mailsPerRecipientDay) return undefined
      const nowMs = clock.now()
      return nowMs - (nowMs % DAY_MS) + DAY_MS
    },

    /** One mail more went out. */
    count(tx: Transaction, row: NoticeRow): void {
      tx.add(counterOf(row.sealed.to), 1)
    },
  }
}
