import type { Principal } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { Case, Cases, CaseTakeBack, LookAnswer } from '../cases/index.ts'
import type { Recheck } from '../recheck/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import type { BlindSamples } from './blind-samples.ts'

/**
 * A person's word on a case, and what it does to what was sent, or would be. Each throws ASSIGNED where a colleague
 * works on the case.
 */
export interface Decisions {
  /** Accepts or rejects a match of the review band; settles what waited because the rule of matching changed. */
  decide(
    tx: Transaction,
    by: Principal,
    caseId: string,
    decision: 'accepted' | 'rejected',
    reason: string,
  ): Promise<Case>
  /** The case never stood: whoever was told of it is told so. Throws NOT_FOUND, CASE_STATE, INVALID_INPUT. */
  takeBack(
    tx: Transaction,
    by: Principal,
    caseId: string,
    why: CaseTakeBack,
    reason: string,
  ): Promise<Case>
  /** @param takeBack Why it never stood: whoever was told of it is told so */
  close(by: Principal, caseId: string, reason: string, takeBack?: CaseTakeBack): Promise<Case>
  /** What another rule of matching confirmed does not stand: whoever was told is told so. Throws NOT_FOUND. */
  acceptRejudgement(by: Principal, caseId: string, why: CaseTakeBack, reason: string): Promise<Case>
  /** A person looked, and it stands. Throws as `acceptRejudgement`. */
  dismissRejudgement(by: Principal, caseId: string, reason: string): Promise<Case>
  /** A person looked at what looks could not tell. Throws as `Recheck.answer`. */
  answerLook(by: Principal, caseId: string, given: LookAnswer, reason: string): Promise<Case>
}

export function createDecisions({
  store,
  cases,
  takedown,
  assignments,
  recheck,
  blindSamples,
}: {
  readonly store: Store
  readonly cases: Cases
  readonly takedown: Pick<Takedown, 'withdrawForCase' | 'correctForCase'>
  readonly assignments: Pick<Assignments, 'workOn' | 'end' | 'skips'>
  readonly recheck: Pick<Recheck, 'answer'>
  readonly blindSamples: BlindSamples
}): Decisions {
  /** What has not left yet does not leave, and whoever was told is told otherwise. */
  async function correct(tx: Transaction, by: Principal, caseId: string): Promise<void> {
    await cases.samples.overtake(tx, by.id, caseId)
    await takedown.withdrawForCase(tx, by.id, caseId)
    takedown.correctForCase(tx, caseId)
  }

  async function takeBack(
    tx: Transaction,
    by: Principal,
    caseId: string,
    why: CaseTakeBack,
    reason: string,
  ): Promise<Case> {
    await assignments.workOn(tx, by, 'case', caseId)
    await assignments.end(tx, 'case', caseId)
    await correct(tx, by, caseId)
    return cases.takeBack(tx, by.id, caseId, why, reason)
  }

  async function accept(
    tx: Transaction,
    by: Principal,
    caseId: string,
    why: CaseTakeBack,
    reason: string,
  ): Promise<Case> {
    await correct(tx, by, caseId)
    return cases.acceptRejudgement(tx, by.id, caseId, why, reason)
  }

  /** One act of a person on a case. */
  function act(
    by: Principal,
    caseId: string,
    work: (tx: Transaction) => Promise<Case>,
  ): Promise<Case> {
    return store.transact(async (tx) => {
      await assignments.workOn(tx, by, 'case', caseId)
      return work(tx)
    })
  }

  return {
    async decide(tx, by, caseId, decision, reason) {
      await assignments.workOn(tx, by, 'case', caseId)
      // Somebody has decided: whoever left it to others need not be known any more.
      await assignments.skips.end(tx, 'case', caseId)
      if (!(await cases.isRejudged(tx, caseId))) {
        const decided = await cases.decide(tx, by.id, caseId, decision, reason)
        const drawn = { kind: 'match', caseId, by: by.id, said: decision, reason } as const
        await cases.samples.draw(tx, drawn, blindSamples.match)
        return decided
      }
      return decision === 'accepted'
        ? cases.dismissRejudgement(tx, by.id, caseId, reason)
        : accept(tx, by, caseId, 'not-the-same', reason)
    },
    takeBack,
    close: (by, caseId, reason, why) =>
      act(by, caseId, async (tx) => {
        if (why !== undefined) return takeBack(tx, by, caseId, why, reason)
        await assignments.end(tx, 'case', caseId)
        await takedown.withdrawForCase(tx, by.id, caseId)
        return cases.close(tx, by.id, caseId, reason)
      }),
    acceptRejudgement: (by, caseId, why, reason) =>
      act(by, caseId, (tx) => accept(tx, by, caseId, why, reason)),
    dismissRejudgement: (by, caseId, reason) =>
      act(by, caseId, (tx) => cases.dismissRejudgement(tx, by.id, caseId, reason)),
    answerLook: (by, caseId, given, reason) =>
      act(by, caseId, (tx) => recheck.answer(tx, by.id, caseId, given, reason)),
  }
}
