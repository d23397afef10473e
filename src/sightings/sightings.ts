import { allows, type Principal } from '../access/index.ts'
import type { Readings } from '../audit/index.ts'
import { defined, isNoUrl } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { areTelling, isByHashes, type Sighting } from '../intake/index.ts'
import {
  byVerdict,
  type Claim,
  type Claims,
  type KeptAnswers,
  type Look,
  type Looked,
  type AnswerPlace,
  type Seen,
  type Submitter,
  type Verdict,
  type VerdictAnswer,
} from '../match/index.ts'
import type { CounterName, Stats, StatsTally } from '../stats/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import { attributed, submitterOf } from './attribution.ts'
import type { FileMatch } from './filing.ts'
import type { HitLimit } from './hit-limit.ts'
import type { NearProbes } from './near-probes.ts'
import { createReceiving, type MaySee, onBeat } from './receiving.ts'
import type { Retroactive } from './retroactive.ts'
import { asScreened, isToldHit, type ScreeningAnswer } from './screening.ts'

/** When a place among the pending may have become free. */
const BUSY_SECONDS = 30

/**
 * What a submitter learns, and nothing about the item it hit: the verdict and the case where `sighting:verdict` was
 * granted; else that it was received, whatever it hit.
 */
export interface SightingAnswer extends Omit<VerdictAnswer, 'verdict'> {
  readonly verdict: VerdictAnswer['verdict'] | 'received'
  readonly caseId?: string
}

const NONE: VerdictAnswer = { verdict: 'none' }
const RECEIVED: SightingAnswer = { verdict: 'received' }

/** Shown what was seen to the byte, for items that lack evidence. */
export type RefreshSeen = (looked: readonly Looked[]) => Promise<void>

/** Told of each sighting as it is judged, by the source of the key that brought it. */
export interface JudgedObserver {
  judged(result: VerdictAnswer['verdict'] | 'failed', source: string | null): void
  /** Told of each that was screened, which is a sighting too where it has a URL. */
  screened(verdict: ScreeningAnswer['verdict'] | 'failed', source: string | null): void
}

export interface SightingParts {
  readonly store: Store
  readonly look: Look
  readonly claims: Claims
  readonly answers: KeptAnswers
  readonly file: FileMatch
  readonly stats: Pick<Stats, 'count'>
  readonly tally: StatsTally
  readonly readings: Pick<Readings, 'often'>
  readonly observers: JudgedObserver
  readonly retroactive: Pick<Retroactive, 'keeps' | 'keep'>
  readonly pendingMax: number
  /** Sources whose hits open no case. */
  readonly reportOnly: readonly string[]
  readonly nearProbes: NearProbes
  readonly refreshSeen: RefreshSeen
  /** Told that something new is pending. */
  readonly claimed: () => void
}

/** What becomes of a sighting: a counter, a claim that waits until Hindra has looked, or a case. */
export interface Sightings {
  /**
   * A hit by hashes alone is answered `pending`, durably, and judged when Hindra has looked at the
   * URL itself. An observation that is sent again gets the answer that it got. Throws CONFLICT (the
   * idempotency key is another observation's), OVERLOADED (too many are pending), and what keeps
   * Hindra from looking at the media or the URL. Who lacks `sighting:verdict` is told `received`, and refused only
   * for what says nothing of the register: no conflict, and OVERLOADED whether it hit or not. Throws INVALID_INPUT
   * for what was seen at no URL.
   *
   * @param hits Asked before a new hit by hashes alone is answered, unless all are; what it throws is the answer to whoever is told
   *   verdicts. The hits of others are claimed nonetheless, and a person looks at them instead of Hindra. Told of each hit
   *   that is told and opens no case, as if it had been screened
   * @param worked Told when only the wait for the moment of the answer is left, so that another may be worked on
   */
  submit(
    by: Principal,
    sighting: Sighting,
    hits?: HitLimit,
    worked?: () => void,
  ): Promise<SightingAnswer>
  /**
   * Judges media for a report. What has a URL is a sighting as well, and opens a case as ever; what has none (`NO_URL`)
   * leaves no record but who screened how many, and how many of them hit. Throws INVALID_INPUT without media, and what
   * keeps Hindra from looking at it.
   *
   * @param hits Told of each hit, once it is filed
   */
  screen(by: Principal, sighting: Sighting, hits?: HitLimit): Promise<ScreeningAnswer>
  /** Whether the key is of a source whose hits open no case. */
  isReportOnly(by: Principal): boolean
  /** What Hindra saw of a claim. False where it was judged already. */
  readonly settle: (claim: Claim, seen: Seen) => Promise<boolean>
}

export function createSightings(parts: SightingParts): Sightings {
  const { store, look, claims, answers, stats, tally, observers } = parts
  let claiming = 0
  const { retroactive } = parts

  const receiving = createReceiving({
    store,
    look,
    claims,
    answers,
    pendingMax: parts.pendingMax,
    busySeconds: BUSY_SECONDS,
    countNone: (tx, by) => {
      countAll(tx, counters(by, 'verdict.none'))
    },
    none: ({ source }) => {
      observers.judged('none', source)
    },
    claimed: parts.claimed,
  })

  /** @param isTold Whether the submitter is told what came of it: else nothing may depend on that */
  async function judge(by: Submitter, sighting: Sighting, isTold: boolean): Promise<VerdictAnswer> {
    let seen: Seen
    try {
      seen = await look.seen(sighting, undefined, { alike: !isTold })
    } catch (error) {
      if (isNoUrl(sighting.url)) throw error
      await tally.count(counters(by, 'failed'))
      observers.judged('failed', by.source)
      throw error
    }
    if (isNoUrl(sighting.url)) return strongest(answersOf(seen))
    const answer = seen.looked.some(isHit)
      ? await fileOnce(by, sighting, seen, isTold)
      : await countOnly(by, seen)
    observers.judged(answer.verdict, by.source)
    const refreshed = parts.refreshSeen(seen.looked)
    if (isTold) await refreshed
    return answer
  }

  function fileOnce(
    by: Submitter,
    sighting: Sighting,
    seen: Seen,
    isTold: boolean,
  ): Promise<VerdictAnswer> {
    const media = seen.looked.flatMap(({ fingerprint }) => fingerprint?.sha256 ?? [])
    const observation = answers.observation(by.id, sighting, isTold, media)
    return store.transact((tx) => once(tx, observation, () => file(tx, by, seen)))
  }

  async function byHashes(
    by: Submitter,
    sighting: Sighting,
    hits: HitLimit | undefined,
  ): Promise<VerdictAnswer> {
    const { looked } = await look.byHashes(sighting)
    if (looked.some(isHit)) return claim(by, sighting, hits)
    if (!areTelling(sighting.hashes ?? [])) return judge(by, sighting, true)
    await tally.count(counters(by, 'verdict.none'))
    observers.judged('none', by.source)
    return NONE
  }

  async function screened(by: Submitter, sighting: Sighting): Promise<ScreeningAnswer> {
    try {
      const answer = asScreened(await judge(by, sighting, true))
      observers.screened(answer.verdict, by.source)
      return answer
    } catch (error) {
      observers.screened('failed', by.source)
      throw error
    }
  }

  const opensCases = ({ source }: Submitter) =>
    source === null || !parts.reportOnly.includes(source)

  /** What may be known to nobody but whoever was told it is in the audit, and limited. */
  async function noteTold(by: Principal, told: VerdictAnswer, hits: HitLimit | undefined) {
    if (!isToldHit(told)) return
    parts.readings.often(by, 'sighting.screen-hit')
    await hits?.screened()
  }

  /** Receives from whoever is told nothing. */
  async function receive(
    by: Submitter,
    sighting: Sighting,
    maySee: MaySee,
    worked: () => void,
  ): Promise<SightingAnswer> {
    const startedMs = performance.now()
    if (isByHashes(sighting)) await receiving.receive({ by, sighting, maySee })
    else {
      await judge(by, sighting, false)
      worked()
      await onBeat(startedMs)
    }
    return RECEIVED
  }

  /** Durable when it is answered, so that no crash loses what was claimed. */
  async function claim(
    by: Submitter,
    sighting: Sighting,
    hits: HitLimit | undefined,
  ): Promise<VerdictAnswer> {
    const observation = answers.observation(by.id, sighting, true)
    const kept = await store.transact((tx) => answers.find(tx, observation))
    if (kept !== undefined) return kept
    await hits?.admit()
    const { answerId } = observation
    const answer = await withPlace(() =>
      store.transact((tx) =>
        once(tx, observation, () => {
          claims.put(tx, { by, sighting, answerId })
          return { verdict: 'pending' }
        }),
      ),
    )
    parts.claimed()
    return answer
  }

  /** What is being written counts as well, or a thousand lines at once would all find the last place. */
  async function withPlace<T>(write: () => Promise<T>): Promise<T> {
    claiming += 1
    try {
      if ((await claims.count()) + claiming <= parts.pendingMax) return await write()
      throw new HindraError('OVERLOADED', 'too many hits are pending', {
        retryAfterSeconds: BUSY_SECONDS,
      })
    } finally {
      claiming -= 1
    }
  }

  /** The answer to an observation: the one that it got, or one that is kept from now on. */
  async function once(
    tx: Transaction,
    observation: AnswerPlace,
    answer: () => VerdictAnswer | Promise<VerdictAnswer>,
  ): Promise<VerdictAnswer> {
    const kept = await answers.find(tx, observation)
    if (kept !== undefined) return kept
    const made = await answer()
    answers.keep(tx, observation, made)
    return made
  }

  /** Opens or strengthens cases, and counts. The strongest verdict is the answer. */
  async function file(tx: Transaction, by: Submitter, seen: Seen): Promise<VerdictAnswer> {
    const found: Filed[] = []
    for (const looked of seen.looked) {
      const { verdict, caseId } = opensCases(by)
        ? await parts.file(tx, by.id, attributed(by, looked.sighting), looked)
        : { ...looked.judgement, caseId: undefined }
      countAll(tx, counters(by, `verdict.${verdict}`, looked.fingerprint))
      found.push({ ...asAnswer(verdict, looked), ...defined({ caseId }) })
    }
    for (let left = seen.failed; left > 0; left -= 1) countAll(tx, counters(by, 'failed'))
    if (opensCases(by)) await retroactive.keep(tx, by, seen)
    return strongest(found)
  }

  async function countOnly(by: Submitter, seen: Seen): Promise<VerdictAnswer> {
    const { looked, failed } = seen
    const names = looked.flatMap(({ fingerprint, judgement }) =>
      counters(by, `verdict.${judgement.verdict}`, fingerprint),
    )
    for (let left = failed; left > 0; left -= 1) names.push(...counters(by, 'failed'))
    if (!retroactive.keeps || !opensCases(by)) await tally.count(names)
    else {
      await store.transact((tx) => {
        countAll(tx, names)
        return retroactive.keep(tx, by, seen)
      })
    }
    return strongest(answersOf(seen))
  }

  function countAll(tx: Transaction, names: readonly CounterName[]): void {
    for (const name of names) stats.count(tx, name, 1)
  }

  return {
    async submit(by, sighting, hits, worked = () => undefined) {
      if (isNoUrl(sighting.url)) throw invalid('url', 'what was seen at no URL is screened')
      parts.readings.often(by, 'sighting.submit')
      const submitter = submitterOf(by)
      const isFeeling = await parts.nearProbes.given(by, sighting.hashes ?? [])
      if (!allows(by, 'sighting:verdict')) {
        const maySee: MaySee = async (tx) => (await hits?.isAdmitted(tx)) !== false && !isFeeling
        return receive(submitter, sighting, maySee, worked)
      }
      const answer = isByHashes(sighting)
        ? await byHashes(submitter, sighting, hits)
        : await judge(submitter, sighting, true)
      if (!opensCases(submitter)) await noteTold(by, answer, hits)
      return answer
    },

    async screen(by, sighting, hits) {
      if (sighting.media === undefined) throw invalid('media', 'what is screened brings its media')
      parts.readings.often(by, 'sighting.screen')
      const answer = await screened(submitterOf(by), sighting)
      await noteTold(by, answer, hits)
      return answer
    },

    isReportOnly: (by) => !opensCases(submitterOf(by)),

    async settle({ id, by, answerId }, seen) {
      const answer = await store.transact(async (tx) => {
        if (!(await claims.take(tx, id))) return undefined
        const made = await file(tx, by, seen)
        await answers.settle(tx, answerId, made)
        return made
      })
      if (answer !== undefined) {
        observers.judged(answer.verdict, by.source)
        await parts.refreshSeen(seen.looked)
      }
      return answer !== undefined
    },
  }
}

/** What was filed has its verdict. */
type Filed = VerdictAnswer & { readonly verdict: Verdict }

function answersOf({ looked }: Seen): readonly Filed[] {
  return looked.map((one) => asAnswer(one.judgement.verdict, one))
}

function invalid(field: string, why: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${why}`, { field })
}

function strongest(found: readonly Filed[]): Filed {
  return found.reduce((a, b) => (byVerdict(a, b) <= 0 ? a : b))
}

function asAnswer(verdict: Verdict, { judgement }: Looked): Filed {
  return { verdict, ...(verdict === 'unjudged' ? defined({ why: judgement.why }) : {}) }
}

function isHit({ judgement }: Looked): boolean {
  return judgement.matches.length > 0
}

function counters(
  { source }: Submitter,
  result: CounterName,
  fingerprint?: Looked['fingerprint'],
): CounterName[] {
  const names: CounterName[] = ['sighting', result]
  if (source !== null) names.push(`source.${source}`)
  if (fingerprint !== undefined) names.push(fingerprint.kind)
  return names
}
