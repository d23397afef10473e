import type { Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import {
  type Context,
  dueBelow,
  type Key,
  keySpace,
  type Page,
  sumOfPages,
  type Transaction,
} from '../store/index.ts'
import type { Carriers } from './carriers.ts'
import type { NoticeRow, Outbox } from './outbox.ts'
import { isAfterword } from './notice.ts'

/** Notices whose recipient is to hear of the removal, by when that is looked at. */
const DUE = keySpace('notice-removal')
const LOOK_HOURS = 1
const PAGE = 100

export type Removals = ReturnType<typeof createRemovals>

/**
 * Whoever was told of a case closes its own when it is told that the material is gone: a hotline by file, others by
 * a letter, as far as `takedown.tellGone` names them. Where it comes back, a notice of the new round tells that.
 */
export function createRemovals(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly carriers: Pick<Carriers, 'carries'>
    readonly settings: Pick<Config['takedown'], 'tellGone'>
  },
) {
  const { outbox, cases, carriers, settings } = parts

  return {
    /** A notice has gone out. */
    sent(tx: Transaction, row: NoticeRow): void {
      if (isToBeTold(row)) lookLater(tx, row.id)
    },

    /** Queues what is to be told of removals; resolves to how many. */
    queueDue(by: string): Promise<number> {
      const until = isoTime(clock.now())
      return sumOfPages<Key>(store, (tx, after) => queuePage(tx, by, until, after))
    },
  }

  /** Whether it is told, once and by machine alone: to thank nobody need pick up the telephone. */
  function isToBeTold({ clear: { channel, step, role }, sealed }: NoticeRow): boolean {
    if (isAfterword(step) || step === 'reminder') return false
    if (channel === 'iccam-export') return step === 'notice'
    return settings.tellGone.includes(role) && carriers.carries(sealed.to, 'removed')
  }

  async function queuePage(
    tx: Transaction,
    by: string,
    until: string,
    after: Key | undefined,
  ): Promise<Page<number, Key>> {
    const due = await dueBelow(tx, DUE(), until, { after, limit: PAGE })
    let found = 0
    for (const { id, key } of due) {
      tx.delete(key)
      if (await look(tx, by, id)) found += 1
    }
    return { found, last: due.length < PAGE ? undefined : due.at(-1)?.key }
  }

  async function look(tx: Transaction, by: string, id: string): Promise<boolean> {
    const row = await outbox.get(tx, id)
    // Erased since.
    if (row === undefined) return false
    const { caseId, round } = row.clear
    const { status, reopened } = await cases.read(tx, caseId)
    if (reopened !== round) return false
    if (status !== 'removed') {
      if (['open', 'in-progress', 'disputed'].includes(status)) lookLater(tx, id)
      return false
    }
    const wanted = { caseId, round, step: 'removed', to: row.sealed.to, remindsOf: id } as const
    return (await outbox.add(tx, by, wanted)) !== undefined
  }

  function lookLater(tx: Transaction, id: string): void {
    tx.put(DUE(isoTime(clock.now() + LOOK_HOURS * HOUR_MS), id), new Uint8Array())
  }
}
