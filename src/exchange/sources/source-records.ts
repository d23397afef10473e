import { isoTime, MINUTE_MS, type Random, own } from '../../core/index.ts'
import { HindraError, toHindraError } from '../../errors.ts'
import {
  Collection,
  type Context,
  keySpace,
  type Row,
  type Transaction,
} from '../../store/index.ts'
import { NOTHING } from '../report.ts'
import { PROTOCOL } from './protocols.ts'
import type {
  SourceCursor,
  NewSource,
  SourceFault,
  SourceView,
  VoteCounts,
  VotesView,
} from './source.ts'

const FRACTION_BYTES = 4
/** What fell due together does not fall due together again. */
const JITTER = 0.1

interface SourceClear
  extends Omit<
    SourceView,
    'list' | 'url' | 'credentials' | 'classes' | 'lastFault' | 'run' | 'votes' | 'checkpoint'
  > {
  /** The exchange has said that it is not to be asked before then. */
  readonly heldUntil: string | null
  /** Runs that came to their end. */
  readonly runs: number
  readonly faultCode: string | null
  /** How what goes back fares. */
  readonly votes: Pick<VotesView, 'failures' | 'nextAt'> & { readonly faultCode: string | null }
}

interface SourceSealed extends Pick<NewSource, 'url' | 'credentials' | 'classes'> {
  readonly checkpoint: SourceCursor
  readonly faultMessage: string | null
  readonly voteFaultMessage: string | null
}

/** Sources as they are kept: by the list that each fills; where they are and their keys are sealed. */
export type SourceRow = Row<SourceClear, SourceSealed>

export interface SourceChange {
  readonly clear?: Partial<SourceClear>
  readonly sealed?: Partial<SourceSealed>
}

export type SourceRecords = ReturnType<typeof createSourceRecords>

export function createSourceRecords({ sealer, clock, random, newId }: Context) {
  const sources = new Collection<SourceClear, SourceSealed>(keySpace('source'), sealer)
  const now = () => isoTime(clock.now())

  async function need(tx: Transaction, list: string): Promise<SourceRow> {
    const row = await sources.get(tx, list)
    if (row !== undefined) return row
    throw new HindraError('NOT_FOUND', { says: 'source-none', list }, { field: 'list' })
  }

  return {
    /** Throws CONFLICT where the list has a source. */
    async add(tx: Transaction, by: string, source: NewSource): Promise<SourceRow> {
      const { list, protocol, url, credentials, classes, intervalMinutes } = source
      if ((await sources.get(tx, list)) !== undefined) {
        throw new HindraError('CONFLICT', `the list ${list} has a source already`)
      }
      const clear: SourceClear = {
        id: newId(),
        protocol,
        intervalMinutes,
        state: 'active',
        createdBy: by,
        createdAt: now(),
        lastRunAt: null,
        lastSuccessAt: null,
        nextRunAt: now(),
        failures: 0,
        faultCode: null,
        counts: NOTHING,
        pages: 0,
        runs: 0,
        lastImport: null,
        heldUntil: null,
        votes: { failures: 0, nextAt: null, faultCode: null },
      }
      const sealed = { url, credentials, classes, checkpoint: beginningOf(protocol) }
      const row = {
        id: list,
        clear,
        sealed: { ...sealed, faultMessage: null, voteFaultMessage: null },
      }
      sources.put(tx, list, row.clear, row.sealed)
      return row
    },

    change(tx: Transaction, row: SourceRow, { clear, sealed }: SourceChange): SourceRow {
      const changed = {
        id: row.id,
        clear: { ...row.clear, ...clear },
        sealed: { ...row.sealed, ...sealed },
      }
      sources.put(tx, row.id, changed.clear, changed.sealed)
      return changed
    },

    need,
    get: (tx: Transaction, list: string) => sources.get(tx, list),
    remove(tx: Transaction, list: string): void {
      sources.delete(tx, list)
    },

    all: (tx: Transaction): Promise<readonly SourceRow[]> => sources.page(tx),

    /** Lists whose source's turn it is. */
    async due(tx: Transaction): Promise<readonly string[]> {
      const lists: string[] = []
      for await (const { id, clear } of sources.clearRows(tx)) {
        if (clear.state === 'active' && (clear.nextRunAt ?? '') <= now()) lists.push(id)
      }
      return lists
    },

    /** When it is asked next, after a run that went well. */
    next: (intervalMinutes: number) =>
      isoTime(clock.now() + intervalMinutes * MINUTE_MS * (1 - JITTER * fraction(random))),
  }
}

export function beginningOf(protocol: NewSource['protocol']): SourceCursor {
  return { since: PROTOCOL[protocol].beginning, page: null, caughtUpAt: null }
}

/** Whether what is said of its entries can go back to the exchange. */
export function takesVotes({ clear, sealed }: SourceRow): boolean {
  const { voting } = PROTOCOL[clear.protocol]
  return voting.credentials.every((name) => own(sealed.credentials, name) !== undefined)
}

export function toView(row: SourceRow, run: SourceView['run'], counts: VoteCounts): SourceView {
  const { id: list, clear, sealed } = row
  const { id, protocol, intervalMinutes, state, createdBy, createdAt } = clear
  const { lastRunAt, lastSuccessAt, nextRunAt, failures, faultCode, pages } = clear
  const { url, credentials, classes, faultMessage, checkpoint } = sealed
  const { since, caughtUpAt, page } = checkpoint
  return {
    id,
    list,
    protocol,
    url,
    classes,
    credentials: Object.keys(credentials),
    intervalMinutes,
    state,
    createdBy,
    createdAt,
    lastRunAt,
    lastSuccessAt,
    nextRunAt,
    failures,
    counts: clear.counts,
    pages,
    lastImport: clear.lastImport,
    run,
    checkpoint: { since, caughtUpAt, isWithin: page !== null },
    lastFault: told(faultCode, faultMessage),
    votes: takesVotes(row) ? votesView(row, counts) : null,
  }
}

function votesView({ clear, sealed }: SourceRow, counts: VoteCounts): VotesView {
  const { faultCode, ...votes } = clear.votes
  return { ...counts, ...votes, lastFault: told(faultCode, sealed.voteFaultMessage) }
}

function told(code: string | null, message: string | null): SourceFault | null {
  return code === null ? null : { code, message: message ?? '' }
}

/** What may be shown of what went wrong. */
export function faultOf(error: unknown): SourceFault {
  const { code, message } = toHindraError(error)
  // What is INTERNAL may quote anything.
  return { code, message: code === 'INTERNAL' ? 'a fault in Hindra' : message }
}

function fraction(random: Random): number {
  return Buffer.from(random.bytes(FRACTION_BYTES)).readUInt32BE() / 2 ** (8 * FRACTION_BYTES)
}
