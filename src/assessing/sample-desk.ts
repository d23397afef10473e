import {
  allows,
  assertApart,
  type People,
  type Principal,
  requirePermission,
} from '../access/index.ts'
import {
  type Case,
  type Cases,
  type CaseTakeBack,
  isAnswerTo,
  type Sample,
  type SampleAnswer,
  type SampledKind,
  type SampleOutcome,
  type SampleState,
  type SampleWord,
} from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, isoTime, MINUTE_MS, type PageQuery } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Match } from '../match/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import type { Decisions } from './decisions.ts'

const PAGE_ROWS = 100
const SAME = 'a decision is decided again by other people than those who had a part in it'

/** What waits to be decided again, without what was decided, by whom, or when to the minute. */
export interface SampleView {
  readonly id: string
  readonly kind: SampledKind
  readonly url: string
  readonly pageUrl: string | null
  /** Whether one has it before them already. */
  readonly isTaken: boolean
  /** Since which hour it waits. */
  readonly since: string
  readonly hours: number
}

/** The same for who may take it. */
export interface SampleOffer extends SampleView {
  readonly state: 'free'
}

/** The same for who has it before them: what the decision stood on. */
export interface SampleDetail extends SampleView {
  readonly state: 'second'
  /** Of a match; none of what was assessed as new. */
  readonly matches: readonly Match[]
  /** Until when nobody else decides it. */
  readonly heldUntil: string | null
}

/** Two decisions that differ, for a third person: what each said, without who. */
export interface SampleDifference extends SampleView {
  readonly state: 'third'
  readonly caseId: string
  readonly first: Pick<SampleWord, 'said' | 'reason'>
  readonly second: Pick<SampleWord, 'said' | 'reason'>
}

/** What came of it, for who has just decided. */
export interface SampleResult {
  readonly id: string
  readonly state: SampleState
  readonly outcome: SampleOutcome | null
}

/** What a third person says of two decisions that differ. */
export interface SampleDecision {
  readonly outcome: SampleOutcome
  /** Corrected: why the case does not stand, where the first decision let it stand. */
  readonly takeBack?: CaseTakeBack
  readonly reason: string
}

/**
 * Where a decision is decided again by a person who is not shown what was decided. To who may not decide it a sample is
 * not there (NOT_FOUND): nobody learns by asking which cases were drawn.
 */
export interface SampleDesk {
  /** What this person may decide again, oldest first. */
  waiting(by: Principal, page: PageQuery): Promise<readonly SampleView[]>
  /** What waits for this person as the third, oldest first. */
  differing(by: Principal, page: PageQuery): Promise<readonly SampleDifference[]>
  /** What one has taken, may take, or may settle. Throws NOT_FOUND, ASSIGNED. */
  show(by: Principal, sampleId: string): Promise<SampleOffer | SampleDetail | SampleDifference>
  /** Nobody else decides it meanwhile; until one has decided, or left it, one is not shown the case. Throws NOT_FOUND, ASSIGNED. */
  take(by: Principal, sampleId: string): Promise<SampleDetail>
  /** Leaves it to others for good. Throws NOT_FOUND where one has not taken it. */
  leave(by: Principal, sampleId: string): Promise<void>
  /** Throws NOT_FOUND where one has not taken it, ASSIGNED, INVALID_INPUT for an answer to something else. */
  decide(
    by: Principal,
    sampleId: string,
    word: { readonly answer: SampleAnswer; readonly reason: string },
  ): Promise<SampleResult>
  /**
   * Settles two that differ. `corrected` does what corrects it in the same transaction: the case is taken back, or a
   * match that was rejected is accepted. Throws NOT_FOUND, INVALID_INPUT, FORBIDDEN, and as `Decisions`.
   */
  settle(by: Principal, sampleId: string, settlement: SampleDecision): Promise<SampleResult>
  /** The case of what one has taken. Throws NOT_FOUND. */
  caseOf(tx: Transaction, by: Principal, sampleId: string): Promise<Case>
  /** Cases that a person is not shown now, as they have before them what is to be decided again. */
  withheldFrom(by: Principal): Promise<readonly string[]>
  /** A record was shown to somebody: who saw a case since it was decided does not decide it again. */
  shown(tx: Transaction, by: Pick<Principal, 'id' | 'kind'>, recordId: string): Promise<void>
}

export function createSampleDesk(
  {
    store,
    clock,
    cases,
    access,
    takedown,
    config,
  }: Pick<Context, 'store' | 'clock'> & {
    readonly cases: Pick<Cases, 'samples' | 'read' | 'undo' | 'judgesOf' | 'assessmentsOf'>
    readonly access: Pick<People, 'behind' | 'addedBy'>
    readonly takedown: Pick<Takedown, 'releasersOf'>
    readonly config: { readonly assignments: Pick<Config['assignments'], 'minutes'> }
  },
  decisions: Pick<Decisions, 'decide' | 'takeBack'>,
): SampleDesk {
  const { samples } = cases
  const now = () => isoTime(clock.now())

  /** Who has it alone now. */
  function holderOf({ takers, heldUntil }: Sample): string | undefined {
    return heldUntil !== null && heldUntil > now() ? takers.at(-1) : undefined
  }

  function hasTaken({ id }: Principal, { state, takers, barred }: Sample): boolean {
    return state === 'second' && takers.includes(id) && !barred.includes(id)
  }

  async function mayDecide(tx: Transaction, by: Principal, sample: Sample): Promise<boolean> {
    const { state, kind, caseId, first, barred } = sample
    if (state !== 'second' || by.kind !== 'person' || !allows(by, 'case:decide')) return false
    if (kind === 'assessment' && !allows(by, 'assess')) return false
    if (!(await isApart(tx, by, [first]))) return false
    const acted = [
      ...barred,
      ...(await cases.judgesOf(tx, caseId)),
      ...(await cases.assessmentsOf(tx, caseId)).map((one) => one.by),
      ...(await takedown.releasersOf(tx, caseId)),
    ]
    for (const id of new Set(acted)) {
      if ((await access.behind(tx, id)).includes(by.id)) return false
    }
    return true
  }

  async function maySettle(tx: Transaction, by: Principal, sample: Sample): Promise<boolean> {
    const { state, first, second } = sample
    if (state !== 'third' || second === null) return false
    const isPerson = by.kind === 'person' && allows(by, 'case:close')
    return isPerson && isApart(tx, by, [first, second])
  }

  async function isApart(
    tx: Transaction,
    by: Principal,
    words: readonly SampleWord[],
  ): Promise<boolean> {
    try {
      for (const word of words) {
        await assertApart(tx, access, { first: word.by, second: by.id }, SAME)
      }
      return true
    } catch (error) {
      if (error instanceof HindraError && error.code === 'SAME_PERSON') return false
      throw error
    }
  }

  /** Throws NOT_FOUND, in the words of what is not there. */
  async function need(
    tx: Transaction,
    sampleId: string,
    isMeant: (sample: Sample) => boolean | Promise<boolean>,
  ): Promise<Sample> {
    const sample = await samples.read(tx, sampleId)
    if (await isMeant(sample)) return sample
    throw new HindraError('NOT_FOUND', `no sample has the id ${sampleId}`)
  }

  async function needTaken(tx: Transaction, by: Principal, sampleId: string): Promise<Sample> {
    return need(tx, sampleId, async (one) => hasTaken(by, one) && (await mayDecide(tx, by, one)))
  }

  function assertFree(by: Principal, sample: Sample): void {
    const holder = holderOf(sample)
    if (holder === undefined || holder === by.id) return
    throw new HindraError(
      'ASSIGNED',
      `somebody else has this before them until ${sample.heldUntil}`,
    )
  }

  async function view(tx: Transaction, by: Principal, sample: Sample): Promise<SampleView> {
    const { id, kind, caseId, drawnAt } = sample
    const { rawUrl, pageUrl } = await cases.read(tx, caseId)
    const drawnMs = Date.parse(drawnAt)
    const since = isoTime(drawnMs - (drawnMs % HOUR_MS))
    const hours = Math.floor((clock.now() - drawnMs) / HOUR_MS)
    const isTaken = hasTaken(by, sample)
    return { id, kind, url: rawUrl, pageUrl, isTaken, since, hours }
  }

  async function form(tx: Transaction, by: Principal, sample: Sample): Promise<SampleDetail> {
    const { matches } = await cases.read(tx, sample.caseId)
    const { heldUntil } = sample
    const stoodOn = sample.kind === 'match' ? matches : []
    return { ...(await view(tx, by, sample)), state: 'second', matches: stoodOn, heldUntil }
  }

  async function difference(
    tx: Transaction,
    by: Principal,
    sample: Sample,
  ): Promise<SampleDifference> {
    const { caseId, first, second } = sample
    if (second === null) throw new Error('two decisions differ where there are two')
    const wordOf = ({ said, reason }: SampleWord) => ({ said, reason })
    const both = { first: wordOf(first), second: wordOf(second) }
    return { ...(await view(tx, by, sample)), state: 'third', caseId, ...both }
  }

  /** A page of what somebody may do something with. */
  function listed<Shown>(
    by: Principal,
    state: 'second' | 'third',
    { after, limit = PAGE_ROWS }: PageQuery,
    isMeant: (tx: Transaction, sample: Sample) => Promise<boolean>,
    shownAs: (tx: Transaction, by: Principal, sample: Sample) => Promise<Shown>,
  ): Promise<readonly Shown[]> {
    return store.transact(async (tx) => {
      const found: Shown[] = []
      for await (const sample of samples.waiting(tx, state, after)) {
        if (found.length >= limit) break
        if (await isMeant(tx, sample)) found.push(await shownAs(tx, by, sample))
      }
      return found
    })
  }

  /** What corrects the first decision: each is an act of the third person, as any other of its kind. */
  async function correct(
    tx: Transaction,
    by: Principal,
    { caseId, first }: Sample,
    { takeBack, reason }: SampleDecision,
  ): Promise<void> {
    if (first.said !== 'rejected') {
      if (takeBack === undefined) {
        throw wrong('takeBack', 'takeBack: say why the case does not stand')
      }
      await decisions.takeBack(tx, by, caseId, takeBack, reason)
      return
    }
    if (takeBack !== undefined) {
      throw wrong('takeBack', 'takeBack: a match that was rejected has no case to take back')
    }
    requirePermission(by, 'case:decide')
    await cases.undo(tx, by.id, caseId, reason)
    await decisions.decide(tx, by, caseId, 'accepted', reason)
  }

  return {
    waiting: (by, page) =>
      listed(
        by,
        'second',
        page,
        async (tx, one) =>
          [undefined, by.id].includes(holderOf(one)) && (await mayDecide(tx, by, one)),
        view,
      ),

    differing: (by, page) =>
      listed(by, 'third', page, (tx, one) => maySettle(tx, by, one), difference),

    show: (by, sampleId) =>
      store.transact(async (tx) => {
        const sample = await need(
          tx,
          sampleId,
          async (one) =>
            hasTaken(by, one) || (await mayDecide(tx, by, one)) || (await maySettle(tx, by, one)),
        )
        if (sample.state === 'third') return difference(tx, by, sample)
        if (hasTaken(by, sample)) return form(tx, by, sample)
        assertFree(by, sample)
        return { ...(await view(tx, by, sample)), state: 'free' }
      }),

    take: (by, sampleId) =>
      store.transact(async (tx) => {
        const sample = await need(tx, sampleId, (one) => mayDecide(tx, by, one))
        assertFree(by, sample)
        const heldUntil = isoTime(clock.now() + config.assignments.minutes * MINUTE_MS)
        return form(tx, by, await samples.take(tx, by.id, sampleId, heldUntil))
      }),

    leave: (by, sampleId) =>
      store.transact(async (tx) => {
        await need(tx, sampleId, (one) => hasTaken(by, one))
        await samples.leave(tx, by.id, sampleId)
      }),

    decide: (by, sampleId, { answer, reason }) =>
      store.transact(async (tx) => {
        const sample = await needTaken(tx, by, sampleId)
        assertFree(by, sample)
        if (!isAnswerTo(sample.kind, answer)) {
          throw wrong('answer', `answer: ${answer} is no answer to a ${sample.kind}`)
        }
        return resultOf(await samples.give(tx, by.id, sampleId, { said: answer, reason }))
      }),

    settle: (by, sampleId, settlement) =>
      store.transact(async (tx) => {
        const { outcome, takeBack, reason } = settlement
        const sample = await need(tx, sampleId, (one) => maySettle(tx, by, one))
        if (outcome !== 'corrected' && takeBack !== undefined) {
          throw wrong('takeBack', 'takeBack: nothing is taken back unless it is corrected')
        }
        // Settled first: what corrects it would else be taken for a correction by somebody who knew nothing of it.
        const settled = await samples.settle(tx, by.id, sampleId, outcome, reason)
        if (outcome === 'corrected') await correct(tx, by, sample, settlement)
        return resultOf(settled)
      }),

    async caseOf(tx, by, sampleId) {
      return cases.read(tx, (await needTaken(tx, by, sampleId)).caseId)
    },

    withheldFrom: async ({ kind, id }) =>
      kind === 'person' ? store.read((reading) => samples.casesBefore(reading, id)) : [],

    async shown(tx, { kind, id }, recordId) {
      // What machines read all the time tells their owners nothing.
      if (kind === 'person') await samples.shown(tx, id, recordId)
    },
  }
}

function wrong(field: string, message: string): HindraError {
  return new HindraError('INVALID_INPUT', message, { field })
}

function resultOf({ id, state, outcome }: Sample): SampleResult {
  return { id, state, outcome }
}
