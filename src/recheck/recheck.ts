import type { Audit } from '../audit/index.ts'
import { type Case, type Cases, isAtWork, isResting } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import { Collection, type Context, type Transaction } from '../store/index.ts'
import { type Finding, unverifiable } from './finding.ts'
import type { Reference } from './compare.ts'
import { fingerprintAt, isSuccess, type LookParts, lookAt } from './look.ts'
import type { RecheckResult } from './types.ts'

/** Cases looked at in one run, and at the same time. */
const RUN_MAX = 500
const AT_ONCE = 4

/** Reads an item as it is now. */
interface ItemFingerprints {
  known(
    tx: Transaction,
    itemId: string,
  ): Promise<{ readonly fingerprints: readonly Reference[] } | undefined>
}

/** `by` is a principal id, or `hindra` for what the system does by itself. */
export interface Recheck {
  /** Looks at the cases that are due, the longest waiting first; the rest waits for the next run. */
  run(by: string): Promise<readonly RecheckResult[]>
  /** Looks at one case now. Throws NOT_FOUND, CASE_STATE where it is not looked at any more. */
  runCase(by: string, caseId: string): Promise<RecheckResult>
  /**
   * Keeps (sealed) the fingerprint of what an assessed case shows now, as there is no item to
   * compare later looks with. False where the media could not be had: later looks then go by the
   * HTTP status and whether there is media at all. Throws NOT_FOUND.
   */
  remember(by: string, caseId: string): Promise<boolean>
  /** For retention: what was remembered of a case. */
  forget(tx: Transaction, caseId: string): void
}

export function createRecheck(
  context: Context,
  audit: Audit,
  cases: Cases,
  register: ItemFingerprints,
  options: LookParts & { readonly settings: Config['recheck'] },
): Recheck {
  const { store, clock, sealer } = context
  const { settings, fetcher } = options
  const remembered = new Collection<{ at: string }, Fingerprint>('remembered', sealer)

  return {
    async run(by) {
      const due = await cases.dueForRecheck(clock.now(), RUN_MAX)
      const lineWorks = due.length === 0 || (await canReachCanary())
      const results: RecheckResult[] = []
      const queue = due.values()
      const work = async () => {
        for (const entry of queue) {
          const result = await look(by, entry, lineWorks).catch(overtaken)
          if (result !== undefined) results.push(result)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      return results.sort((a, b) => (a.caseId < b.caseId ? -1 : 1))
    },

    async runCase(by, caseId) {
      const entry = await cases.get(caseId)
      if (!isAtWork(entry.status) && !isResting(entry.status)) {
        throw new HindraError('CASE_STATE', `a case that is ${entry.status} is not looked at`)
      }
      return await look(by, entry, await canReachCanary())
    },

    async remember(by, caseId) {
      const entry = await cases.get(caseId)
      const fingerprint = await fingerprintAt(entry, options)
      if (fingerprint === undefined) return false
      await store.transact((tx) => {
        remembered.put(tx, caseId, { at: isoTime(clock.now()) }, fingerprint)
        audit.append(tx, { by, action: 'case.remember', subject: caseId })
        return Promise.resolve()
      })
      return true
    },

    forget(tx, caseId) {
      remembered.delete(tx, caseId)
    },
  }

  async function look(by: string, entry: Case, lineWorks: boolean): Promise<RecheckResult> {
    const at = isoTime(clock.now())
    const finding = lineWorks ? await inspect(entry) : unverifiable('our own line is down')
    const { outcome, reason, distance } = finding
    await store.transact((tx) => cases.recordRecheck(tx, by, entry.id, { outcome, at, reason }))
    return { caseId: entry.id, outcome, at, reason, distance }
  }

  async function inspect(entry: Case): Promise<Finding> {
    const known = await store.transact((tx) => referencesOf(tx, entry))
    if (known === undefined && entry.subject.kind === 'item') {
      return unverifiable('the item is not known any more')
    }
    return await lookAt(entry, known, options)
  }

  async function referencesOf(
    tx: Transaction,
    entry: Case,
  ): Promise<readonly Reference[] | undefined> {
    if (entry.subject.kind === 'item') {
      return (await register.known(tx, entry.subject.id))?.fingerprints
    }
    const kept = await remembered.get(tx, entry.id)
    return kept && [kept.sealed]
  }

  /** A page of ours that must answer: else every miss would be our own. */
  async function canReachCanary(): Promise<boolean> {
    if (settings.canaryUrl === undefined) return true
    try {
      return isSuccess(await fetcher.fetch(settings.canaryUrl))
    } catch (error) {
      if (error instanceof HindraError) return false
      throw error
    }
  }
}

/** Closed or retracted while we looked: there is nothing to record. */
function overtaken(error: unknown): undefined {
  if (error instanceof HindraError && error.code === 'CASE_STATE') return undefined
  throw error
}
