import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, MINUTE_MS, putOff } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Host, Trace } from '../trace/index.ts'
import { faultText, type NoticeFault } from './notice-faults.ts'
import type { FirstNotices } from './first-notices.ts'
import type { StandingHolds } from './holds/standing-holds.ts'
import type { Gather } from './letters/gather.ts'
import { HELD_FOR_APPROVAL, type NoticeRow, type Outbox } from './outbox.ts'
import type { Packable } from './packing.ts'
import { isAfterword } from './notice.ts'

/** Looks at one case now and writes down what it saw. */
export type LookFirst = (
  by: string,
  caseId: string,
) => Promise<'present' | 'gone' | 'moved' | 'unverifiable'>

/** So many notices are asked about at once before they leave: a host may let a look wait for half a minute. */
export const LOOKED_AT_ONCE = 4

/** A notice that was not there to be removed is tried again when the next look has been. */
const GONE_RETRY_HOURS = 1
/** Whom it concerns that it was there, also when it is gone. */
const TOLD_ANYWAY = ['police', 'interpol', 'social-services']

/**
 * The last questions right before sending, each asked once a round: who hosts it now, who is to be
 * told then, and is it still there. A notice to somebody who is not among them any more is withdrawn and
 * those who are get theirs; where no contact is found any more, or the media is not there, it waits.
 */
export function createReaddress(
  { store, clock }: Context,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly trace: Trace
    readonly router: Pick<Router, 'decide'>
    readonly queueFirst: FirstNotices
    readonly standing: Pick<StandingHolds, 'of'>
    readonly lookFirst: LookFirst | undefined
    readonly gather: Pick<Gather, 'cameBack' | 'isUnlawfulThere'>
    readonly settings: Config['takedown']
  },
) {
  const { outbox, cases, trace, router, queueFirst, standing, lookFirst, gather, settings } = parts

  return function startRound(by: string) {
    const hosts = new Map<string, Promise<Host | HindraError>>()
    const looks = new Map<string, Promise<boolean>>()

    /** The notice as it may go out now, a problem, or neither where it may not. */
    return async function address(id: string): Promise<Packable | string | undefined> {
      const { entry, row: asked } = await store.transact(async (tx) => {
        const row = await outbox.need(tx, id)
        return { row, entry: await cases.read(tx, row.clear.caseId) }
      })
      if (asked.clear.step === 'confirmation') return store.transact((tx) => confirming(tx, by, id))
      // It takes back what was said to somebody, or says that it is gone, wherever the media is now.
      if (isAfterword(asked.clear.step)) return packable(asked, entry, false)
      const tellAnyway = TOLD_ANYWAY.includes(asked.clear.role)
      const host = await hostNow(entry.rawUrl)
      const isGone = !tellAnyway && !(host instanceof HindraError) && (await goneNow(entry))
      return await store.transact(async (tx) => {
        const row = await outbox.need(tx, id)
        if (row.clear.state !== 'queued') return undefined
        const hold = await standing.of(tx, row)
        if (hold !== null) {
          outbox.change(tx, by, row, { state: 'held', ...hold })
          return undefined
        }
        if (isGone) {
          later(tx, row, GONE_RETRY_HOURS * HOUR_MS, { says: 'gone-before' })
          return undefined
        }
        const known = host instanceof HindraError ? await cases.hostOf(tx, entry.id) : host
        if (host instanceof HindraError && (!tellAnyway || known === null)) {
          const { code, message: words } = host
          const why = { says: 'host-not-found', code, words } as const
          later(tx, row, settings.retryMinutes * MINUTE_MS, why)
          return `notice ${id}: ${faultText(why)}`
        }
        const current = known && (await toHost(tx, by, row, entry, known))
        if (!current) return undefined
        return packable(current, entry, await gather.cameBack(tx, current))
      })
    }

    function later(tx: Transaction, row: NoticeRow, ms: number, why: NoticeFault): void {
      const nowMs = clock.now()
      outbox.change(tx, by, row, putOff(nowMs + ms, nowMs), why)
    }

    function hostNow(url: string): Promise<Host | HindraError> {
      const { host: name } = new URL(url)
      const known = hosts.get(name)
      if (known !== undefined) return known
      const asked = trace.find(url, { fresh: true }).catch((error: unknown) => {
        if (error instanceof HindraError) return error
        throw error
      })
      hosts.set(name, asked)
      return asked
    }

    /** Much is gone before anybody was told. What was seen a moment ago is not looked at again. */
    function goneNow({ id, lastSeenAt }: Case): Promise<boolean> {
      const seenMs = clock.now() - Date.parse(lastSeenAt)
      if (lookFirst === undefined || seenMs < settings.lookMinutes * MINUTE_MS) {
        return Promise.resolve(false)
      }
      const known = looks.get(id)
      if (known !== undefined) return known
      const looked = lookFirst(by, id).then(
        (outcome) => outcome === 'gone' || outcome === 'moved',
        (error: unknown) => {
          // Closed or retracted meanwhile: whoever composes the mail will see that.
          if (error instanceof HindraError) return false
          throw error
        },
      )
      looks.set(id, looked)
      return looked
    }
  }

  /** Where a word goes by which the host is told: to where the police are reached today, or nowhere. */
  async function confirming(
    tx: Transaction,
    by: string,
    id: string,
  ): Promise<Packable | undefined> {
    const row = await outbox.need(tx, id)
    const entry = await cases.read(tx, row.clear.caseId)
    const host = await cases.hostOf(tx, entry.id)
    const { recipients = [] } = host === null ? {} : await router.decide(tx, by, entry, host)
    const { key } = row.sealed.to
    if (recipients.some((one) => one.key === key && !one.needsApproval)) {
      return packable(row, entry, false)
    }
    outbox.change(tx, by, row, { state: 'withdrawn' }, { says: 'police-elsewhere' })
    return undefined
  }

  async function toHost(
    tx: Transaction,
    by: string,
    row: NoticeRow,
    entry: Case,
    host: Host,
  ): Promise<NoticeRow | undefined> {
    const decision = await router.decide(tx, by, entry, host)
    const told = [...decision.recipients, ...decision.ladder]
    const recipient = told.find(({ key }) => key === row.sealed.to.key)
    if (recipient === undefined) {
      outbox.change(tx, by, row, { state: 'withdrawn' }, { says: 'told-others' })
      await queueFirst(tx, by, entry, host)
      return undefined
    }
    if (!recipient.needsApproval) return row
    outbox.change(tx, by, row, { state: 'held', ...HELD_FOR_APPROVAL })
    return undefined
  }

  function packable(row: NoticeRow, entry: Case, cameBack: boolean): Packable {
    const { rawUrl, pageUrl, circumstances, takenBack } = entry
    const { account, ownRequest, inDangerNow } = circumstances
    const { role, step, confirms } = row.clear
    const isAlone =
      role === 'social-services' || step === 'answer' || (account && step !== 'regulator')
    // What one reply changed is confirmed at once, whatever the cases have become.
    const alike = [
      account,
      ownRequest,
      inDangerNow,
      cameBack,
      takenBack,
      gather.isUnlawfulThere(row, entry),
    ].join()
    return {
      row,
      hostName: new URL(rawUrl).hostname,
      urlBytes: Buffer.byteLength(rawUrl) + Buffer.byteLength(pageUrl ?? ''),
      alike: confirms === undefined ? alike : '',
      own: confirms ?? (isAlone ? row.id : ''),
    }
  }
}
