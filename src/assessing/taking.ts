import type { Principal } from '../access/index.ts'
import type {
  AssignedKind,
  Assigned,
  Assignment,
  Assignments,
  Skip,
  OwnSkip,
} from '../assignments/index.ts'
import { type Case, type Cases, isLive } from '../cases/index.ts'
import { HindraError } from '../errors.ts'
import type { Tip, Tips } from '../intake/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { Errands } from '../takedown/index.ts'
import type { PanelDesk } from './panel-desk.ts'

/** Who works on what: tips and cases are taken, put back and handed over here. */
export interface Taking {
  /** Throws NOT_FOUND, ASSIGNED, CONFLICT where nothing is left to do there. */
  take(tx: Transaction, by: Principal, kind: AssignedKind, id: string): Promise<Assignment>
  /** Throws NOT_FOUND, CONFLICT where the person does not hold it. */
  putBack(tx: Transaction, by: Principal, kind: AssignedKind, id: string): Promise<void>
  /**
   * Leaves what one holds, or is offered, to others, at its place in the queue; resolves to all who have. What is urgent,
   * and what many have skipped, waits from then on for whoever gives it to somebody. Throws NOT_FOUND, CONFLICT where the
   * person neither holds it nor is offered it, or nothing is left to do.
   */
  skip(
    tx: Transaction,
    by: Principal,
    kind: AssignedKind,
    id: string,
    said: OwnSkip,
  ): Promise<readonly Skip[]>
  /**
   * Takes the first of the queue that nobody works on and the person has not skipped; fewer where there are fewer, or one
   * holds enough.
   */
  next(by: Principal, count: number): Promise<readonly Assigned<Tip>[]>
  /** Offers it to a colleague, or gives it to them at once. Throws NOT_FOUND, CONFLICT. */
  handOver(
    by: Principal,
    what: { readonly kind: AssignedKind; readonly id: string },
    to: string,
    atOnce: boolean,
  ): Promise<Assignment>
  /** Takes over what a colleague offers. Throws NOT_FOUND, CONFLICT. */
  accept(by: Principal, kind: AssignedKind, id: string): Promise<Assignment>
}

/** The errand that opens where others left it lying. */
const SKIPPED = { tip: 'skipped-tip', case: 'skipped-case' } as const

export function createTaking(parts: {
  readonly store: Store
  readonly assignments: Assignments
  readonly tips: Pick<Tips, 'read' | 'free' | 'workOn'>
  readonly cases: Pick<Cases, 'read'>
  readonly panels: Pick<PanelDesk, 'hasAssessed'>
  readonly takedown: { readonly errands: Pick<Errands, 'open' | 'close'> }
}): Taking {
  const { store, assignments, tips, cases, panels } = parts
  const { errands } = parts.takedown
  assignments.skips.follow((tx, kind, id) => {
    errands.close(tx, SKIPPED[kind], id)
  })

  /** What makes haste of it. Throws NOT_FOUND, CONFLICT where nothing is left to do. */
  async function workLeft(
    tx: Transaction,
    kind: AssignedKind,
    id: string,
  ): Promise<Pick<Tip, 'inDangerNow' | 'ownRequest'>> {
    if (kind === 'tip') {
      const tip = await tips.read(tx, id)
      if (tip.status !== 'new')
        throw new HindraError('CONFLICT', { says: 'tip-over', status: tip.status })
      return tip
    }
    const entry: Case = await cases.read(tx, id)
    if (isLive(entry.status)) return entry.circumstances
    throw new HindraError('CONFLICT', { says: 'case-over', status: entry.status })
  }

  async function take(tx: Transaction, by: Principal, kind: AssignedKind, id: string) {
    const { inDangerNow } = await workLeft(tx, kind, id)
    if (kind === 'tip') {
      const { url } = await tips.read(tx, id)
      // What is told in words is nobody else's work.
      if (url !== undefined) await tips.workOn(tx, by, url)
    }
    return assignments.take(tx, by, kind, id, inDangerNow)
  }

  return {
    take,
    putBack: (tx, by, kind, id) => assignments.putBack(tx, by, kind, id),
    async skip(tx, by, kind, id, said) {
      // Where a child asks, or is in danger now, nobody leaves it lying unseen.
      const { inDangerNow, ownRequest } = await workLeft(tx, kind, id)
      const isUrgent = inDangerNow || ownRequest === true
      const skips = await assignments.skip(tx, by, kind, id, said)
      if (isUrgent || assignments.skips.isTooMany(skips)) {
        const caseId = kind === 'case' ? id : null
        await errands.open(tx, by.id, { kind: SKIPPED[kind], about: id, caseId, isUrgent }, null)
      }
      return skips
    },
    next: (by, count) =>
      store.transact(async (tx) => {
        const wanted = Math.min(count, await assignments.room(tx, by))
        // What one has assessed waits for somebody else.
        const isOthers = async (tip: Tip) =>
          !(await panels.hasAssessed(tx, by, tip)) &&
          !(await assignments.skips.isSkippedBy(tx, by, 'tip', tip.id, tip.changes?.at(-1)?.at))
        const taken: Assigned<Tip>[] = []
        for (const tip of await tips.free(tx, by, wanted, isOthers)) {
          await take(tx, by, 'tip', tip.id)
          taken.push(await assignments.withHolder(tx, 'tip', tip))
        }
        return taken
      }),
    handOver: (by, { kind, id }, to, atOnce) =>
      store.transact(async (tx) => {
        const { inDangerNow: isUrgent } = await workLeft(tx, kind, id)
        // Somebody has seen to it that it is done.
        if (atOnce) errands.close(tx, SKIPPED[kind], id)
        return assignments.handOver(tx, by, { kind, id, isUrgent }, to, atOnce)
      }),
    accept: (by, kind, id) =>
      store.transact(async (tx) => {
        const { inDangerNow } = await workLeft(tx, kind, id)
        return assignments.accept(tx, by, kind, id, inDangerNow)
      }),
  }
}
