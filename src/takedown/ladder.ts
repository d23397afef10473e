import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import type { RoutingDecision, Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import { addresseeOf } from './addressee.ts'
import type { Carriers } from './carriers.ts'
import type { StandingHolds } from './holds/standing-holds.ts'
import { isWritten, matterOf } from './letters/kinds.ts'
import type { Objections } from './objections/objections.ts'
import { HELD_FOR_APPROVAL, type QueueHold, type NoticeRow, type Outbox } from './outbox.ts'
import { type StillKnown, standingCase } from './standing.ts'
import { type Addressee, isAfterword, type LadderStep, type Rung } from './notice.ts'

/** The rungs in the order in which they are climbed, after the reminder. */
const LATER: readonly Rung[] = ['site-owner', 'registrar', 'upstream', 'regulator']
/** Whose first notice starts a ladder: they can act, or pass it on to who can. */
const ANSWERABLE = ['host', 'platform', 'proxy', 'hotline']
/** Notices looked at in one transaction. */
const PAGE = 100

export type Ladder = ReturnType<typeof createLadder>

/**
 * What follows a first notice while the media is still there: a reminder, then whoever else the
 * policy names, each so many hours after the first notice. The next rung and its time are kept with
 * the first notice, so every ladder has one next event.
 */
export function createLadder(
  { store, clock }: Context,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly router: Pick<Router, 'decide'>
    readonly stillKnown: StillKnown
    readonly carriers: Pick<Carriers, 'carries'>
    readonly standing: Pick<StandingHolds, 'on'>
    readonly objections: Pick<Objections, 'keepsBackUntil'>
    readonly settings: Config['takedown']
  },
) {
  const { outbox, cases, router, stillKnown, carriers, standing, objections, settings } = parts

  return {
    /** A notice has gone out: its ladder begins, or the one that it belongs to goes on. */
    async sent(tx: Transaction, by: string, row: NoticeRow): Promise<void> {
      const { remindsOf, sentAt, step } = row.clear
      if (isAfterword(step) || sentAt === null) return
      if (remindsOf === null) {
        const [rung] = rungsOf(row)
        if (rung !== undefined) wait(tx, by, row, rung, hoursTo(rung))
        return
      }
      const first = await outbox.need(tx, remindsOf)
      if (first.clear.nextRung === step) goOn(tx, by, first, 'told')
    },

    /** Nobody read a notice (refused, bounced): the next rung need not wait. */
    async unread(tx: Transaction, by: string, row: NoticeRow): Promise<void> {
      const { remindsOf, step } = row.clear
      if (isAfterword(step)) return
      const first = remindsOf === null ? row : await outbox.need(tx, remindsOf)
      // Who could not be told cannot be reminded.
      const rungs = rungsOf(first).filter((rung) => rung !== 'reminder')
      const nextRung = rungs.find((rung) => rung === first.clear.nextRung) ?? rungs[0]
      if (nextRung !== undefined) wait(tx, by, first, nextRung, 0)
    },

    /** Queues what is due and whose media was seen since; resolves to how many. */
    climb(by: string): Promise<number> {
      return outbox.rungs.workOff(store, isoTime(clock.now()), PAGE, async (tx, id) =>
        step(tx, by, await outbox.need(tx, id)),
      )
    },
  }

  async function step(tx: Transaction, by: string, first: NoticeRow): Promise<boolean> {
    const { caseId, round, nextRung: rung } = first.clear
    const entry = await cases.read(tx, caseId)
    const host = await cases.hostOf(tx, caseId)
    if (rung === null || host === null || isOver(entry, first)) {
      end(tx, by, first)
      return false
    }
    const decision = await router.decide(tx, by, entry, host)
    // Another host has been sent a notice of its own, with a ladder of its own.
    if (isReplaced(decision, first)) {
      end(tx, by, first)
      return false
    }
    const told = await whom(tx, first, rung, decision, entry)
    // What waits for a person holds up nobody behind it.
    if (told === undefined || (await waitsForPerson(tx, first, rung))) {
      goOn(tx, by, first, 'nobody')
      const next = await outbox.need(tx, first.id)
      const { nextRungAt } = next.clear
      const isDue = nextRungAt !== null && nextRungAt <= isoTime(clock.now())
      return isDue && (await step(tx, by, next))
    }
    if (rung !== 'reminder' && (await waitsForObjection(tx, by, first))) return false
    const wanted = { caseId, round, step: stepOf(rung) }
    if (!isStillThere(entry, first)) return false
    if ((await standingCase(tx, cases, stillKnown, wanted)) === undefined) return false
    // The host of a rung gets a first notice, with a ladder of its own.
    const isFirst = wanted.step === 'notice'
    const remindsOf = isFirst ? {} : { remindsOf: first.id }
    const added = await outbox.add(tx, by, { ...wanted, ...told, ...remindsOf })
    if (isFirst) end(tx, by, first)
    return added !== undefined
  }

  /** Whether nobody new is told before an objection is decided, as the policy has it: it is asked again by the hour. */
  async function waitsForObjection(
    tx: Transaction,
    by: string,
    { id, clear }: NoticeRow,
  ): Promise<boolean> {
    const until = await objections.keepsBackUntil(tx, clear.caseId)
    if (until === null) return false
    const soon = isoTime(clock.now() + HOUR_MS)
    const nextRungAt = soon < until ? soon : until
    outbox.change(tx, by, await outbox.need(tx, id), { nextRungAt })
    return true
  }

  /** Undefined where that rung has nobody, or nobody who was not told already. */
  async function whom(
    tx: Transaction,
    first: NoticeRow,
    rung: Rung,
    decision: RoutingDecision,
    { circumstances }: Case,
  ): Promise<{ to: Addressee; hold: QueueHold | null } | undefined> {
    const matter = matterOf(decision.nature, circumstances)
    if (rung === 'reminder') {
      const { to } = first.sealed
      if (!isWritten(to.role, matter, 'reminder')) return undefined
      const hold = await heldBy(tx, first, to.role)
      return carriers.carries(to, rung) ? { to, hold } : undefined
    }
    const roles: readonly string[] = rung === 'host' ? ['host', 'platform', 'proxy'] : [rung]
    const recipient = decision.ladder.find(({ role }) => roles.includes(role))
    if (recipient === undefined) return undefined
    if (rung !== 'host' && !isWritten(recipient.role, matter, 'escalation')) return undefined
    const { caseId, round } = first.clear
    const earlier = await outbox.toldOf(tx, caseId, round, recipient.key)
    const isUnderWay = earlier.every(({ clear }) => clear.step === stepOf(rung) && isWaiting(clear))
    if (!isUnderWay) return undefined
    const held = await heldBy(tx, first, recipient.role)
    const hold = held ?? (recipient.needsApproval ? HELD_FOR_APPROVAL : null)
    return { to: addresseeOf(recipient, decision), hold }
  }

  function heldBy(tx: Transaction, first: NoticeRow, role: Addressee['role']) {
    const { caseId, round } = first.clear
    return standing.on(tx, caseId, round, role)
  }

  async function waitsForPerson(tx: Transaction, first: NoticeRow, rung: Rung): Promise<boolean> {
    const { caseId, round } = first.clear
    const rows = await outbox.list(tx, { caseId, state: 'held', limit: Infinity })
    return rows.some(
      ({ clear }) =>
        clear.heldFor === 'facts' && clear.round === round && clear.step === stepOf(rung),
    )
  }

  function goOn(tx: Transaction, by: string, first: NoticeRow, why: 'told' | 'nobody'): void {
    const { nextRung, nextRungAt } = first.clear
    const rungs = rungsOf(first)
    const next = nextRung === null ? undefined : rungs[rungs.indexOf(nextRung) + 1]
    if (nextRung === null || next === undefined) {
      end(tx, by, first)
      return
    }
    // The hours between two rungs, or none where nobody has been told yet.
    const isUnread = first.clear.state === 'failed' || first.clear.state === 'bounced'
    const between = hoursTo(next) - hoursTo(nextRung)
    const hours = why === 'nobody' && isUnread ? 0 : Math.max(0, between)
    // A clock that was set back brings no rung forward.
    const fromMs = Math.max(clock.now(), Date.parse(nextRungAt ?? isoTime(0)))
    wait(tx, by, first, next, hours, fromMs)
  }

  function wait(
    tx: Transaction,
    by: string,
    first: NoticeRow,
    rung: Rung,
    hours: number,
    fromMs = clock.now(),
  ): void {
    const nextRungAt = isoTime(fromMs + hours * HOUR_MS)
    outbox.change(tx, by, first, { nextRung: rung, nextRungAt })
  }

  function end(tx: Transaction, by: string, first: NoticeRow): void {
    outbox.change(tx, by, first, { nextRung: null, nextRungAt: null })
  }

  function hoursTo(rung: Rung): number {
    switch (rung) {
      case 'reminder':
        return settings.reminderHours
      case 'host':
        return settings.hostHours
      case 'site-owner':
        return settings.siteOwnerHours
      case 'registrar':
        return settings.registrarHours
      case 'upstream':
        return settings.upstreamHours
      case 'regulator':
        return settings.regulatorHours
    }
  }
}

/**
 * Whether somebody else is told in their place. Of whom a notice came back nobody may be known to take the place: then
 * whatever follows it follows.
 */
export function isReplaced(
  { recipients, ladder }: Pick<RoutingDecision, 'recipients' | 'ladder'>,
  { clear, sealed }: NoticeRow,
): boolean {
  if ([...recipients, ...ladder].some(({ key }) => key === sealed.to.key)) return false
  return clear.state !== 'bounced' || recipients.some(({ role }) => ANSWERABLE.includes(role))
}

/** A hotline is not reminded: after a time its country's host is told. */
function rungsOf({ sealed: { to } }: NoticeRow): readonly Rung[] {
  if (!ANSWERABLE.includes(to.role)) return []
  return [to.role === 'hotline' ? 'host' : 'reminder', ...LATER]
}

function stepOf(rung: Rung): LadderStep {
  return rung === 'host' ? 'notice' : rung
}

function isWaiting({ state }: NoticeRow['clear']): boolean {
  return state === 'queued' || state === 'held' || state === 'sending'
}

/** A dispute can end well; everything else ends the round for which the notice was sent. */
function isOver(entry: Case, { clear }: NoticeRow): boolean {
  const waits = ['open', 'in-progress', 'disputed'].includes(entry.status)
  return !waits || entry.reopened !== clear.round
}

/** Seen after the notice had gone out (or had failed to): by a recheck, or by anybody else. */
function isStillThere(entry: Case, { clear }: NoticeRow): boolean {
  return entry.lastSeenAt > (clear.sentAt ?? clear.queuedAt)
}
