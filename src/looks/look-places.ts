import type { Principal } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { SampleDesk } from '../assessing/index.ts'
import { type Case, type Cases, isAtWork, isResting } from '../cases/index.ts'
import { HindraError } from '../errors.ts'
import type { Tips } from '../intake/index.ts'
import type { MediaPlace } from '../recheck/index.ts'
import type { Transaction } from '../store/index.ts'
import type { LookRecordKind } from './terms.ts'

/** The cases and tips whose URLs people look at: nobody names a URL. */
export interface LookPlaces {
  /** Where the record's media is, and the case that says what it was found by. Throws NOT_FOUND, INVALID_INPUT. */
  place(
    tx: Transaction,
    by: Principal,
    of: LookRecordKind,
    id: string,
  ): Promise<{ readonly place: MediaPlace; readonly entry?: Case }>
  /**
   * Somebody works on it with this look: it stays theirs, and nobody else looks meanwhile. Throws NOT_FOUND,
   * CASE_STATE, CONFLICT, ASSIGNED.
   */
  workOn(tx: Transaction, by: Principal, of: LookRecordKind, id: string): Promise<void>
}

export function createLookPlaces({
  cases,
  tips,
  sampleDesk,
  assignments,
}: {
  readonly cases: Pick<Cases, 'read'>
  readonly tips: Pick<Tips, 'read' | 'workOn'>
  readonly sampleDesk: Pick<SampleDesk, 'caseOf'>
  readonly assignments: Pick<Assignments, 'workOn'>
}): LookPlaces {
  return {
    async place(tx, by, of, id) {
      if (of !== 'tip') {
        const isSample = of === 'sample'
        const entry = isSample ? await sampleDesk.caseOf(tx, by, id) : await cases.read(tx, id)
        return { place: entry, entry }
      }
      const { url, pageUrl = null } = await tips.read(tx, id)
      if (url === undefined) {
        throw new HindraError('INVALID_INPUT', { says: 'tip-without-url' }, { field: 'id' })
      }
      return { place: { rawUrl: url, pageUrl, observations: [] } }
    },

    async workOn(tx, by, of, id) {
      // Of a sample nothing is refused for what became of its case: that would tell what was decided.
      if (of === 'sample') return
      if (of === 'case') {
        const { status } = await cases.read(tx, id)
        if (!isAtWork(status) && !isResting(status)) {
          throw new HindraError('CASE_STATE', { says: 'case-not-looked-at', status })
        }
        await assignments.workOn(tx, by, 'case', id)
        return
      }
      const { status, url } = await tips.read(tx, id)
      if (status !== 'new') {
        throw new HindraError('CONFLICT', { says: 'tip-not-looked-at', status })
      }
      if (url !== undefined) await tips.workOn(tx, by, url)
    },
  }
}
