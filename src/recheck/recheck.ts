import type { Audit } from '../audit/index.ts'
import { type Case, type Cases, isAtWork, isResting } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import { Collection, type Context, type Transaction } from '../store/index.ts'
import { type AskParts, askFrom, fetchFrom } from './asking.ts'
import type { Reference } from './compare.ts'
import { unverifiable } from './finding.ts'
import { createLines } from './lines.ts'
import type { RecheckResult } from './types.ts'
import { DIRECT, lookFromAll, type Seen } from './vantages.ts'

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
  options: AskParts & {
    readonly settings: Config['recheck']
    /** From where is looked: see `placesOf`. */
    readonly places: readonly string[]
  },
): Recheck {
  const { store, clock, sealer } = context
  const { settings, fetcher, places } = options
  const remembered = new Collection<{ at: string }, Fingerprint>('remembered', sealer)

  return {
    async run(by) {
      const due = await cases.dueForRecheck(clock.now(), RUN_MAX)
      const isUp = linesNow()
      const results: RecheckResult[] = []
      const queue = due.values()
      const work = async () => {
        for (const entry of queue) {
          const result = await look(by, entry, isUp).catch(overtaken)
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
      return await look(by, entry, linesNow())
    },

    async remember(by, caseId) {
      const entry = await cases.get(caseId)
      const fingerprint = await fingerprintAt(entry)
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

  function linesNow(): (vantage: string) => Promise<boolean> {
    return createLines(fetcher, settings.canaryUrl)
  }

  async function look(
    by: string,
    entry: Case,
    isUp: (vantage: string) => Promise<boolean>,
  ): Promise<RecheckResult> {
    const at = isoTime(clock.now())
    const { finding, seenFrom } = await inspect(entry, isUp)
    const { outcome, cause, reason, distance } = finding
    const seen = { outcome, cause, at, reason, seenFrom }
    const { nextRecheckAt, nextRecheckWhy } = await store.transact((tx) =>
      cases.recordRecheck(tx, by, entry.id, seen),
    )
    return { caseId: entry.id, ...seen, distance, nextRecheckAt, nextRecheckWhy }
  }

  async function inspect(entry: Case, isUp: (vantage: string) => Promise<boolean>): Promise<Seen> {
    const known = await store.transact((tx) => referencesOf(tx, entry))
    if (known === undefined && entry.subject.kind === 'item') {
      const reason = 'the item is not known any more'
      return { finding: unverifiable('nothing-known', reason), seenFrom: [] }
    }
    const sought = { known, account: entry.circumstances.account }
    const ask = (vantage: string) =>
      askFrom(vantage === DIRECT ? undefined : vantage, entry, sought, options)
    return await lookFromAll(places, ask, isUp)
  }

  /** What is at the place now, to compare later looks with; undefined where it cannot be had. */
  async function fingerprintAt(entry: Case): Promise<Fingerprint | undefined> {
    try {
      const { status, bytes } = await fetchFrom(entry, fetcher)
      return status >= 200 && status < 300 ? await options.fingerprint(bytes) : undefined
    } catch (error) {
      if (error instanceof HindraError) return undefined
      throw error
    }
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
}

/** Closed or retracted while we looked: there is nothing to record. */
function overtaken(error: unknown): undefined {
  if (error instanceof HindraError && error.code === 'CASE_STATE') return undefined
  throw error
}
