import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import {
  type Context,
  keySpace,
  type ReadTransaction,
  KeptFacts,
  type Row,
  table,
  take,
  type Transaction,
} from '../store/index.ts'
import { isWaiting } from './panel.ts'
import type { Sample, SampleOutcome, SampleRule, SampleState, SampleWord } from './sample.ts'

const HUNDRED = 100
/** As much of a digest as a number holds exactly. */
const DRAWN_DIGITS = 13
const DIGIT_VALUES = 16
const MONTH_CHARS = '2026-11'.length
/** 64 bits: enough that no two rows are one. */
const ROW_CHARS = 16

type SampleClear = Pick<Sample, 'kind' | 'state' | 'caseId' | 'drawnAt' | 'endedAt' | 'outcome'>
type SampleSealed = Omit<Sample, 'id' | keyof SampleClear>
type SampleRow = Row<SampleClear, SampleSealed>

export const sampleTable = table<SampleClear, SampleSealed>(keySpace('sample')).with({
  by: {
    waiting: {
      keys: keySpace('sample-waiting'),
      at: ({ clear }) => isWaiting(clear) && [clear.state],
    },
    case: { keys: keySpace('sample-case'), at: ({ clear: { caseId } }) => [caseId] },
    /** Those that somebody has had before them and has not left, as long as nobody has decided again. */
    taker: {
      keys: keySpace('sample-taker'),
      atEach: ({ clear, sealed: { takers, barred } }) =>
        clear.state === 'second'
          ? takers.filter((one) => !barred.includes(one)).map((one) => [one])
          : [],
    },
  },
})

/** What of samples figures count. */
export interface SampleFacts {
  /** What tells it from others, and not which it is: an id would tell when it was drawn. */
  readonly row: string
  readonly drawnAt: string
  readonly state: SampleState
  readonly outcome: SampleOutcome | null
  /** Principal ids of those who decided. */
  readonly people: readonly string[]
}

/**
 * Decisions that another person decides again. That one was drawn is in no entry of the audit before somebody has it, and
 * which case it is of in none before it is over: so neither who decided finds it there, nor who decides again. Who may do
 * which is asked before.
 */
export interface Samples {
  /** Draws a decision that a person has just made, or does not: by the id of the case, so that to do it again is no other draw. */
  draw(
    tx: Transaction,
    decision: Pick<Sample, 'kind' | 'caseId'> & Pick<SampleWord, 'by' | 'said' | 'reason'>,
    rule: SampleRule,
  ): Promise<void>
  /** Throws NOT_FOUND. */
  read(tx: Transaction, sampleId: string): Promise<Sample>
  /** Those that wait for a second, or for a third person, the oldest first. */
  waiting(tx: Transaction, state: 'second' | 'third', after?: string): AsyncIterable<Sample>
  /** Cases of which somebody has before them what is to be decided again. */
  casesBefore(tx: ReadTransaction, by: string): Promise<readonly string[]>
  /** They have before them what it stood on. */
  take(tx: Transaction, by: string, sampleId: string, heldUntil: string): Promise<Sample>
  /** They leave it to others for good. */
  leave(tx: Transaction, by: string, sampleId: string): Promise<void>
  /** They were shown the case itself, and with it what was decided. */
  shown(tx: Transaction, by: string, caseId: string): Promise<void>
  /** What the second person says: it is over where the first said the same. */
  give(
    tx: Transaction,
    by: string,
    sampleId: string,
    word: Pick<SampleWord, 'said' | 'reason'>,
  ): Promise<Sample>
  /** What becomes of a decision with which the second person did not agree. */
  settle(
    tx: Transaction,
    by: string,
    sampleId: string,
    outcome: SampleOutcome,
    reason: string,
  ): Promise<Sample>
  /** The decision of a case does not stand any more: nobody decides it again, and where two differ it is corrected. */
  overtake(tx: Transaction, by: string, caseId: string): Promise<void>
  /**
   * All that were decided again, and of the others those of months (UTC) that are over: a count that rises in the moment of
   * a decision would tell whoever made it.
   */
  facts(tx: Transaction, tell: (one: SampleFacts) => void): Promise<void>
}

export function createSamples(
  { clock, newId, sealer }: Pick<Context, 'clock' | 'newId' | 'sealer'>,
  audit: Pick<Audit, 'append'>,
): Samples {
  const samples = sampleTable(sealer)
  const kept = new KeptFacts(samples, ({ id, clear, sealed }): SampleFacts => {
    const { drawnAt, state, outcome } = clear
    const people = [sealed.first, sealed.second].flatMap((word) => word?.by ?? [])
    return { row: rowOf(id), drawnAt, state, outcome, people }
  })
  const now = () => isoTime(clock.now())

  /** Evenly spread over all cases, and known to nobody who has not the key of the store. */
  function isDrawn({ kind, caseId }: Pick<Sample, 'kind' | 'caseId'>, ofHundred: number): boolean {
    const digits = sealer.digest('sample-draw', `${kind} ${caseId}`).slice(0, DRAWN_DIGITS)
    const place = Number.parseInt(digits, DIGIT_VALUES) / DIGIT_VALUES ** DRAWN_DIGITS
    return place * HUNDRED < ofHundred
  }

  function isOfBefore(time: string): boolean {
    return time.slice(0, MONTH_CHARS) < now().slice(0, MONTH_CHARS)
  }

  function rowOf(id: string): string {
    return sealer.digest('sample-row', id).slice(0, ROW_CHARS)
  }

  function change(
    tx: Transaction,
    row: SampleRow,
    clear: Partial<SampleClear>,
    sealed: Partial<SampleSealed> = {},
  ): Sample {
    const after = {
      ...row,
      clear: { ...row.clear, ...clear },
      sealed: { ...row.sealed, ...sealed },
    }
    samples.change(tx, row, after)
    return sampleOf(after)
  }

  async function waitingOf(tx: Transaction, caseId: string): Promise<readonly SampleRow[]> {
    const found = await take(samples.by.case.rows(tx, [caseId]))
    return found.filter(({ clear }) => isWaiting(clear))
  }

  function ended(
    tx: Transaction,
    by: string,
    row: SampleRow,
    outcome: SampleOutcome,
    why: { readonly reason?: string } = {},
  ): Sample {
    const after = change(tx, row, { state: 'decided', endedAt: now(), outcome })
    const detail = { case: row.clear.caseId, outcome, ...why }
    audit.append(tx, { by, action: 'sample.settle', subject: row.id, detail })
    return after
  }

  return {
    async draw(tx, { kind, caseId, by, said, reason }, rule) {
      // What was decided before, of an earlier round, does not stand any more.
      for (const row of await waitingOf(tx, caseId)) {
        if (row.clear.state === 'second') change(tx, row, { state: 'overtaken', endedAt: now() })
      }
      if (!isDrawn({ kind, caseId }, rule.ofHundred)) return
      const at = now()
      samples.add(tx, {
        id: newId(),
        clear: { kind, caseId, state: 'second', drawnAt: at, endedAt: null, outcome: null },
        sealed: {
          version: rule.version,
          first: { by, at, said, reason },
          second: null,
          takers: [],
          barred: [],
          heldUntil: null,
        },
      })
    },

    read: async (tx, sampleId) => sampleOf(await samples.need(tx, sampleId)),

    async *waiting(tx, state, after) {
      for await (const row of samples.by.waiting.rows(tx, [state], { after })) yield sampleOf(row)
    },

    async casesBefore(tx, by) {
      const found = await take(samples.by.taker.rows(tx, [by]))
      return found.map(({ clear }) => clear.caseId)
    },

    async take(tx, by, sampleId, heldUntil) {
      const row = await samples.need(tx, sampleId)
      const isNew = row.sealed.takers.at(-1) !== by
      if (isNew) audit.append(tx, { by, action: 'sample.take', subject: sampleId, detail: {} })
      const takers = [...row.sealed.takers.filter((one) => one !== by), by]
      return change(tx, row, {}, { takers, heldUntil })
    },

    async leave(tx, by, sampleId) {
      const row = await samples.need(tx, sampleId)
      audit.append(tx, { by, action: 'sample.leave', subject: sampleId, detail: {} })
      const isLast = row.sealed.takers.at(-1) === by
      const heldUntil = isLast ? null : row.sealed.heldUntil
      change(tx, row, {}, { barred: [...row.sealed.barred, by], heldUntil })
    },

    async shown(tx, by, caseId) {
      for (const row of await waitingOf(tx, caseId)) {
        const { first, barred } = row.sealed
        if (row.clear.state !== 'second' || first.by === by || barred.includes(by)) continue
        change(tx, row, {}, { barred: [...barred, by] })
      }
    },

    async give(tx, by, sampleId, { said, reason }) {
      const row = await samples.need(tx, sampleId)
      const second = { by, at: now(), said, reason }
      const isAgreed = said === row.sealed.first.said
      const detail = isAgreed ? { state: 'agreed', case: row.clear.caseId } : { state: 'third' }
      audit.append(tx, { by, action: 'sample.give', subject: sampleId, detail })
      const clear = isAgreed
        ? ({ state: 'agreed', endedAt: second.at } as const)
        : ({ state: 'third' } as const)
      return change(tx, row, clear, { second, heldUntil: null })
    },

    async settle(tx, by, sampleId, outcome, reason) {
      return ended(tx, by, await samples.need(tx, sampleId), outcome, { reason })
    },

    async overtake(tx, by, caseId) {
      for (const row of await waitingOf(tx, caseId)) {
        if (row.clear.state === 'third') ended(tx, by, row, 'corrected')
        else change(tx, row, { state: 'overtaken', endedAt: now() })
      }
    },

    facts: (tx, tell) =>
      kept.each(tx, (one) => {
        const isUntold = one.state === 'second' || one.state === 'overtaken'
        if (!isUntold || isOfBefore(one.drawnAt)) tell(one)
      }),
  }
}

function sampleOf({ id, clear, sealed }: SampleRow): Sample {
  return { id, ...clear, ...sealed }
}
