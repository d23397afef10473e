import type { Cases } from '../../cases/index.ts'
import { CHANNELS } from '../../channels/index.ts'
import type { Confidence, ContactKey } from '../../confidence/index.ts'
import type { Context, Transaction } from '../../store/index.ts'
import type { Carriers } from '../carriers.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
import type { Errands } from './errands.ts'

/**
 * Finds what waits for a person by looking at what there is, so that it does not matter by which way it came to wait: a
 * policy, a hold that ended, a setting. Looking again finds what a crash kept from being said.
 */
export function createErrandLook(
  { store, sealer, clock }: Context,
  parts: {
    readonly outbox: Outbox
    readonly cases: Pick<Cases, 'read'>
    readonly carriers: Pick<Carriers, 'carries'>
    readonly errands: Errands
    readonly confidence: Confidence
    readonly stopped: () => Promise<boolean>
    /** Whether files for bodies that fetch them are written without a person. */
    readonly areFilesWritten: boolean
    /** Whether first notices to hotlines leave by a line to ICCAM. */
    readonly hasLine: boolean
  },
) {
  const { outbox, cases, carriers, errands, confidence, stopped } = parts

  return async function look(by: string): Promise<void> {
    await keys(by)
    await replies()
    if (!(await stopped())) await notices(by)
  }

  async function notices(by: string): Promise<void> {
    const known = new Set((await errands.openOf('notice')).map(({ about }) => about))
    for await (const { id, clear, sealed } of outbox.queued()) {
      if (known.has(id) || !isForPerson({ clear, sealed })) continue
      await store.transact(async (tx) => {
        const row = await outbox.get(tx, id)
        if (row?.clear.state !== 'queued' || !isForPerson(row)) return
        const { caseId, step } = row.clear
        const isUrgent = row.sealed.to.priority === 1
        const notice = { id, step, times: 1 }
        const errand = { kind: 'notice', about: id, caseId, isUrgent } as const
        await errands.open(tx, by, errand, { kind: 'by-hand', notice })
      })
    }
  }

  /** What no machine sends, and no machine writes a file of. */
  function isForPerson({ clear: { step }, sealed: { to } }: Omit<NoticeRow, 'id'>): boolean {
    if (carriers.carries(to, step)) return false
    const { kind } = to.channel
    if (CHANNELS[kind].leaves !== 'file') return true
    const isOfLine = parts.hasLine && kind === 'iccam-export' && step === 'notice'
    return !isOfLine && !parts.areFilesWritten
  }

  /** A reply about what is over need not be read. */
  async function replies(): Promise<void> {
    for (const { about, caseId } of await errands.openOf('reply')) {
      await store.transact(async (tx) => {
        if (caseId === null || !(await isPursued(tx, caseId))) errands.close(tx, 'reply', about)
      })
    }
  }

  async function isPursued(tx: Transaction, caseId: string): Promise<boolean> {
    const { status } = await cases.read(tx, caseId)
    return ['open', 'in-progress', 'disputed'].includes(status)
  }

  /** That a key ends, and that it has ended, are two things: each is said once. */
  async function keys(by: string): Promise<void> {
    const wanted = new Map(
      confidence
        .list(clock.now())
        .filter(({ state }) => state !== 'good')
        .map((key) => [referenceOf(key), key.state === 'ended'] as const),
    )
    const known = new Set((await errands.openOf('key')).map(({ about }) => about))
    const news = [...wanted].filter(([about]) => !known.has(about))
    const old = [...known].filter((about) => !wanted.has(about))
    if (news.length + old.length === 0) return
    await store.transact(async (tx) => {
      for (const about of old) errands.close(tx, 'key', about)
      for (const [about, isUrgent] of news) {
        await errands.open(tx, by, { kind: 'key', about, isUrgent }, { kind: 'key-ends' })
      }
    })
  }

  /** Says nothing of the address or the key, and is another one for another key. */
  function referenceOf({ address, fingerprints, state }: ContactKey): string {
    return sealer
      .digest('errand-key', [address, state, ...fingerprints].join(' '))
      .slice(0, REFERENCE_CHARS)
  }
}

const REFERENCE_CHARS = 16
