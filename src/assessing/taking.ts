import type { Principal } from '../access/index.ts'
import type { AssignedKind, Assigned, Assignment, Assignments } from '../assignments/index.ts'
import { type Case, type Cases, isLive } from '../cases/index.ts'
import { HindraError } from '../errors.ts'
import type { Tip, Tips } from '../intake/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { PanelDesk } from './panel-desk.ts'

/** Who works on what: tips and cases are taken, put back and handed over here. */
export interface Taking {
  /** Throws NOT_FOUND, ASSIGNED, CONFLICT where nothing is left to do there. */
  take(tx: Transaction, by: Principal, kind: AssignedKind, id: string): Promise<Assignment>
  /** Throws NOT_FOUND, CONFLICT where the person does not hold it. */
  putBack(tx: Transaction, by: Principal, kind: AssignedKind, id: string): Promise<void>
  /** Takes the first of the queue that nobody works on; fewer where there are fewer, or one holds enough. */
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

export function createTaking(parts: {
  readonly store: Store
  readonly assignments: Assignments
  readonly tips: Pick<Tips, 'read' | 'free' | 'workOn'>
  readonly cases: Pick<Cases, 'read'>
  readonly panels: Pick<PanelDesk, 'hasAssessed'>
}): Taking {
  const { store, assignments, tips, cases, panels } = parts

  /** Whether it is urgent. Throws NOT_FOUND, CONFLICT where nothing is left to do. */
  async function workLeft(tx: Transaction, kind: AssignedKind, id: string): Promise<boolean> {
    if (kind === 'tip') {
      const tip = await tips.read(tx, id)
      if (tip.status !== 'new')
        throw new HindraError('CONFLICT', `the tip is ${tip.status} already`)
      return tip.inDangerNow
    }
    const entry: Case = await cases.read(tx, id)
    if (isLive(entry.status)) return entry.circumstances.inDangerNow
    throw new HindraError('CONFLICT', `the case is ${entry.status}: nothing is left to do`)
  }

  async function take(tx: Transaction, by: Principal, kind: AssignedKind, id: string) {
    const isUrgent = await workLeft(tx, kind, id)
    if (kind === 'tip') {
      const { url } = await tips.read(tx, id)
      // What is told in words is nobody else's work.
      if (url !== undefined) await tips.workOn(tx, by, url)
    }
    return assignments.take(tx, by, kind, id, isUrgent)
  }

  return {
    take,
    putBack: (tx, by, kind, id) => assignments.putBack(tx, by, kind, id),
    next: (by, count) =>
      store.transact(async (tx) => {
        const wanted = Math.min(count, await assignments.room(tx, by))
        // What one has assessed waits for somebody else.
        const isOthers = async (tip: Tip) => !(await panels.hasAssessed(tx, by, tip))
        const taken: Assigned<Tip>[] = []
        for (const tip of await tips.free(tx, by, wanted, isOthers)) {
          taken.push({ ...tip, assignment: await take(tx, by, 'tip', tip.id) })
        }
        return taken
      }),
    handOver: (by, { kind, id }, to, atOnce) =>
      store.transact(async (tx) => {
        const isUrgent = await workLeft(tx, kind, id)
        return assignments.handOver(tx, by, { kind, id, isUrgent }, to, atOnce)
      }),
    accept: (by, kind, id) =>
      store.transact(async (tx) =>
        assignments.accept(tx, by, kind, id, await workLeft(tx, kind, id)),
      ),
  }
}
