import { setImmediate as nextTurn } from 'node:timers/promises'
import { singleFlight } from '../core/index.ts'
import type { Look, Match, Seen, Submitter, Unmatched, UnmatchedStore } from '../match/index.ts'
import { hasNewlyKnown, type KnownSet } from '../known/index.ts'
import type { Register } from '../register/index.ts'
import type { Stats } from '../stats/index.ts'
import {
  type Context,
  keySpace,
  recordingKeys,
  type Transaction,
  VERSIONSTAMP_ZERO,
  type Versionstamp,
} from '../store/index.ts'
import { attributed } from './attribution.ts'
import type { FileMatch } from './filing.ts'

const BATCH_RECORDS = 100
const PASS = keySpace('unmatched-pass')()

/** What is kept of sightings that matched nothing. */
export interface UnmatchedView {
  /** How many are kept at most; 0 where nothing is kept. */
  readonly max: number
  readonly days: number
  readonly count: number
  /** When the oldest and the newest look were, UTC ISO 8601; null where nothing is kept. */
  readonly oldestAt: string | null
  readonly newestAt: string | null
  /** Something was verified, and not all of it has been compared yet. */
  readonly isComparing: boolean
}

/** Finds what is verified only now in what was seen before. */
export interface Retroactive {
  /** How much is kept, and since when. */
  view(): Promise<UnmatchedView>
  readonly keeps: boolean
  /** Keeps what of a look matched nothing, where an operator chose so. */
  keep(tx: Transaction, by: Submitter, seen: Seen): Promise<void>
  /**
   * Compares what is kept, where something was verified since; the next run goes on where one was broken
   * off, also by a crash. Others have a turn after each record, and a second caller gets the run that is
   * under way. How many cases were opened or strengthened.
   */
  run(): Promise<number>
  /** One run, and what it found, for the log; undefined where that is nothing. */
  round(): Promise<{ readonly found: number } | undefined>
  /** Breaks off behind the page that is under way. */
  close(): Promise<void>
}

/** How far the comparing has come. */
interface Pass {
  /** What was verified up to here is being looked for, or was. */
  readonly position: Versionstamp
  /** Done up to this record, '' before the first; null when all is done. */
  readonly after: string | null
}

export function createRetroactive(
  context: Context,
  parts: {
    readonly unmatched: UnmatchedStore
    readonly look: Pick<Look, 'again'>
    readonly register: Register
    readonly known: Pick<KnownSet, 'catchUp' | 'position'>
    readonly file: FileMatch
    readonly stats: Pick<Stats, 'count'>
    readonly settings: { readonly unmatchedMax: number; readonly unmatchedDays: number }
  },
): Retroactive {
  const { store } = context
  const { unmatched, look, register, known, stats, settings } = parts
  const { unmatchedMax: max, unmatchedDays: days } = settings
  const keeps = max > 0
  let isClosing = false

  /** The oldest, beyond the maximal count. */
  async function trim(): Promise<void> {
    for (let left = 1; left > 0; ) {
      const { erased, keys } = await store.transact(async (tx) => {
        const recording = recordingKeys(tx)
        const beyond = Math.min((await unmatched.count(tx)) - max, BATCH_RECORDS)
        const ids = await unmatched.oldest(tx, beyond)
        return { erased: await unmatched.erase(recording.tx, ids), keys: recording.keys }
      })
      left = erased
      // Kept no more: nothing of it is to stay in old files of the store.
      if (!keeps && erased > 0) await store.scrub(keys)
    }
  }

  async function passNow(tx: Transaction): Promise<Pass> {
    const value = await tx.get(PASS)
    if (value === undefined) return { position: VERSIONSTAMP_ZERO, after: null }
    return JSON.parse(Buffer.from(value).toString()) as Pass
  }

  function putPass(tx: Transaction, pass: Pass): void {
    tx.put(PASS, Buffer.from(JSON.stringify(pass)))
  }

  /** The pass that is under way, or a new one where something was verified since the last. */
  async function begin(): Promise<Pass> {
    const last = await store.transact(passNow)
    if (last.after !== null) return last
    const position = store.version()
    const isNew = await hasNewlyKnown(context, register, last.position)
    const next = { position, after: isNew ? '' : null }
    if (isNew) await known.catchUp()
    // Of whichever process: an index that is behind this one may have missed what is looked for now.
    const barrier = known.position
    await store.transact((tx) => {
      if (isNew) unmatched.setBarrier(tx, barrier)
      putPass(tx, next)
      return Promise.resolve()
    })
    return next
  }

  async function goOn(): Promise<number> {
    let pass = await begin()
    let found = 0
    while (pass.after !== null && !isClosing) {
      const after = pass.after === '' ? undefined : pass.after
      const rows = await store.transact((tx) => unmatched.page(tx, after, BATCH_RECORDS))
      found += await compareAll(rows)
      const next = { ...pass, after: rows.at(-1)?.id ?? null }
      await store.transact((tx) => {
        putPass(tx, next)
        return Promise.resolve()
      })
      pass = next
    }
    return found
  }

  /** Looks that began before a pass and were kept behind it. */
  async function compareLate(): Promise<number> {
    for (let found = 0; ; ) {
      const rows = await store.transact((tx) => unmatched.late(tx, BATCH_RECORDS))
      if (rows.length === 0 || isClosing) return found
      found += await compareAll(rows)
      await store.transact((tx) => {
        for (const { id } of rows) unmatched.settle(tx, id)
        return Promise.resolve()
      })
    }
  }

  async function compareDue(): Promise<number> {
    await trim()
    return keeps ? (await compareLate()) + (await goOn()) : 0
  }

  async function compareAll(rows: readonly Unmatched[]): Promise<number> {
    let found = 0
    for (const row of rows) {
      await nextTurn()
      const { judgement } = await look.again(row.sighting, row.fingerprint)
      if (judgement.verdict === 'none') continue
      if (await store.transact((tx) => file(tx, row, judgement.matches))) found += 1
    }
    return found
  }

  /** Files it as the hit that it would have been. What is only proposed waits until it is verified. */
  async function file(
    tx: Transaction,
    { id, at, by, sighting, fingerprint }: Unmatched,
    matches: readonly Match[],
  ): Promise<boolean> {
    const standing: Match[] = []
    for (const match of matches) {
      const item = await register.known(tx, match.itemId)
      if (item?.status === 'verified' && item.matching !== 'none') standing.push(match)
    }
    const [strongest] = standing
    if (strongest === undefined || (await unmatched.erase(tx, [id])) === 0) return false
    const place = { fetchedAt: at, ...attributed(by, sighting), keptSince: at }
    const judgement = { verdict: strongest.verdict, matches: standing }
    await parts.file(tx, by.id, place, { judgement, fingerprint })
    stats.count(tx, 'retroactive', 1)
    return true
  }

  const run = singleFlight(compareDue)

  return {
    keeps,
    async keep(tx, by, seen) {
      if (keeps) await unmatched.keep(tx, by, seen)
    },

    run,
    async round() {
      const found = await run()
      return found === 0 ? undefined : { found }
    },

    async close() {
      isClosing = true
      await run.settled()
    },

    view: () =>
      store.transact(async (tx) => {
        const count = await unmatched.count(tx)
        const { after } = await passNow(tx)
        return { max, days, count, ...(await unmatched.span(tx)), isComparing: after !== null }
      }),
  }
}
