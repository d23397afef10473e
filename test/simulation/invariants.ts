import type { AuditReport } from '../../src/audit/index.ts'
import type { Case } from '../../src/cases/index.ts'
import type { Notice } from '../../src/takedown/index.ts'
import type { Told } from './told.ts'
import type { Truth } from './truth.ts'
import type { World } from './world.ts'

/** A rule is broken. */
export class Violation extends Error {
  override readonly name = 'Violation'

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`)
  }
}

/**
 * No notice without a match of what stands, or an assessment, and none behind the emergency stop: at the
 * moment that it arrives.
 */
export function checkGrounds(world: World, truth: Truth, { step, urls, to }: Told): void {
  if (truth.stopped) throw new Violation('nothing leaves while all is stopped', `${step} to ${to}`)
  for (const url of urls) {
    const subject = world.pages.get(url)?.picture?.subject ?? 'none'
    if (step === 'correction') {
      if (truth.tookBack(url, subject)) continue
      throw new Violation('no correction of what stands', `${to} about ${url} (${subject})`)
    }
    if (truth.hasGrounds(url, subject)) continue
    throw new Violation('no notice without grounds', `${step} to ${to} about ${url} (${subject})`)
  }
}

/** `removed` only when the world says gone: when it was missed first, and when that was decided. */
export function checkRemoved(world: World, before: Case | undefined, now: Case): void {
  if (now.status !== 'removed' || before?.status === 'removed') return
  const page = world.pages.get(now.url)
  for (const at of [now.removedAt, now.lastLook?.at ?? null]) {
    const trueMs = at === null ? undefined : world.trueTimeOfLook(now.url, Date.parse(at))
    if (page === undefined || trueMs === undefined || page.isThereAt(trueMs)) {
      throw new Violation(
        'removed only when the world says gone',
        `case ${now.id} at ${now.url}, as of ${String(at)}`,
      )
    }
  }
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

/** How often each notice was told, and to whom what. */
export class Tellings {
  readonly #times = new Map<string, number>()
  #seen = 0

  /**
   * Nobody is told twice beyond what the outbox promises: each notice in one mail, and once, unless it
   * says that it may have been doubled; and one notice a recipient and step in each round of a case.
   */
  check(
    told: readonly Told[],
    noticeOf: (id: string) => Notice | undefined,
    noticesLike: (notice: Notice) => { readonly told: readonly Notice[]; readonly rounds: number },
  ): void {
    const fresh = told.slice(this.#seen).flatMap(({ noticeIds }) => noticeIds)
    this.#seen = told.length
    for (const id of fresh) this.#times.set(id, (this.#times.get(id) ?? 0) + 1)
    for (const id of new Set(fresh)) {
      const notice = noticeOf(id)
      if (notice === undefined) throw new Violation('what was told is known', `notice ${id}`)
      const times = this.#times.get(id) ?? 0
      if (notice.possiblyDoubled) continue
      if (times > 1) throw new Violation('nobody is told twice', `notice ${id}, ${times} times`)
      const { told: alike, rounds } = noticesLike(notice)
      const sure = alike.filter((one) => !one.possiblyDoubled && this.#times.has(one.id))
      if (sure.length > rounds) {
        const what = `${notice.step} to ${notice.recipient} of case ${notice.caseId}`
        throw new Violation('one notice a recipient, step and round', what)
      }
    }
  }

  get doubles(): number {
    return [...this.#times.values()].reduce((sum, times) => sum + times - 1, 0)
  }
}

/** Every retraction is corrected with everybody who was told and whose mail did not bounce. */
export function checkCorrected(world: World, truth: Truth, notices: readonly Notice[]): void {
  const bounced = new Set(notices.filter(({ state }) => state === 'bounced').map(({ id }) => id))
  const corrected = new Set(
    world.told
      .filter(({ step }) => step === 'correction')
      .flatMap(({ to, urls }) => urls.map((url) => `${to} ${url}`)),
  )
  for (const { step, to, urls, noticeIds } of world.told) {
    if (step === 'correction' || noticeIds.every((id) => bounced.has(id))) continue
    for (const url of urls) {
      const subject = world.pages.get(url)?.picture?.subject ?? 'none'
      if (!truth.tookBack(url, subject) || corrected.has(`${to} ${url}`)) continue
      throw new Violation('every retraction corrected', `${to} about ${url}`)
    }
  }
}

/** The audit's chain is whole, and every state of it that was ever seen is a part of it. */
export function checkAudit({ intact, problems }: AuditReport): void {
  if (intact) return
  const [first] = problems
  throw new Violation('audit chain whole', `${first?.kind ?? ''} ${first?.message ?? ''}`)
}
