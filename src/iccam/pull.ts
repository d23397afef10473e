import { HINDRA_ITSELF } from '../access/index.ts'
import type { TipDesk } from '../assessing/index.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { parseTip } from '../intake/index.ts'
import type { Context } from '../store/index.ts'
import type { Holding } from './content.ts'
import type { Entries, IccamEntry } from './entries.ts'
import type { LineState } from './line-state.ts'
import { arrivalOf } from './next-act.ts'
import type { QueuesShown } from './reading.ts'
import type { Takedown } from '../takedown/index.ts'

const DAY_MS = 24 * HOUR_MS
const PAGE = 100

/** What came of reading ICCAM. */
export interface PullReport {
  readonly shown: number
  readonly tips: number
  /** What was in doubt and is settled by what ICCAM shows. */
  readonly proven: number
  readonly problems: readonly string[]
}

export function createPull(
  { store, clock }: Context,
  parts: {
    readonly entries: Entries
    readonly tipDesk: Pick<TipDesk, 'take'>
    readonly takedown: { readonly exports: Pick<Takedown['exports'], 'claimTold'> }
    readonly home: string
    readonly rewindDays: number
    readonly read: (from: string) => Promise<QueuesShown>
  },
) {
  const { entries, tipDesk, takedown, home, read } = parts

  /** The time from which the queues are read, and the night that is looked back at with it. */
  async function start(state: LineState): Promise<{ from: string; night: string }> {
    const night = isoTime(clock.now()).slice(0, 10)
    const doubts: string[] = []
    const watched =
      state.night === night ? (['unsure'] as const) : (['unsure', 'asks', 'live'] as const)
    for (const name of watched) {
      for await (const rows of pages(name)) {
        for (const { clear } of rows) doubts.push(back(clear.reportedAt, 1))
      }
    }
    const rewind = state.night === night ? 0 : parts.rewindDays
    const from = [back(state.cursor ?? isoTime(clock.now()), rewind), ...doubts].sort()[0]
    return { from: from ?? isoTime(clock.now()), night }
  }

  /** Keeps what is new as tips, and what ICCAM holds now of what is not. */
  async function take(item: Holding, isWaiting: boolean): Promise<boolean> {
    const known = await store.transact(async (tx) => {
      const row = await find(item)(tx)
      if (row === undefined) return false
      const isAsIs =
        row.clear.contentId === item.id && JSON.stringify(row.sealed.held) === JSON.stringify(item)
      if (!isAsIs) entries.change(tx, row, { contentId: item.id }, { held: item })
      return true
    })
    if (known || !isWaiting || item.assigned !== home) return false
    const tip = parseTip({
      url: item.url,
      source: 'hotline',
      reference: `iccam:${item.id}`,
      note: ['source: ICCAM', item.memo === null ? [] : `memo: ${item.memo.slice(0, 1_000)}`]
        .flat()
        .join('; '),
    })
    // Sent again after a crash it is the same tip, by its reference.
    const { id: tipId } = await tipDesk.take(HINDRA_ITSELF, tip)
    return store.transact(async (tx) => {
      if ((await entries.by.tip.find(tx, [tipId])) !== undefined) return false
      const clear = { contentId: item.id, reportedAt: item.reportedAt, tipId }
      entries.add(tx, { ...clear, noticeId: null, caseId: null }, { held: item, report: null })
      return true
    })
  }

  function find(item: Holding) {
    return async (tx: Parameters<Parameters<typeof store.transact>[0]>[0]) => {
      const byId = await entries.by.content.find(tx, [item.id])
      if (byId !== undefined || item.reference === null) return byId
      return entries.by.notice.find(tx, [item.reference])
    }
  }

  /** Whether what was handed over arrived, as what was read since shows. */
  async function prove(by: string, id: string, { shown }: QueuesShown): Promise<boolean> {
    return store.transact(async (tx) => {
      const row = await entries.need(tx, id)
      const act = row.sealed.acts.at(-1)
      if (row.clear.state !== 'unsure' || act === undefined) return false
      const item = row.clear.contentId === null ? undefined : shown.get(row.clear.contentId)
      switch (arrivalOf(act, item, home)) {
        case 'there':
          entries.change(
            tx,
            row,
            { state: 'live', failures: 0, notBefore: null },
            {
              acts: entries.ended(row, 'done'),
            },
          )
          if (act.kind === 'report' && row.clear.noticeId !== null) {
            await takedown.exports.claimTold(tx, by, row.clear.noticeId)
          }
          return true
        case 'not-there':
          entries.change(
            tx,
            row,
            { state: 'live' },
            { acts: entries.ended(row, 'dropped', act.why) },
          )
          return true
        case 'unknown':
          entries.change(tx, row, { state: 'asks' }, { acts: entries.ended(row, 'lost', LOST) })
          return true
      }
    })
  }

  async function* pages(state: IccamEntry['clear']['state']): AsyncIterable<readonly IccamEntry[]> {
    for (let after: string | undefined; ; ) {
      const from = after
      const rows = await store.transact(async (tx) => {
        const found: IccamEntry[] = []
        for await (const row of entries.by.state.rows(tx, [state], { after: from, limit: PAGE })) {
          found.push(row)
        }
        return found
      })
      yield rows
      if (rows.length < PAGE) return
      after = rows.at(-1)?.id
    }
  }

  return {
    pages,

    /** Throws what kept it from reading the queues whole: then nothing of it is taken. */
    async run(
      by: string,
      state: LineState,
    ): Promise<{ report: PullReport; cursor: string | null; night: string }> {
      const { from, night } = await start(state)
      const found = await read(from)
      const problems: string[] = []
      if (found.unreadable > 0) problems.push(`${found.unreadable} contents could not be read`)
      let tips = 0
      let cursor = state.cursor
      for (const item of found.shown.values()) {
        try {
          if (await take(item, found.waiting.has(item.id))) tips += 1
        } catch (error) {
          if (!(error instanceof HindraError)) throw error
          problems.push(`content ${item.id}: ${error.code}`)
        }
        if (cursor === null || item.reportedAt > cursor) cursor = item.reportedAt
      }
      let proven = 0
      for await (const rows of pages('unsure')) {
        for (const { id } of rows) if (await prove(by, id, found)) proven += 1
      }
      return { report: { shown: found.shown.size, tips, proven, problems }, cursor, night }
    },
  }
}

const LOST =
  'ICCAM does not show the content any more, or what others made of it since: nobody knows whether this arrived'

function back(time: string, days: number): string {
  return isoTime(Date.parse(time) - days * DAY_MS)
}
