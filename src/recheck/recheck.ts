import type { Audit } from '../audit/index.ts'
import { type Case, type Cases, isAtWork, isResting, type LookAnswer } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { defined, inLanes, isoTime } from '../core/index.ts'
import { HindraError, unlessBroken } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { Fetched } from '../intake/index.ts'
import type { KnownItem } from '../register/index.ts'
import { type Context, isDamage, type Transaction } from '../store/index.ts'
import { accountNames } from './account.ts'
import { findingOf, judgeAnswer, type SoughtMedia } from './answer.ts'
import { type AskParts, askFrom, fetchFrom, type MediaPlace } from './asking.ts'
import { createLines } from './line-checks.ts'
import { createMemories, type Remembered } from './memory.ts'
import { type RecheckLook, type RecheckResult, unverifiable } from './recheck-look.ts'
import { DIRECT, lookFromAll, type VantageLook } from './vantages.ts'

/** Cases looked at in one run, and at the same time. */
const RUN_MAX = 500
const AT_ONCE = 4

/** Reads an item as it is now; one that was joined to another is that other. */
interface ItemFingerprints {
  known(
    tx: Transaction,
    itemId: string,
  ): Promise<Pick<KnownItem, 'id' | 'fingerprints' | 'vetoes'> | undefined>
  isDamaged(tx: Transaction, itemId: string): Promise<boolean>
}

/** `by` is a principal id, or `hindra` for what the system does by itself. */
export interface Recheck {
  /** Looks at the cases that are due, the longest waiting first; the rest waits for the next run. */
  run(by: string): Promise<readonly RecheckResult[]>
  /** The process ends: looks under way are gone through with, and the rest is left to the next one. */
  readonly close: () => void
  /** Looks at one case now. Throws NOT_FOUND, CASE_STATE where it is not looked at any more. */
  runCase(by: string, caseId: string): Promise<RecheckResult>
  /**
   * Keeps (sealed) the fingerprint of what an assessed case shows now, as there is no item to
   * compare later looks with. False where the media could not be had: where media is there later, a
   * person is to say whether it is it. Throws NOT_FOUND.
   */
  remember(by: string, caseId: string): Promise<boolean>
  /**
   * What a place shows now, fetched as looks fetch, from the first of their places that gets it; else what the last of
   * them was answered. Throws as `Fetcher.fetch` where that one was not answered.
   */
  fetchAt(place: MediaPlace): Promise<Fetched>
  /** What that says of a case, as a look would say; it is no look, and nothing is recorded. */
  compared(
    entry: Case,
    fetched: Fetched,
  ): Promise<Pick<RecheckLook, 'outcome' | 'cause' | 'distance'>>
  /**
   * Keeps (sealed) what a sighting of a case showed: seen again it is there, whatever found it.
   *
   * @param isFetched Hindra fetched it there itself; else a client handed it in and said that it was there
   */
  show(tx: Transaction, caseId: string, seen: Fingerprint, isFetched: boolean): Promise<void>
  /** SHA-256 of the bytes that Hindra itself fetched at its URL; undefined where it never did, or they are in doubt. */
  fetchedBytes(tx: Transaction, caseId: string): Promise<string | undefined>
  /**
   * A person looked at what looks could not tell: the case moves, and what was there then is known for what
   * the person said. Throws NOT_FOUND, CASE_STATE, INVALID_INPUT.
   */
  answer(
    tx: Transaction,
    by: string,
    caseId: string,
    given: LookAnswer,
    reason: string,
  ): Promise<Case>
  /** What is kept of what a case was seen to show. */
  readonly remembered: (tx: Transaction, caseId: string) => Promise<Remembered>
  /** Forgets what was remembered of a case, for retention. */
  forget(tx: Transaction, caseId: string): void
}

export function createRecheck(
  context: Context,
  audit: Audit,
  cases: Cases,
  register: ItemFingerprints,
  options: AskParts & {
    /**
     * Fingerprints what is assessed, with all that can be kept to compare later looks with. May take the bytes over.
     */
    readonly fingerprint: (bytes: Uint8Array) => Promise<Fingerprint>
    readonly settings: Config['recheck']
    /** The places from where is looked: see `placesOf`. */
    readonly places: readonly string[]
  },
): Recheck {
  const { store, clock } = context
  const { settings, fetcher, places } = options
  const memories = createMemories(context, options.policy)
  const ending = new AbortController()

  return {
    close: () => {
      ending.abort()
    },
    async run(by) {
      const due = await cases.dueForRecheck(clock.now(), RUN_MAX)
      const isUp = linesNow()
      const results = await inLanes(due, AT_ONCE, async (entry) =>
        ending.signal.aborted ? undefined : look(by, entry, isUp).catch(overtaken),
      )
      await tellOfUnverified(by)
      return results
        .filter((result) => result !== undefined)
        .sort((a, b) => (a.caseId < b.caseId ? -1 : 1))
    },

    async runCase(by, caseId) {
      const entry = await cases.get(caseId)
      if (!isAtWork(entry.status) && !isResting(entry.status)) {
        throw new HindraError('CASE_STATE', { says: 'case-not-looked-at', status: entry.status })
      }
      return await look(by, entry, linesNow())
    },

    async remember(by, caseId) {
      const entry = await cases.get(caseId)
      const fingerprint = await fingerprintAt(entry)
      if (fingerprint === undefined) return false
      await store.transact(async (tx) => {
        await memories.show(tx, caseId, fingerprint, true)
        audit.append(tx, { by, action: 'case.remember', subject: caseId })
      })
      return true
    },

    async fetchAt(place) {
      const [last = DIRECT, ...before] = places.toReversed()
      for (const vantage of before.toReversed()) {
        const fetched = await visit(place, vantage).catch(unlessBroken)
        if (fetched !== undefined && isThere(fetched)) return fetched
      }
      return await visit(place, last)
    },

    async compared(entry, fetched) {
      const sought = await store.transact((tx) => soughtAt(tx, entry))
      if (typeof sought === 'string') return unverifiable('nothing-known', sought)
      return await judgeAnswer(fetched, sought, options).catch(findingOf)
    },

    async answer(tx, by, caseId, given, reason) {
      const changed = await cases.answerLook(tx, by, caseId, given, reason)
      if (given.answer !== 'look-again') {
        await memories.answer(tx, caseId, given.answer === 'still-there')
      }
      return changed
    },

    show: memories.show,
    remembered: memories.read,
    fetchedBytes: async (tx, caseId) => (await memories.read(tx, caseId)).fetched ?? undefined,
    forget: (tx, caseId) => {
      memories.forget(tx, caseId)
    },
  }

  async function tellOfUnverified(by: string): Promise<void> {
    let told: number
    do {
      told = await store.transact((tx) => cases.alertUnverified(tx, by))
    } while (told > 0)
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
    const { outcome, cause, reason, distance, shown } = finding
    const seen = { outcome, cause, at, reason, ...defined({ shown }), seenFrom }
    const { nextRecheckAt, nextRecheckWhy } = await store.transact(async (tx) => {
      await keep(tx, entry.id, finding)
      return cases.recordRecheck(tx, by, entry.id, seen)
    })
    return { caseId: entry.id, ...seen, distance, nextRecheckAt, nextRecheckWhy }
  }

  async function keep(tx: Transaction, caseId: string, finding: RecheckLook): Promise<void> {
    const { remember, fetched, doubted = null, shown: as } = finding
    if (fetched !== undefined) await memories.fetched(tx, caseId, fetched)
    if (remember !== undefined) {
      await memories.show(tx, caseId, { ...remember, ...defined({ as }) }, true)
    }
    await memories.doubt(tx, caseId, doubted)
  }

  async function inspect(
    entry: Case,
    isUp: (vantage: string) => Promise<boolean>,
  ): Promise<VantageLook> {
    const sought = await store.transact((tx) => soughtAt(tx, entry))
    if (typeof sought === 'string') {
      return { finding: unverifiable('nothing-known', sought), seenFrom: [] }
    }
    const ask = (vantage: string) =>
      askFrom(vantage === DIRECT ? undefined : vantage, entry, sought, options)
    return await lookFromAll(places, ask, isUp)
  }

  function visit(place: MediaPlace, vantage: string): Promise<Fetched> {
    return fetchFrom(place, fetcher, vantage === DIRECT ? undefined : vantage)
  }

  /** What is at the place now, to compare later looks with; undefined where it cannot be had. */
  async function fingerprintAt(entry: Case): Promise<Fingerprint | undefined> {
    try {
      const fetched = await fetchFrom(entry, fetcher)
      return isThere(fetched) ? await options.fingerprint(fetched.bytes) : undefined
    } catch (error) {
      if (error instanceof HindraError) return undefined
      throw error
    }
  }

  /** Without its hashes a look would take what is there for gone. */
  async function isAnyDamaged(tx: Transaction, { subject, matches }: Case): Promise<boolean> {
    for (const id of new Set([subject.id, ...matches.map(({ itemId }) => itemId)])) {
      if (await register.isDamaged(tx, id)) return true
    }
    return false
  }

  /** All that the case was found by, as it stands now; or why nothing of it can be looked for. */
  async function soughtAt(tx: Transaction, entry: Case): Promise<SoughtMedia | string> {
    const memory = await memories.read(tx, entry.id)
    const place = { url: entry.rawUrl, account: accountNames(entry) }
    if (entry.subject.kind === 'assessment') {
      const items = [{ id: entry.id, fingerprints: memory.shown }]
      return { ...place, items, grounds: { ...memory, known: [], ids: [entry.id], matches: [] } }
    }
    const subject = await register.known(tx, entry.subject.id)
    if (await isAnyDamaged(tx, entry)) return 'an item that it was found by is damaged in the store'
    if (subject === undefined) return 'the item is not known any more'
    if (subject.vetoes) return 'what it was found by is on the allow-list now'
    const items = new Map([[subject.id, subject]])
    // A picture that shows several known ones has a case of the clearest.
    for (const { itemId, verdict, clientSupplied } of entry.matches) {
      if (verdict === 'review' || clientSupplied) continue
      const item = await register.known(tx, itemId)
      if (item !== undefined && !item.vetoes) items.set(item.id, item)
    }
    const found = [...items.values()]
    const ids = found.map(({ id }) => id)
    const known = found.flatMap(({ fingerprints }) => fingerprints)
    const matches = entry.matches.filter(({ itemId }) => itemId === entry.subject.id)
    return { ...place, items: found, grounds: { ...memory, known, ids, matches } }
  }
}

function isThere({ status }: Fetched): boolean {
  return status >= 200 && status < 300
}

/** Closed or retracted while we looked, or of a damaged record: there is nothing to record. */
function overtaken(error: unknown): undefined {
  if (isDamage(error) || (error instanceof HindraError && error.code === 'CASE_STATE')) {
    return undefined
  }
  throw error
}
