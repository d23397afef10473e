import { setTimeout as sleep } from 'node:timers/promises'
import { HindraError } from '../errors.ts'
import { areTelling, type Sighting } from '../intake/index.ts'
import type { Claims, KeptAnswers, Look, Submitter } from '../match/index.ts'
import type { Store, Transaction } from '../store/index.ts'

/** Lines that come within this share a commit. */
const GATHER_MS = 4
/** No batch is answered sooner: longer than a usual one takes, whatever of it hit. */
const HOLD_MS = 20
/** Answers that rest on media leave on this beat, counted from the beginning of the look. */
const BEAT_MS = 50

/** A line by hashes alone of whoever is told nothing. */
export interface ReceivedLine {
  readonly by: Submitter
  readonly sighting: Sighting
  readonly maySee: MaySee
}

/** Asked in the transaction that claims a new hit; false where Hindra is not to look at its URL. */
export type MaySee = (tx: Transaction) => Promise<boolean>

/** What becomes of hashes whose submitter is told `received`, whatever they hit. */
export interface Receiving {
  /**
   * Resolves when the line is durable: as a claim where it hit, as a counter where not. All that came together is
   * written in one commit and answered at once, so that neither order nor time tells one from the other. Throws
   * OVERLOADED, hit or not, where too many are pending.
   */
  receive(line: ReceivedLine): Promise<void>
}

interface Batch {
  readonly lines: ReceivedLine[]
  readonly failed: Map<ReceivedLine, unknown>
  readonly done: Promise<void>
}

export function createReceiving(parts: {
  readonly store: Store
  readonly look: Pick<Look, 'byHashes'>
  readonly claims: Claims
  readonly answers: KeptAnswers
  readonly pendingMax: number
  readonly busySeconds: number
  /** Counts a line that hit nothing. */
  readonly countNone: (tx: Transaction, by: Submitter) => void
  /** Told of each that hit nothing, once it is durable. */
  readonly none: (by: Submitter) => void
  /** Told that something new is pending. */
  readonly claimed: () => void
}): Receiving {
  const { store, look, claims, answers } = parts
  let open: Batch | undefined
  let before = Promise.resolve()

  async function work(lines: readonly ReceivedLine[], failed: Batch['failed']): Promise<void> {
    const openedMs = performance.now()
    await sleep(GATHER_MS)
    await before
    open = undefined
    const written = write(lines, failed)
    before = written.catch(() => undefined)
    try {
      await written
    } finally {
      await sleep(Math.max(0, openedMs + HOLD_MS - performance.now()))
    }
  }

  async function write(lines: readonly ReceivedLine[], failed: Batch['failed']): Promise<void> {
    // Before anything is looked for: a refusal of hits alone would tell them.
    if ((await claims.count()) >= parts.pendingMax) {
      const retryAfterSeconds = parts.busySeconds
      throw new HindraError('OVERLOADED', 'too many sightings are pending', { retryAfterSeconds })
    }
    const found = await Promise.all(lines.map((line) => search(line, failed)))
    const hits = lines.filter((_line, at) => found[at] === true)
    const missed = lines.filter((_line, at) => found[at] === false)
    await store.transact(async (tx) => {
      for (const { by } of missed) parts.countNone(tx, by)
      for (const hit of hits) await claim(tx, hit)
    })
    for (const { by } of missed) parts.none(by)
    if (hits.length > 0) parts.claimed()
  }

  /** Whether it is to be claimed; undefined where the search failed. */
  async function search(line: ReceivedLine, failed: Batch['failed']): Promise<boolean | undefined> {
    // What these cannot say the URL does, hit or not.
    if (!areTelling(line.sighting.hashes ?? [])) return true
    try {
      const { looked } = await look.byHashes(line.sighting)
      return looked.some(({ judgement }) => judgement.verdict !== 'none')
    } catch (error) {
      failed.set(line, error)
      return undefined
    }
  }

  async function claim(tx: Transaction, { by, sighting, maySee }: ReceivedLine): Promise<void> {
    const observation = answers.observation(by.id, sighting, false)
    if ((await answers.find(tx, observation)) !== undefined) return
    const { answerId } = observation
    const unseen = (await maySee(tx)) ? {} : { unseen: true as const }
    claims.put(tx, { by, sighting, answerId, ...unseen })
    answers.keep(tx, observation, { verdict: 'pending' })
  }

  return {
    async receive(line) {
      if (open === undefined) {
        const [lines, failed] = [[], new Map<ReceivedLine, unknown>()]
        open = { lines, failed, done: work(lines, failed) }
      }
      const batch = open
      batch.lines.push(line)
      await batch.done
      if (batch.failed.has(line)) throw batch.failed.get(line)
    },
  }
}

/** Waits for the next beat since a beginning. */
export async function onBeat(startedMs: number): Promise<void> {
  const passedMs = performance.now() - startedMs
  await sleep(Math.ceil(passedMs / BEAT_MS) * BEAT_MS - passedMs)
}
