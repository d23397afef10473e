import { type Case, type CaseHost, type Cases, mayBeNotified } from '../cases/index.ts'
import { CHANNELS } from '../channels/index.ts'
import type { Config } from '../config.ts'
import { isoTime, isPutOff } from '../core/index.ts'
import { toHindraError } from '../errors.ts'
import type { Recipient, Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Trace } from '../trace/index.ts'
import { addresseeOf, recipientOf } from './addressee.ts'
import type { Carriers } from './carriers.ts'
import { inLine } from './first-notices.ts'
import type { StandingHolds } from './holds/standing-holds.ts'
import type { HeldFor, NoticeState } from './notice.ts'
import type { NoticeRow, Outbox } from './outbox.ts'
import type { Pace } from './pace.ts'
import { type StillKnown, standingCase } from './standing.ts'
import type { EmergencyStop } from './stop.ts'

/** Who of those that are told first, when, and what it waits for. */
export interface AnnouncedAddressee extends Pick<Recipient, 'role' | 'name' | 'language'> {
  /** The mail address, or what else it is reached by. */
  readonly recipient: string
  /** Of a notice that stands already in this round; null before it is queued, at the next round of due work. */
  readonly state: NoticeState | null
  /**
   * When it was told, or may be at the earliest, UTC ISO 8601; null where a person or a file decides.
   */
  readonly at: string | null
  /** What it waits for; empty where nothing holds it. */
  readonly waits: readonly AnnouncedWait[]
  /** The same in words. */
  readonly waitsFor: readonly string[]
}

/**
 * What a notice waits for. `police`, `forbidden`, `approval`, `facts`: as a notice is held. `file`, `person`: no machine
 * sends it. `full`: enough mails went there today. `rest`: the hours of rest.
 */
export interface AnnouncedWait {
  readonly for: HeldFor | 'file' | 'person' | 'full' | 'rest'
  /** At the latest, UTC ISO 8601; null where nobody knows. */
  readonly until: string | null
}

/**
 * What keeps everybody from being told: nobody was found for the host, all notices are stopped, a person has to decide or
 * to verify the item, it is over, or what it was recognised by does not stand any more.
 */
export type Hindrance = 'no-host' | 'stopped' | 'decision' | 'verification' | 'over' | 'unfounded'

/** Who is told of a case first, by which rule; as seen now. */
export interface Announcement {
  readonly caseId: string
  /** The rule that decides and its reason; null while nobody was found for the host, for then nobody is told. */
  readonly rule: string | null
  readonly why: string
  /** The policy file; null as above. */
  readonly policy: string | null
  readonly recipients: readonly AnnouncedAddressee[]
  /** Who is told later, one after the other, where nothing happens. */
  readonly later: readonly Pick<Recipient, 'role' | 'name'>[]
  /** Whom the rule names and nobody can reach. */
  readonly unreachable: readonly string[]
  /** What keeps everybody from being told, and the same in words; null where nothing does. */
  readonly hindrance: Hindrance | null
  readonly held: string | null
}

/** Throws NOT_FOUND. */
export type Announce = (caseId: string) => Promise<Announcement>

/**
 * Says before it happens what the next rounds do, by the very parts that do it: the router, the holds, the pace, the stop.
 * What only a letter that is written shows to be missing is not foreseen.
 */
export function createAnnounce(
  { store, clock }: Context,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly trace: Pick<Trace, 'find'>
    readonly router: Pick<Router, 'explain'>
    readonly standing: StandingHolds
    readonly pace: Pace
    readonly stop: EmergencyStop
    readonly carriers: Carriers
    readonly settings: Config['takedown']
    readonly stillKnown: StillKnown
  },
): Announce {
  const { outbox, cases, trace, router, standing, pace, stop, carriers, settings, stillKnown } =
    parts

  async function hostOf(entry: Case): Promise<{ host: CaseHost | null; problem: string }> {
    try {
      return { host: await trace.find(entry.rawUrl), problem: '' }
    } catch (error) {
      const host = await store.transact((tx) => cases.hostOf(tx, entry.id))
      return { host, problem: toHindraError(error).message }
    }
  }

  return async (caseId) => {
    const entry = await cases.get(caseId)
    const { host, problem } = await hostOf(entry)
    if (host === null) {
      const why = `nobody was found for the host, and nobody is told until somebody is: ${problem}`
      const nobody = { recipients: [], later: [], unreachable: [] }
      const hindrance = 'no-host' as const
      return { caseId, rule: null, why, policy: null, ...nobody, hindrance, held: why }
    }
    const { decision, policy } = await router.explain(entry, host)
    return store.transact(async (tx) => {
      const { hindrance, held } = await heldBack(tx, entry)
      const told = await outbox.list(tx, { caseId, limit: Infinity })
      const recipients: AnnouncedAddressee[] = []
      for (const recipient of decision.recipients) {
        const to = addresseeOf(inLine(entry, recipient), decision)
        const { role, name, language } = recipient
        const row = told.find(({ clear, sealed }) => {
          const isFirst = clear.step === 'notice' && clear.round === entry.reopened
          return isFirst && clear.state !== 'withdrawn' && sealed.to.key === to.key
        })
        const when =
          row === undefined ? await foreseen(tx, entry, recipient, to) : await stands(tx, row)
        const waitsFor = when.waits.map(waitText)
        recipients.push({ role, name, language, recipient: recipientOf(to), ...when, waitsFor })
      }
      const { rule, why, unreachable } = decision
      const later = decision.ladder.map(({ role, name }) => ({ role, name }))
      return { caseId, rule, why, policy, recipients, later, unreachable, hindrance, held }
    })
  }

  /** What keeps everybody from being told. */
  async function heldBack(
    tx: Transaction,
    entry: Case,
  ): Promise<Pick<Announcement, 'hindrance' | 'held'>> {
    const { id: caseId, status, decision, itemVerified, reopened: round } = entry
    if (settings.stop) return { hindrance: 'stopped', held: 'takedown.stop is on: nothing is sent' }
    const set = await stop.read(tx)
    if (set !== null) {
      const held = `all notices are stopped since ${set.at} (hindra notices resume)`
      return { hindrance: 'stopped', held }
    }
    if (decision === 'pending') {
      const held = `a person has to decide (hindra cases decide ${caseId})`
      return { hindrance: 'decision', held }
    }
    if (!itemVerified) {
      return { hindrance: 'verification', held: 'no second person has verified the item' }
    }
    if (!mayBeNotified(entry)) {
      return { hindrance: 'over', held: `the case is ${status}: nobody is told first any more` }
    }
    const wanted = { caseId, step: 'notice', round } as const
    const stood = await standingCase(tx, cases, stillKnown, wanted)
    if (stood !== undefined) return { hindrance: null, held: null }
    return { hindrance: 'unfounded', held: 'what it was recognised by does not stand any more' }
  }

  async function foreseen(
    tx: Transaction,
    entry: Case,
    recipient: Recipient,
    to: NoticeRow['sealed']['to'],
  ): Promise<Pick<AnnouncedAddressee, 'state' | 'at' | 'waits'>> {
    const hold = await policeHold(tx, entry, recipient)
    const waits = [...hold.waits]
    if (recipient.needsApproval) waits.push(forOpen('approval'))
    const way = wayOf(to)
    if (way !== null) return { state: null, at: null, waits: [...waits, way] }
    const isOpen = recipient.needsApproval || hold.at === null
    if (isOpen) return { state: null, at: null, waits }
    return { state: null, ...(await paced(tx, hold.at, to, waits)) }
  }

  /** A notice that is queued, held or gone already. */
  async function stands(
    tx: Transaction,
    { clear, sealed: { to } }: NoticeRow,
  ): Promise<Pick<AnnouncedAddressee, 'state' | 'at' | 'waits'>> {
    const { state, sentAt, heldFor, heldUntil, retryAt } = clear
    if (sentAt !== null) return { state, at: sentAt, waits: [] }
    const waits = heldFor === null || state !== 'held' ? [] : [forOpen(heldFor)]
    const way = wayOf(to)
    if (way !== null) return { state, at: null, waits: [...waits, way] }
    if (state === 'held' && heldUntil === null) return { state, at: null, waits }
    const waitsUntil = isPutOff(clear, clock.now()) ? retryAt : null
    const from = heldUntil ?? waitsUntil ?? isoTime(clock.now())
    return { state, ...(await paced(tx, from, to, waits)) }
  }

  async function policeHold(
    tx: Transaction,
    entry: Case,
    { hold, role }: Recipient,
  ): Promise<{ readonly at: string | null; readonly waits: readonly AnnouncedWait[] }> {
    const now = isoTime(clock.now())
    const said =
      hold === null
        ? await standing.on(tx, entry.id, entry.reopened, role)
        : await standing.wouldBe(tx, entry, hold.timeoutHours)
    if (said === null) return { at: now, waits: [] }
    const { heldFor, heldUntil } = said
    return { at: heldUntil, waits: [{ for: heldFor, until: heldUntil }] }
  }

  /** What no machine sends. */
  function wayOf(to: NoticeRow['sealed']['to']): AnnouncedWait | null {
    if (CHANNELS[to.channel.kind].leaves === 'file') return forOpen('file')
    return carriers.carries(to, 'notice') ? null : forOpen('person')
  }

  /** Hours of rest and the cap of a day, which what is urgent knows neither of. */
  async function paced(
    tx: Transaction,
    from: string,
    to: NoticeRow['sealed']['to'],
    waits: readonly AnnouncedWait[],
  ): Promise<{ readonly at: string; readonly waits: readonly AnnouncedWait[] }> {
    if (to.priority === 1) return { at: from, waits }
    const fullMs = await pace.fullUntil(tx, to)
    const isFull = fullMs !== undefined && fullMs > Date.parse(from)
    const free = isFull ? isoTime(fullMs) : from
    const rested = pace.restedAt(free)
    return {
      at: rested,
      waits: [
        ...waits,
        ...(isFull ? [forOpen('full')] : []),
        ...(rested > free ? [forOpen('rest')] : []),
      ],
    }
  }
}

function forOpen(what: AnnouncedWait['for']): AnnouncedWait {
  return { for: what, until: null }
}

function waitText({ for: what, until }: AnnouncedWait): string {
  return until === null ? WAITS[what] : `${WAITS[what]}, until ${until} at the latest`
}

const WAITS: Readonly<Record<AnnouncedWait['for'], string>> = {
  police: 'the police',
  forbidden: 'the police, who forbid it',
  approval: 'a person who approves the contact (hindra route contacts)',
  facts: 'what its letter lacks (hindra cases letters)',
  file: 'the next file for them (hindra hotline-exports take)',
  person: 'a person who tells them (hindra notices told)',
  full: 'the next day: enough mails went there today',
  rest: 'the end of the hours of rest',
}
