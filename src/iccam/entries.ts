import { isoTime } from '../core/index.ts'
import { type Context, keySpace, type Row, table, type Transaction } from '../store/index.ts'
import type { Holding, Hosting } from './content.ts'
import type { ActionName, ClassName, EntryState } from './terms.ts'

/** What is said of a content, in our words. */
export type Saying =
  | { readonly kind: 'report' }
  | { readonly kind: 'assessment'; readonly value: ClassName }
  | { readonly kind: 'hosting'; readonly value: Hosting }
  | { readonly kind: 'assigned-country'; readonly value: string }
  | { readonly kind: 'reference'; readonly value: string }
  | { readonly kind: 'action'; readonly value: ActionName; readonly hosting?: Hosting }

/**
 * `sending`: handed over, and nobody knows yet whether it arrived. `done`: ICCAM took it, or shows it. `refused`: a
 * person decides. `lost`: ICCAM no longer shows the content, so nobody knows; a person decides. `dropped`: it never
 * arrived. `left`: a person decided that it is not said.
 */
export type ActState = 'sending' | 'done' | 'refused' | 'lost' | 'dropped' | 'left'

/** One act, from its first handing over. */
export type Spoken = Saying & {
  readonly state: ActState
  readonly at: string
  /** Why it was refused, or what kept it; null where nothing did. */
  readonly why: string | null
}

/** What our report says, as it stood when it was handed over. */
export interface ReportFacts {
  readonly url: string
  readonly pageUrl: string | null
  readonly hosting: Hosting
  readonly classification: ClassName
  readonly analyst: string
  readonly receivedAt: string
}

export interface IccamEntryClear {
  /** ICCAM's id; null of a report that has not arrived. */
  readonly contentId: string | null
  /** When ICCAM, or we, heard of it: reading back begins a day before. */
  readonly reportedAt: string
  /** The notice that is our report of it; null of what others reported. */
  readonly noticeId: string | null
  /** The case of that notice; of what others reported the tip knows the cases. */
  readonly caseId: string | null
  readonly tipId: string | null
  readonly state: EntryState
  /** Nothing is sent before. */
  readonly notBefore: string | null
  readonly failures: number
}

interface EntrySealed {
  /** What ICCAM holds, as it showed it last and as we have changed it since; null of a report on its way. */
  readonly held: Holding | null
  readonly report: ReportFacts | null
  readonly acts: readonly Spoken[]
}

export type IccamEntry = Row<IccamEntryClear, EntrySealed>

const entryTable = table<IccamEntryClear, EntrySealed>(keySpace('iccam')).with({
  by: {
    content: {
      keys: keySpace('iccam-content'),
      at: ({ clear }) => clear.contentId !== null && [clear.contentId],
      unique: true,
    },
    notice: {
      keys: keySpace('iccam-notice'),
      at: ({ clear }) => clear.noticeId !== null && [clear.noticeId],
      unique: true,
    },
    tip: {
      keys: keySpace('iccam-tip'),
      at: ({ clear }) => clear.tipId !== null && [clear.tipId],
      unique: true,
    },
    case: {
      keys: keySpace('iccam-case'),
      at: ({ clear }) => clear.caseId !== null && [clear.caseId],
    },
    state: { keys: keySpace('iccam-state'), at: ({ clear }) => [clear.state] },
  },
  counts: {
    state: { keys: keySpace('iccam-count'), at: ({ clear }) => [clear.state] },
  },
})

export type Entries = ReturnType<typeof createEntries>

/** What ICCAM and we have in common: a record a content, with all that was said of it. */
export function createEntries({ sealer, clock, newId }: Context) {
  const entries = entryTable(sealer)

  return {
    get: entries.get.bind(entries),
    /** Throws NOT_FOUND. */
    need: entries.need.bind(entries),
    page: entries.page.bind(entries),
    by: entries.by,
    counts: entries.counts,
    remove: entries.remove.bind(entries),

    add(
      tx: Transaction,
      clear: Pick<IccamEntryClear, 'contentId' | 'reportedAt' | 'noticeId' | 'caseId' | 'tipId'>,
      sealed: Pick<EntrySealed, 'held' | 'report'>,
    ): IccamEntry {
      const row: IccamEntry = {
        id: newId(),
        clear: { ...clear, state: 'live', notBefore: null, failures: 0 },
        sealed: { ...sealed, acts: [] },
      }
      entries.add(tx, row)
      return row
    },

    change(
      tx: Transaction,
      row: IccamEntry,
      clear: Partial<IccamEntryClear>,
      sealed: Partial<EntrySealed> = {},
    ): IccamEntry {
      const after = {
        id: row.id,
        clear: { ...row.clear, ...clear },
        sealed: { ...row.sealed, ...sealed },
      }
      entries.change(tx, row, after)
      return after
    },

    /** The acts with one more that is handed over now. */
    begun: (row: IccamEntry, saying: Saying): readonly Spoken[] => [
      ...row.sealed.acts,
      { ...saying, state: 'sending', at: isoTime(clock.now()), why: null },
    ],

    /** The acts with what became of the last one. */
    ended: (row: IccamEntry, state: ActState, why: string | null = null): readonly Spoken[] =>
      row.sealed.acts.map((act, index, all) =>
        index === all.length - 1 ? { ...act, state, at: isoTime(clock.now()), why } : act,
      ),
  }
}
