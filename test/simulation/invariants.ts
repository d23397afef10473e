import { HOUR_MS } from '../../src/core/index.ts'
import type { AuditReport } from '../../src/audit/index.ts'
import type { Case } from '../../src/cases/index.ts'
import type { SightingAnswer } from '../../src/sightings/index.ts'
import type { Notice } from '../../src/takedown/index.ts'
import { type Picture, pieceOf } from './gallery/gallery.ts'
import type { Told } from './told.ts'
import type { Truth } from './truth.ts'
import { Violation } from './violation.ts'
import { REGULATOR } from './registries.ts'
import { INTERPOL, POLICE, RUNG_HOURS } from './settings.ts'
import type { World } from './world.ts'

/** A look is believed for half an hour (takedown.lookMinutes). */
const LOOK_HOURS = 0.5
const DAY_HOURS = 24
/** The hours within which all looks are due that prove a removal: three, the first within 28 hours. */
const DUE_HOURS = 48

/**
 * No notice without a match of what stands, or an assessment, and none behind the emergency stop: at the
 * moment that it arrives.
 */
export function checkGrounds(world: World, truth: Truth, told: Told): void {
  const { step, urls, to, madeEarlier = false, isLate = false } = told
  // It left by what was known before its sender was frozen; what it told then is corrected.
  if (isLate) return
  if (truth.stopped) throw new Violation('nothing leaves while all is stopped', `${step} to ${to}`)
  // It says what holds of what was told, and accuses nobody.
  if (step === 'removed' || step === 'confirmation') return
  for (const url of urls) {
    const subject = world.pages.get(url)?.picture?.subject ?? 'none'
    if (step === 'correction') {
      if (truth.tookBack(url, subject)) continue
      throw new Violation('no correction of what stands', `${to} about ${url} (${subject})`)
    }
    // A file that was made before a crash is written behind it; what it told then is corrected.
    if (madeEarlier || truth.hasGrounds(url, subject)) continue
    throw new Violation('no notice without grounds', `${step} to ${to} about ${url} (${subject})`)
  }
}

/** A notice that waits for the police does not leave before its end, and a forbidden one never. */
export function checkAgreed({ clock }: World, truth: Truth, told: Told): void {
  const { step, to, urls, madeEarlier = false } = told
  if (madeEarlier || told.isLate === true || ['correction', 'removed'].includes(step)) return
  if ([POLICE, INTERPOL, REGULATOR].includes(to)) return
  for (const url of urls) {
    const untilMs = truth.forbidden.has(url) ? Infinity : (truth.waits.get(url) ?? 0)
    if (clock.now() >= untilMs) continue
    const what =
      untilMs === Infinity ? 'forbidden' : `to wait until ${new Date(untilMs).toISOString()}`
    throw new Violation(
      'nobody is told before the police agree',
      `${step} to ${to}: ${url} is ${what}`,
    )
  }
}

/** `removed` only when the world says gone: when it was missed first, and when that was decided. */
export function checkRemoved(world: World, before: Case | undefined, now: Case): void {
  if (now.status !== 'removed' || before?.status === 'removed') return
  const page = world.pages.get(now.url)
  for (const at of [now.removedAt, now.lastLook?.at ?? null]) {
    const trueMs = at === null ? undefined : world.looks.trueMs(now.url, Date.parse(at))
    if (page === undefined || trueMs === undefined || page.isThereAt(trueMs)) {
      throw new Violation(
        'removed only when the world says gone',
        `case ${now.id} at ${now.url}, as of ${String(at)}`,
      )
    }
  }
}

/** What stands in the register and is shown, in whatever copy, is found at once. */
export function checkFound(
  url: string,
  { subject, copy }: Picture,
  verdict: SightingAnswer['verdict'],
): void {
  if (verdict !== 'none') return
  throw new Violation('what is known is found', `${subject}, ${copy}, at ${url}`)
}

/**
 * Never gone, and so never `removed`, while it is shown: what a look was given to see of what opened the
 * case, in whatever copy, it does not call gone.
 */
export function checkShown(world: World, entry: Case): void {
  const { lastLook, id, url } = entry
  if (lastLook?.outcome !== 'gone') return
  const shown = world.looks.showed(url, Date.parse(lastLook.at))
  if (shown === undefined) return
  const what = `${lastLook.cause}: ${shown.subject}, ${shown.copy}`
  throw new Violation('never gone while it is shown', `case ${id} at ${url}, ${what}`)
}

/**
 * The counter-rule, at the end, when the clock has been right for days: what the world has removed for so
 * long that all looks were due is `removed`, whatever stands in its place.
 */
export function checkFollowed(world: World, entry: Case): void {
  const { status, decision, itemVerified, id, url, lastLook } = entry
  const isAtWork = status === 'open' || status === 'in-progress'
  const isDecided = decision === 'not-needed' || decision === 'accepted'
  if (!isAtWork || !isDecided || !itemVerified) return
  const page = world.pages.get(url)
  const { trueMs } = world.clock
  const goneMs = page?.goneSince(trueMs)
  if (goneMs === undefined || page?.isTellingAt(trueMs) !== true) return
  // What was seen by a clock that was ahead is believed until then.
  const sinceMs = Math.max(goneMs, Date.parse(entry.lastSeenAt))
  if (trueMs - sinceMs < DUE_HOURS * HOUR_MS) return
  const shown = page.shownAt(trueMs)
  const there = shown.kind === 'media' ? shown.picture.subject : shown.kind
  const what = `case ${id} at ${url}, ${lastLook?.outcome ?? ''} ${lastLook?.cause ?? ''}, ${there}`
  throw new Violation('what is gone is found to be gone', what)
}

/**
 * No case forgotten: what is at work and may be notified has a next event, and has had each that was due.
 * What was due by a clock that was set back is due again later.
 */
export function checkRemembered(world: World, entry: Case, notices: readonly Notice[]): void {
  const isAtWork = entry.status === 'open' || entry.status === 'in-progress'
  const isDecided = entry.decision === 'not-needed' || entry.decision === 'accepted'
  if (!isAtWork || !isDecided || !entry.itemVerified) return
  const forgotten = (why: string): never => {
    throw new Violation('no case forgotten', `case ${entry.id} ${why}`)
  }
  if (entry.nextRecheckAt === null) return forgotten('has no next look')
  if (Date.parse(entry.nextRecheckAt) <= world.clock.now())
    forgotten('was not looked at when it was due')
  const isTold = notices.some(({ state }) => state !== 'withdrawn')
  if (!isTold && !world.clock.isBehindItself)
    forgotten(entry.hostName === null ? 'has no host' : 'has a host and no notice')
}

/**
 * Nor what reached nobody: a person is alerted of it, and will be again. A correction waits for that for
 * ever; what else nobody need be told any more is let go within the hour.
 */
export function checkHeard({ clock }: World, entry: Case, notices: readonly Notice[]): void {
  const { unverified, status } = entry
  const isAtWork = status === 'open' || status === 'in-progress'
  if (isAtWork && unverified !== null && Date.parse(unverified.alertAt) <= clock.now())
    throw new Violation('no case forgotten', `nobody hears that looks at ${entry.id} cannot tell`)
  for (const { id, step, state, undelivered } of notices) {
    if (state !== 'failed' && state !== 'bounced') continue
    const isMoot = step !== 'correction' && undelivered === null
    if (isMoot || undelivered?.setAside) continue
    const { alerts = 0, nextAlertAt = null } = undelivered ?? {}
    const isAlerted = alerts > 0 && nextAlertAt !== null
    const isLate = Date.parse(nextAlertAt ?? '') <= clock.now() && entry.status !== 'disputed'
    if (isAlerted && !isLate) continue
    throw new Violation('no case forgotten', `nobody hears that ${step} ${id} reached nobody`)
  }
}

/** Each rung in its time, by the clock of the process: so long after a first notice. */
export function checkRungs({ retries }: World, notices: readonly Notice[]): void {
  // Where nobody could be told, the next rung need not wait.
  const isUnread = notices.some(
    ({ id, state }) => state === 'failed' || state === 'bounced' || retries.has(id),
  )
  if (isUnread) return
  for (const { id, step, queuedAt } of notices) {
    const hours = RUNG_HOURS[step]
    if (hours === undefined) continue
    const first = notices
      .filter((one) => one.step === 'notice' && one.sentAt !== null)
      .map(({ sentAt }) => Date.parse(sentAt ?? ''))
    const waitedMs = Date.parse(queuedAt) - Math.min(...first)
    if (waitedMs >= hours * HOUR_MS) continue
    throw new Violation('each rung in its time', `${step} ${id} after ${waitedMs / HOUR_MS} hours`)
  }
}

/** Who is to remove it is told of nothing that had been gone for longer than a look is believed. */
export function checkThere(world: World, told: Told, notice: Notice): void {
  const { step, role, possiblyDoubled } = notice
  const isOfRemoval =
    !['correction', 'removed'].includes(step) && role !== 'police' && role !== 'interpol'
  if (!isOfRemoval || possiblyDoubled || told.madeEarlier === true || told.isLate === true) return
  for (const url of told.urls) {
    const page = world.pages.get(url)
    const wasThere = [0, LOOK_HOURS].some((ago) => page?.isThereAt(told.atMs - ago * HOUR_MS))
    // Only a person can tell what is like it from it: until then nobody knows that it is gone.
    const shown = page?.shownAt(told.atMs)
    const isLike = shown?.kind === 'media' && pieceOf(shown.picture).like !== undefined
    if (wasThere || isLike) continue
    throw new Violation('nobody is told of what is gone', `${step} to ${told.to} about ${url}`)
  }
}

const KNOWN = 'what was told is known'

function known(said: string, notice: Notice | undefined): Notice {
  if (notice !== undefined) return notice
  throw new Violation(KNOWN, `notice ${said}`)
}

/** How often each notice was told, and to whom what. */
export class Tellings {
  readonly #times = new Map<string, number>()
  /** How often more than it should have been. */
  readonly #doubled = new Map<string, number>()
  #seen = 0

  /**
   * Nobody is told twice beyond what the outbox promises: each notice in one mail, and once, unless it
   * says that it may have been doubled; and one notice a recipient and step in each round of a case.
   */
  check(
    told: readonly Told[],
    noticeOf: (said: string) => Notice | undefined,
    noticesLike: (notice: Notice) => { readonly told: readonly Notice[]; readonly rounds: number },
    /** An officer sent it again, for it had reached nobody. */
    retries: (id: string) => number,
    checkOne: (told: Told, notice: Notice) => void,
  ): void {
    const news = told.slice(this.#seen)
    this.#seen = told.length
    const fresh: Notice[] = []
    for (const one of news) {
      const notices = one.noticeIds.map((said) => known(said, noticeOf(said)))
      const [first] = notices
      if (first === undefined) throw new Violation(KNOWN, `${one.step} to ${one.to} has no number`)
      checkOne(one, first)
      fresh.push(...notices)
    }
    for (const { id } of fresh) this.#times.set(id, (this.#times.get(id) ?? 0) + 1)
    for (const notice of new Set(fresh)) {
      const { id } = notice
      const times = this.#times.get(id) ?? 0
      this.#doubled.set(id, Math.max(0, times - 1 - retries(id)))
      if (notice.possiblyDoubled) continue
      if (times > 1 + retries(id))
        throw new Violation('nobody is told twice', `notice ${id}, ${times} times`)
      // The police may reply often.
      if (notice.step === 'confirmation') continue
      const { told: alike, rounds } = noticesLike(notice)
      const sure = alike.filter((one) => !one.possiblyDoubled && this.#times.has(one.id))
      if (sure.length > rounds) {
        const what = `${notice.step} to ${notice.recipient} of case ${notice.caseId}`
        throw new Violation('one notice a recipient, step and round', what)
      }
    }
  }

  get doubles(): number {
    return [...this.#doubled.values()].reduce((sum, times) => sum + times, 0)
  }
}

/** Every retraction is corrected with everybody who was told and whose mail did not bounce. */
export function checkCorrected(world: World, truth: Truth): void {
  const corrected = new Set(
    world.told
      .filter(({ step }) => step === 'correction')
      .flatMap(({ to, urls }) => urls.map((url) => `${to} ${url}`))
      .concat([...truth.settled]),
  )
  for (const { step, to, urls, messageId } of world.told) {
    if (['correction', 'removed', 'confirmation'].includes(step) || world.bounced.has(messageId))
      continue
    for (const url of urls) {
      const subject = world.pages.get(url)?.picture?.subject ?? 'none'
      if (!truth.tookBack(url, subject) || corrected.has(`${to} ${url}`)) continue
      throw new Violation('every retraction corrected', `${to} about ${url}`)
    }
  }
}

/** Each reply of the police is confirmed once at most, and nothing that others wrote is. */
export function checkConfirmed({ police }: World, { replies }: Truth): void {
  const confirmed = police.letters.filter(({ isConfirmation }) => isConfirmation)
  for (const { firstId } of confirmed) {
    const alike = confirmed.filter((one) => one.firstId === firstId)
    const times = new Set(alike.map(({ messageId }) => messageId)).size
    const said = replies.get(firstId) ?? 0
    if (times <= said) continue
    throw new Violation(
      'only replies of the police are confirmed',
      `${times} of ${said}: ${firstId}`,
    )
  }
}

/**
 * A hotline that was told of what is gone knows that it is: a day after all looks that prove it were due. The last look
 * says nothing of that, for what is removed is looked at again.
 */
export function checkClosed(world: World, caseOf: (noticeId: string) => Case | undefined): void {
  for (const { step, to, urls, noticeIds, atMs } of world.told) {
    if (step !== 'notice' || !to.startsWith('hotline')) continue
    const [entry] = noticeIds.map(caseOf)
    const { removedAt = null, status } = entry ?? {}
    const goneMs = world.clock.now() - Date.parse(removedAt ?? '')
    if (status !== 'removed' || !(goneMs > (DUE_HOURS + DAY_HOURS) * HOUR_MS)) continue
    const isClosed = world.told.some(
      (one) =>
        one.step === 'removed' && one.to === to && one.atMs >= atMs && one.urls[0] === urls[0],
    )
    if (!isClosed) throw new Violation('hotlines hear of removals', `${to} about ${urls.join()}`)
  }
}

/** The audit's chain is whole, and every state of it that was ever seen is a part of it. */
export function checkAudit({ intact, problems }: AuditReport): void {
  if (intact) return
  const [first] = problems
  throw new Violation('audit chain whole', `${first?.kind ?? ''} ${first?.message ?? ''}`)
}
