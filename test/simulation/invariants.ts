import type { Case } from '../../src/cases/index.ts'
import type { Notice } from '../../src/takedown/index.ts'
import type { Told, World } from './world.ts'

/** What the world did, beside the process: what the process must be right about. */
export interface Truth {
  /** Subjects of items that two persons verified, and that stand. */
  readonly standing: Set<string>
  /** Subjects whose item was retracted. */
  readonly retracted: Set<string>
  /** URLs that an analyst assessed. */
  readonly assessed: Set<string>
  /** When each case was first seen to be removed, in this round. */
  readonly removals: {
    readonly caseId: string
    readonly wrong: boolean
    readonly hours: number
    readonly trueHours: number
  }[]
}

export class Violation extends Error {
  override readonly name = 'Violation'
}

function violated(rule: string, detail: string): never {
  throw new Violation(`${rule}: ${detail}`)
}

/** No notice without a match of what stands, or an assessment: at the moment that it arrives. */
export function checkGrounds(world: World, truth: Truth, { step, urls, to }: Told): void {
  if (step === 'correction') return
  for (const url of urls) {
    const subject = world.pages.get(url)?.picture.subject ?? 'none'
    if (truth.standing.has(subject) || truth.assessed.has(url)) continue
    violated('no notice without grounds', `${step} to ${to} about ${url} (${subject})`)
  }
}

/** `removed` only when the world says gone. */
export function checkRemoved(
  world: World,
  truth: Truth,
  before: Case | undefined,
  now: Case,
): void {
  if (now.status !== 'removed' || before?.status === 'removed' || now.removedAt === null) return
  const page = world.pages.get(now.url)
  const removedMs = Date.parse(now.removedAt)
  const nowMs = world.clock.now()
  const wrong = page === undefined || page.isThereAt(removedMs)
  const openedMs = Date.parse(now.openedAt)
  truth.removals.push({
    caseId: now.id,
    wrong,
    hours: (removedMs - openedMs) / 3_600_000,
    trueHours: ((page?.goneSince(nowMs) ?? nowMs) - openedMs) / 3_600_000,
  })
  if (wrong) violated('removed only when the world says gone', `case ${now.id} at ${now.url}`)
}

/** No case forgotten: what is at work and may be notified has a next event. */
export function checkRemembered(entry: Case, notices: readonly Notice[]): void {
  const atWork = entry.status === 'open' || entry.status === 'in-progress'
  const decided = entry.decision === 'not-needed' || entry.decision === 'accepted'
  if (!atWork || !decided || !entry.itemVerified) return
  if (entry.nextRecheckAt === null)
    violated('no case forgotten', `case ${entry.id} has no next look`)
  const told = notices.some(({ state }) => state !== 'withdrawn')
  if (entry.hostName === null || told) return
  violated('no case forgotten', `case ${entry.id} has a host and no notice`)
}

/**
 * Nobody is told twice beyond what the outbox promises: each notice in one mail, and once, unless it
 * says that it may have been doubled; and one notice a recipient and step in each round of a case.
 */
export function checkTold(
  world: World,
  cases: ReadonlyMap<string, Case>,
  notices: readonly Notice[],
): number {
  const byId = new Map(notices.map((notice) => [notice.id, notice]))
  const times = new Map<string, number>()
  let doubles = 0
  for (const { noticeIds } of world.told) {
    for (const id of noticeIds) times.set(id, (times.get(id) ?? 0) + 1)
  }
  const told = new Map<string, number>()
  for (const [id, count] of times) {
    const notice = byId.get(id)
    if (notice === undefined) violated('what was told is known', `notice ${id}`)
    doubles += count - 1
    if (notice.possiblyDoubled) continue
    if (count > 1) violated('nobody is told twice', `notice ${id}, ${count} times`)
    const key = `${notice.caseId} ${notice.step} ${notice.recipient}`
    told.set(key, (told.get(key) ?? 0) + 1)
  }
  for (const [key, count] of told) {
    const rounds = (cases.get(key.split(' ')[0] ?? '')?.reopened ?? 0) + 1
    if (count > rounds) violated('one notice a recipient, step and round', `${key}: ${count}`)
  }
  return doubles
}

/** Every retraction is corrected with everybody who was told and whose mail did not bounce. */
export function checkCorrected(world: World, truth: Truth, notices: readonly Notice[]): void {
  const heard = new Map(
    notices.filter(({ state }) => state !== 'bounced').map(({ id, recipient }) => [id, recipient]),
  )
  const corrected = new Set(
    world.told
      .filter(({ step }) => step === 'correction')
      .flatMap(({ to, urls }) => urls.map((url) => `${to} ${url}`)),
  )
  for (const { step, to, urls, noticeIds } of world.told) {
    if (step === 'correction' || !noticeIds.some((id) => heard.has(id))) continue
    for (const url of urls) {
      const subject = world.pages.get(url)?.picture.subject ?? ''
      if (!truth.retracted.has(subject) || corrected.has(`${to} ${url}`)) continue
      violated('every retraction corrected', `${to} about ${url}`)
    }
  }
}
