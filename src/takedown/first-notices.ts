import type { Case, CaseHost, Cases } from '../cases/index.ts'
import type { Recipient, Router } from '../route/index.ts'
import type { Transaction } from '../store/index.ts'
import { addresseeOf } from './addressee.ts'
import type { StandingHolds } from './holds/standing-holds.ts'
import { HELD_FOR_APPROVAL, type QueueHold, type Outbox } from './outbox.ts'

export type FirstNotices = ReturnType<typeof createFirstNotices>

/** Puts into the outbox what the routing policy says that each recipient is told first. */
export function createFirstNotices(parts: {
  readonly outbox: Outbox
  readonly cases: Cases
  readonly router: Pick<Router, 'decide'>
  readonly standing: StandingHolds
}) {
  const { outbox, cases, router, standing } = parts

  /** Resolves to how many are new, whether anybody is told at all, and whom nobody can reach. */
  return async function queueFirst(
    tx: Transaction,
    by: string,
    entry: Case,
    host: CaseHost,
  ): Promise<{ queued: number; told: boolean; unreachable: readonly string[] }> {
    const known = await cases.hostOf(tx, entry.id)
    if (!isSameWay(host, known)) await cases.setHost(tx, by, entry.id, host)
    const decision = await router.decide(tx, by, entry, host)
    let queued = 0
    for (const recipient of decision.recipients) {
      const added = await outbox.add(tx, by, {
        caseId: entry.id,
        step: 'notice',
        round: entry.reopened,
        to: addresseeOf(inLine(entry, recipient), decision),
        hold: await holdOf(tx, entry, recipient),
      })
      if (added !== undefined) queued += 1
    }
    const { recipients, unreachable } = decision
    return { queued, told: recipients.length > 0, unreachable }
  }

  async function holdOf(
    tx: Transaction,
    entry: Case,
    { hold, needsApproval, role }: Recipient,
  ): Promise<QueueHold | null> {
    const held =
      hold === null
        ? await standing.on(tx, entry.id, entry.reopened, role)
        : await standing.begin(tx, entry, hold.timeoutHours)
    return held ?? (needsApproval ? HELD_FOR_APPROVAL : null)
  }
}

/** What was removed there before skips the queue: no cap and no hours of rest hold it. */
export function inLine({ reopened }: Case, recipient: Recipient): Recipient {
  return reopened > 0 ? { ...recipient, priority: 1 } : recipient
}

/** Told in the same way: what else a trace found anew is no reason to write it down again. */
function isSameWay(host: CaseHost, known: CaseHost | null): boolean {
  return known !== null && JSON.stringify(host.channel) === JSON.stringify(known.channel)
}
