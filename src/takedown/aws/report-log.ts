import { backoffMs, HOUR_MS, isoTime, MINUTE_MS } from '../../core/index.ts'
import { type Context, keySpace, table, type Transaction } from '../../store/index.ts'

const WAITS = { firstMs: 10 * MINUTE_MS, longestMs: 12 * HOUR_MS } as const

interface SentReportClear {
  /** When it is asked of next, UTC ISO 8601. */
  readonly askAt: string
  readonly takenAt: string
  readonly asked: number
  /** `asked`: what became of it is not known. `elsewhere`: it is not theirs, and somebody else has yet to be found. */
  readonly step: 'asked' | 'elsewhere'
}

interface SentReportSealed {
  /** The id that AWS gave it; empty where it gave none. */
  readonly reportId: string
}

const reportTable = table<SentReportClear, SentReportSealed>(keySpace('aws-report')).with({
  by: { due: { keys: keySpace('aws-report-due'), at: ({ clear }) => [clear.askAt] } },
})

export type ReportLog = ReturnType<typeof createReportLog>

/** The reports that AWS has taken and not yet said of what became of them, by the id of their notice. */
export function createReportLog({
  sealer,
  clock,
  random,
}: Pick<Context, 'sealer' | 'clock' | 'random'>) {
  const reports = reportTable(sealer)

  return {
    /** In the transaction that says that it went out. */
    async taken(tx: Transaction, noticeId: string, reportId: string): Promise<void> {
      await forget(tx, noticeId)
      const takenAt = isoTime(clock.now())
      const clear = { askAt: later(0), takenAt, asked: 0, step: 'asked' } as const
      reports.add(tx, { id: noticeId, clear, sealed: { reportId } })
    },

    /** Nothing is known yet: each time it waits longer. */
    async later(tx: Transaction, noticeId: string): Promise<void> {
      const row = await reports.get(tx, noticeId)
      if (row === undefined) return
      const asked = row.clear.asked + 1
      const clear = { ...row.clear, asked, askAt: later(asked) }
      reports.change(tx, row, { ...row, clear })
    },

    /** It is to be told elsewhere, at once and until that is done. */
    async elsewhere(tx: Transaction, noticeId: string): Promise<void> {
      const row = await reports.need(tx, noticeId)
      const clear = { ...row.clear, askAt: isoTime(clock.now()), step: 'elsewhere' } as const
      reports.change(tx, row, { ...row, clear })
    },

    forget,
    get: reports.get.bind(reports),
    due: (tx: Transaction, limit: number) =>
      reports.by.due.due(tx, isoTime(clock.now()), { limit }),
  }

  async function forget(tx: Transaction, noticeId: string): Promise<void> {
    const row = await reports.get(tx, noticeId)
    if (row !== undefined) reports.remove(tx, row)
  }

  function later(asked: number): string {
    return isoTime(clock.now() + backoffMs(asked + 1, WAITS, random))
  }
}
