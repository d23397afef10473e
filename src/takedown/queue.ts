import type { Case, Cases } from '../cases/index.ts'
import { defined, despiteFaults, inOrder, MINUTE_MS, SECOND_MS } from '../core/index.ts'
import { toHindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Host, Trace } from '../trace/index.ts'
import type { FirstNotices } from './first-notices.ts'
import type { Outbox } from './outbox.ts'
import { type StillKnown, standingCase } from './standing.ts'

/** Cases traced at once. */
const TRACED_AT_ONCE = 16
/** Hosts that are found at once, ahead of the case whose turn it is: notices are queued in the order of cases. */
const FOUND_AT_ONCE = 4
/**
 * So long cases are traced, and so long notices queued, before what is queued leaves: a round that something breaks off over
 * and over would otherwise queue thousands and send none. Shorter, and more letters would go to one host.
 */
const AT_A_TIME_MS = 12 * SECOND_MS
const PAGE = 100
/**
 * Who is told of a case is asked anew after so long while its notices wait: with thousands that wait a round would be over
 * that before it came to any case that nobody was told of. So would each process that has just begun, over what those
 * before it have asked. Right before sending each is asked in any case.
 */
const ASKED_AGAIN_MS = 10 * MINUTE_MS

/** What was found of a host, and when the case was traced last before it was looked for. */
type Found = { readonly tracedAt: string | undefined } & (
  | { readonly host: Host }
  | { readonly problem: string }
)

/** The cases of one lane are asked about one after the other. */
interface Lane {
  readonly isUrgent: boolean
  /** Behind which case it is gone on; undefined: from the first one. */
  upTo: string | undefined
}

/** Finds hosts and queues first notices. Look-ups happen outside transactions, judgement within. */
export function createQueue(
  { store, clock }: Context,
  parts: {
    readonly outbox: Pick<Outbox, 'waiting'>
    readonly queueFirst: FirstNotices
    readonly cases: Cases
    readonly trace: Trace
    readonly stillKnown: StillKnown
    readonly isEnding: () => boolean
  },
) {
  const { outbox, queueFirst, cases, trace, stillKnown, isEnding } = parts
  /** When each case whose notices wait is asked about again. */
  const askAgainMs = new Map<string, number>()
  const urgent: Lane = { isUrgent: true, upTo: undefined }
  const all: Lane = { isUrgent: false, upTo: undefined }
  /** Since when all have been asked from the first one on. */
  let askedSinceMs = clock.now()

  return {
    /** Finds the hosts of the cases that lack one; a case without a contact is tried again later. */
    traceDue(by: string): Promise<{ traced: number; isMore: boolean; problems: string[] }> {
      const untilMs = clock.now() + AT_A_TIME_MS
      const tried = new Set<string>()
      const problems: string[] = []
      let traced = 0
      return despiteFaults(async (unless) => {
        for (;;) {
          const due = await cases.dueForTrace(clock.now(), TRACED_AT_ONCE)
          const untried = due.filter(({ id }) => !tried.has(id))
          const isMore = untried.length > 0 && !isEnding()
          if (!isMore || clock.now() >= untilMs) return { traced, isMore, problems }
          for (const { id } of untried) tried.add(id)
          const answers = await Promise.all(
            untried.map((entry) => unless(() => traceCase(by, entry))),
          )
          traced += answers.filter((problem) => problem === undefined).length
          problems.push(...answers.filter((problem) => problem !== undefined))
        }
      })
    },

    /**
     * What is known of the host has changed: looks it up now and queues a first notice to whoever is to be
     * told and was not. Throws NOT_FOUND, NO_CONTACT.
     */
    async retrace(by: string, caseId: string): Promise<{ host: Host; queued: number }> {
      const entry = await cases.get(caseId)
      const host = await trace.find(entry.rawUrl, { fresh: true })
      const queued = await store.transact(async (tx) => {
        await cases.setHost(tx, by, caseId, host)
        const { reopened: round } = await cases.read(tx, caseId)
        const wanted = { caseId, step: 'notice', round } as const
        const standing = await standingCase(tx, cases, stillKnown, wanted)
        return standing === undefined ? 0 : (await queueFirst(tx, by, standing, host)).queued
      })
      return { host, queued }
    },

    /**
     * Queues what nobody was told yet: for so long what is urgent, and as long all else. Each goes on behind what the call before
     * came to, and from its first case again after the last.
     */
    queueNotices(by: string): Promise<{ queued: number; isMore: boolean; problems: string[] }> {
      const problems: string[] = []
      let queued = 0
      return despiteFaults(async (unless) => {
        const isWaiting = await outbox.waiting()
        const asked = new Set<string>()

        /** Whether it came to the last case. */
        async function goThrough(lane: Lane): Promise<boolean> {
          const untilMs = clock.now() + AT_A_TIME_MS
          do {
            const { isUrgent, upTo: after } = lane
            const page = await cases.dueForNotice({ isUrgent, limit: PAGE, ...defined({ after }) })
            const wanted = page.filter(
              (entry) => !asked.has(entry.id) && (!isWaiting(entry) || isToBeAskedAgain(entry)),
            )
            for await (const [entry, found] of inOrder(wanted, FOUND_AT_ONCE, withHost)) {
              if (isEnding()) return false
              const answer = await unless(() => queueNotice(by, entry, found))
              if (typeof answer === 'string') problems.push(answer)
              else queued += answer ?? 0
              asked.add(entry.id)
              lane.upTo = entry.id
              if (clock.now() >= untilMs) return false
            }
            lane.upTo = page.length < PAGE ? undefined : page.at(-1)?.id
          } while (lane.upTo !== undefined)
          return true
        }

        const isUrgentDone = await goThrough(urgent)
        if (all.upTo === undefined) askedSinceMs = clock.now()
        const isDone = await goThrough(all)
        // Nothing of these waits any more, or it would have been asked.
        if (isDone) {
          for (const [id, dueMs] of askAgainMs) if (dueMs <= askedSinceMs) askAgainMs.delete(id)
        }
        return { queued, isMore: !(isUrgentDone && isDone) && !isEnding(), problems }
      })
    },
  }

  function isToBeAskedAgain({ id }: Case): boolean {
    const dueMs = askAgainMs.get(id)
    if (dueMs === undefined) askAgainMs.set(id, clock.now() + ASKED_AGAIN_MS)
    return dueMs !== undefined && dueMs <= clock.now()
  }

  async function traceCase(by: string, entry: Case): Promise<string | undefined> {
    const found = await findHost(entry)
    return store.transact(async (tx) => {
      if (!(await isNewest(tx, entry, found))) return undefined
      if ('host' in found) {
        await cases.setHost(tx, by, entry.id, found.host)
        return undefined
      }
      await cases.traceFailed(tx, by, entry.id, found.problem)
      return `case ${entry.id}: ${found.problem}`
    })
  }

  /** How many are new, or why nobody can be told. */
  async function queueNotice(by: string, entry: Case, found: Found): Promise<number | string> {
    const wanted = { caseId: entry.id, step: 'notice' as const, round: entry.reopened }
    const answer = await store.transact(async (tx) => {
      const isUsed = 'host' in found && (await isNewest(tx, entry, found))
      const host = isUsed ? found.host : await cases.hostOf(tx, entry.id)
      const standing = await standingCase(tx, cases, stillKnown, wanted)
      if (host === null || standing === undefined) return undefined
      const { queued, told, unreachable } = await queueFirst(tx, by, standing, host)
      return told ? queued : `case ${entry.id}: nobody can be told: ${unreachable.join('; ')}`
    })
    if (typeof answer === 'number') askAgainMs.set(entry.id, clock.now() + ASKED_AGAIN_MS)
    return answer ?? 0
  }

  /** Believed for hours, so this costs a look-up rarely, and a corrected table takes effect. */
  async function withHost(entry: Case): Promise<readonly [Case, Found]> {
    return [entry, await findHost(entry)]
  }

  async function findHost({ id, rawUrl }: Case): Promise<Found> {
    const tracedAt = await store.transact((tx) => lastTracedAt(tx, id))
    try {
      return { tracedAt, host: await trace.find(rawUrl) }
    } catch (error) {
      const { code, message } = toHindraError(error)
      return { tracedAt, problem: `${code}: ${message}` }
    }
  }

  /** False where somebody has traced the case while it was looked for: that is newer, and may rest on an override. */
  async function isNewest(tx: Transaction, { id }: Case, { tracedAt }: Found): Promise<boolean> {
    return (await lastTracedAt(tx, id)) === tracedAt
  }

  async function lastTracedAt(tx: Transaction, caseId: string): Promise<string | undefined> {
    return (await cases.hostOf(tx, caseId))?.tracedAt
  }
}
