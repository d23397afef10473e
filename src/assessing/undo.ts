import type { Principal } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { Case, Cases, LastAct } from '../cases/index.ts'
import { HindraError } from '../errors.ts'
import type { Tips } from '../intake/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'

/**
 * What keeps an act from being taken back. `nothing`: the case stands on no act of a person, or on another by now.
 * `colleague`: it was another person's. `left`: a letter is on its way or with its recipient. `called`: a child is in
 * danger, and whoever has duty was called. `built-on`: another person let a notice go. `iccam`: ICCAM has heard it.
 */
type UndoBar = 'nothing' | 'colleague' | 'left' | 'called' | 'built-on' | 'iccam'

/** Whether what a person said of a case can be taken back by whoever asks, as of now. */
export interface UndoView {
  readonly caseId: string
  /** What was said last; null where the case stands on something else. */
  readonly act: LastAct['as'] | null
  /** Null where it can be. */
  readonly bar: UndoBar | null
}

/** Whether ICCAM has heard, or may have, what this house thinks of a case with these tips. */
export type IccamHeard = (
  tx: Transaction,
  caseId: string,
  tipIds: readonly string[],
) => Promise<boolean>

/**
 * An act is as if it had not been done, as long as nothing of it has left the house and nobody else has built on it: no
 * time of seconds runs. That is asked in the transaction that takes it back, as what sends asks it of the case.
 */
export interface Undo {
  /** Throws NOT_FOUND. */
  ofCase(by: Principal, caseId: string): Promise<UndoView>
  /**
   * A match that was decided waits again, and what was assessed is closed, with its tips back in the queue; what was to
   * be sent is not. Throws NOT_FOUND, ASSIGNED, UNDO_BARRED, INVALID_INPUT.
   */
  undoCase(by: Principal, caseId: string, reason: string): Promise<Case>
}

export function createUndo({
  store,
  cases,
  tips,
  takedown,
  assignments,
  iccamHeard,
}: {
  readonly store: Store
  readonly cases: Pick<Cases, 'read' | 'lastAct' | 'undo' | 'assessmentsOf' | 'samples'>
  readonly tips: Pick<Tips, 'reopenOf'>
  readonly takedown: Pick<Takedown, 'hasLeft' | 'releasersOf' | 'withdrawForCase'>
  readonly assignments: Pick<Assignments, 'workOn'>
  readonly iccamHeard: IccamHeard
}): Undo {
  async function look(tx: Transaction, by: Principal, caseId: string): Promise<UndoView> {
    const entry = await cases.read(tx, caseId)
    const last = await cases.lastAct(tx, caseId)
    if (last === null) return { caseId, act: null, bar: 'nothing' }
    return { caseId, act: last.as, bar: await barOf(tx, by, entry, last) }
  }

  async function barOf(
    tx: Transaction,
    by: Principal,
    entry: Case,
    last: LastAct,
  ): Promise<UndoBar | null> {
    if (last.by !== by.id) return 'colleague'
    if (await takedown.hasLeft(tx, entry.id, entry.reopened)) return 'left'
    if (last.as === 'assessed' && entry.circumstances.inDangerNow) return 'called'
    if (await iccamHeard(tx, entry.id, await tipsOf(tx, entry.id))) return 'iccam'
    const releasers = await takedown.releasersOf(tx, entry.id)
    return releasers.some((one) => one !== by.id) ? 'built-on' : null
  }

  async function tipsOf(tx: Transaction, caseId: string): Promise<readonly string[]> {
    const assessed = await cases.assessmentsOf(tx, caseId)
    return assessed.flatMap(({ tipId }) => tipId ?? [])
  }

  return {
    ofCase: (by, caseId) => store.transact((tx) => look(tx, by, caseId)),
    undoCase: (by, caseId, reason) =>
      store.transact(async (tx) => {
        await assignments.workOn(tx, by, 'case', caseId)
        const { act, bar } = await look(tx, by, caseId)
        if (bar !== null) throw new HindraError('UNDO_BARRED', { says: `undo-${bar}` })
        await takedown.withdrawForCase(tx, by.id, caseId)
        await cases.samples.overtake(tx, by.id, caseId)
        const entry = await cases.undo(tx, by.id, caseId, reason)
        if (act === 'assessed') {
          const tipIds = await tipsOf(tx, caseId)
          await tips.reopenOf(tx, by, { caseId, url: entry.rawUrl, tipIds }, reason)
        }
        return entry
      }),
  }
}
