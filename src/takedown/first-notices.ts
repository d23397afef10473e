import type { Case, CaseHost, Cases } from '../cases/index.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import type { Recipient, Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import { addresseeOf } from './addressee.ts'
import { HELD_FOR_APPROVAL, type Hold, type Outbox } from './outbox.ts'

export type FirstNotices = ReturnType<typeof createFirstNotices>

/** Puts into the outbox what the routing policy says that each recipient is told first. */
export function createFirstNotices(
  { clock }: Pick<Context, 'clock'>,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly router: Pick<Router, 'decide'>
  },
) {
  const { outbox, cases, router } = parts

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
        to: addresseeOf(hasReturned(entry) ? { ...recipient, priority: 1 } : recipient, decision),
        hold: holdOf(recipient),
      })
      if (added !== undefined) queued += 1
    }
    const { recipients, unreachable } = decision
    return { queued, told: recipients.length > 0, unreachable }
  }

  function holdOf({ hold, needsApproval }: Recipient): Hold | null {
    if (hold === null) return needsApproval ? HELD_FOR_APPROVAL : null
    const heldUntil = isoTime(clock.now() + hold.timeoutHours * HOUR_MS)
    return { heldFor: 'police', heldUntil }
  }
}

/** It was removed there before, so it skips the queue: no cap and no hours of rest hold it. */
function hasReturned({ reopened }: Case): boolean {
  return reopened > 0
}

/** Told in the same way: what else a trace found anew is no reason to write it down again. */
function isSameWay(host: CaseHost, known: CaseHost | null): boolean {
  return known !== null && JSON.stringify(host.channel) === JSON.stringify(known.channel)
}
