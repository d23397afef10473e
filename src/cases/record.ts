import { defined } from '../core/index.ts'
import type { Match } from '../match/index.ts'
import type { Classification } from '../register/index.ts'
import type { Row } from '../store/index.ts'
import { NO_CIRCUMSTANCES } from './circumstances.ts'
import type {
  Case,
  CaseEvent,
  CaseHost,
  CaseObservation,
  CaseStatus,
  LastAct,
  Circumstances,
  ReviewDecision,
  CaseLook,
  Subject,
  TakeBackReason,
  Unverified,
} from './case.ts'

/** A round of a case, from opening (or re-opening) to the end: what the statistics are counted from. */
export interface Round {
  readonly openedAt: string
  readonly noticedAt: string | null
  /** Since when it has not been seen at its URL. */
  readonly endedAt: string | null
  readonly end: 'removed' | 'unavailable' | 'moved' | null
}

/** What a person said of a case last, with all that is put back where it is taken back. */
export interface KeptAct extends LastAct, Pick<CaseClear, 'rejectedBefore'> {
  /** Where the case stood. */
  readonly from: CaseStatus
  /** How many rounds it had: what a later one stands on is another matter. */
  readonly rounds: number
  readonly decided: NonNullable<CaseClear['decided']> | null
}

/** What lists, schedules and statistics need. Times are UTC ISO 8601. */
export interface CaseClear {
  readonly status: CaseStatus
  /** Where a disputed case goes back to. */
  readonly disputedFrom: CaseStatus | null
  readonly subject: Subject
  readonly verdict: Case['verdict']
  /** Id of the rule that the evidence was judged by; absent in records of before rules were kept. */
  readonly rule?: string
  readonly decision: ReviewDecision
  /** What a person last said of a match, and when; absent where nobody did, and in records of before. */
  readonly decided?: { readonly at: string; readonly as: 'accepted' | 'rejected' } | null
  /** What a person said last, and what stood before; absent in records of before, null once it was taken back. */
  readonly lastAct?: KeptAct | null
  /** Principals that said whether it stands, each once; absent in records of before that was kept. */
  readonly judgedBy?: readonly string[]
  /** A person has said no to a match of this case before. */
  readonly rejectedBefore: boolean
  readonly classification: Classification
  readonly itemVerified: boolean
  readonly lastSeenAt: string
  readonly sightings: number
  /** The first opening, then each re-opening; never empty. */
  readonly rounds: readonly Round[]
  readonly missesInRow: number
  readonly firstMissAt: string | null
  /** The last look that did not find it, counted or not since it came to rest. */
  readonly lastMissAt: string | null
  readonly nextRecheckAt: string | null
  readonly nextRecheckWhy: string | null
  /** When the host was found, in this round. */
  readonly tracedAt: string | null
  readonly nextTraceAt: string | null
  readonly country: string | null
  readonly returned: boolean
  /** What looks could not tell; absent in records of before. */
  readonly unverified?: Unverified | null
}

export interface CaseSealed {
  /** The canonical URL. */
  readonly url: string
  /** The URL as last seen: where the rotating tokens of a canonical URL were dropped, this one works. */
  readonly rawUrl: string
  readonly pageUrl: string | null
  readonly observations: readonly CaseObservation[]
  readonly circumstances: Circumstances
  readonly matches: readonly Match[]
  readonly history: readonly CaseEvent[]
  readonly host: CaseHost | null
  /** Who hosted it, for each round that was followed by another, and let it come back. */
  readonly formerHosts: readonly (string | null)[]
  readonly lastLook: CaseLook | null
  readonly closedReason: string | null
  /** Absent in records of before it was told apart, and where nothing was taken back. */
  readonly takenBack?: TakeBackReason
}

export type CaseRow = Row<CaseClear, CaseSealed>

/** What of a case tells what became of it, for whom and where: kept in memory of every case, so that it is little. */
export type CaseFacts = Row<
  Pick<
    CaseClear,
    | 'status'
    | 'subject'
    | 'decision'
    | 'decided'
    | 'classification'
    | 'itemVerified'
    | 'lastSeenAt'
    | 'rounds'
    | 'tracedAt'
    | 'country'
  >,
  Pick<CaseSealed, 'formerHosts'> & {
    readonly circumstances: Pick<Circumstances, 'ownRequest' | 'account'>
    readonly host: Pick<CaseHost, 'name' | 'kind' | 'country' | 'tracedAt'> | null
    /** How it was found: by the evidence that is named first. */
    readonly match: { readonly method: Match['method']; readonly isOfFilm: boolean } | null
  }
>

export function factsOf({ id, clear, sealed }: CaseRow): CaseFacts {
  const {
    circumstances: { ownRequest, account },
    host,
    formerHosts,
    matches: [match],
  } = sealed
  return {
    id,
    clear: {
      status: clear.status,
      subject: clear.subject,
      decision: clear.decision,
      ...defined({ decided: clear.decided }),
      classification: clear.classification,
      itemVerified: clear.itemVerified,
      lastSeenAt: clear.lastSeenAt,
      rounds: clear.rounds,
      tracedAt: clear.tracedAt,
      country: clear.country,
    },
    sealed: {
      circumstances: { ownRequest, account },
      host: host && {
        name: host.name,
        kind: host.kind,
        country: host.country,
        tracedAt: host.tracedAt,
      },
      formerHosts,
      match: match === undefined ? null : { method: match.method, isOfFilm: isOfFilm(match) },
    },
  }
}

/** Whether it was a film in which it was seen. */
function isOfFilm({ method, frames, alignment, ...hit }: Match): boolean {
  const { seconds } = alignment ?? hit
  return method === 'film' || method === 'track' || frames !== undefined || seconds !== undefined
}

export const NO_MISSES = { missesInRow: 0, firstMissAt: null, lastMissAt: null } as const

function newRound(openedAt: string): Round {
  return { openedAt, noticedAt: null, endedAt: null, end: null }
}

/** The round that is running, or ran last. */
export function currentRound(clear: CaseClear): Round {
  const round = clear.rounds.at(-1)
  if (round === undefined) throw new Error('a case always has a round')
  return round
}

/** A case as it opens: of what is known then, and nothing more. */
export function newCase(
  known: Pick<
    CaseClear,
    | 'subject'
    | 'verdict'
    | 'rule'
    | 'decision'
    | 'classification'
    | 'itemVerified'
    | 'lastSeenAt'
    | 'returned'
  > &
    Pick<CaseSealed, 'url' | 'rawUrl' | 'pageUrl' | 'matches'> & {
      readonly circumstances?: Circumstances
      readonly observations?: readonly CaseObservation[]
    },
  openedAt: string,
): { clear: CaseClear; sealed: CaseSealed } {
  const { url, rawUrl, pageUrl, matches, observations = [], ...others } = known
  const { circumstances = NO_CIRCUMSTANCES, ...clear } = others
  return {
    clear: {
      ...clear,
      status: 'open',
      disputedFrom: null,
      judgedBy: [],
      rejectedBefore: false,
      sightings: 1,
      rounds: [newRound(openedAt)],
      ...NO_MISSES,
      nextRecheckAt: null,
      nextRecheckWhy: null,
      tracedAt: null,
      nextTraceAt: null,
      country: null,
    },
    sealed: {
      url,
      rawUrl,
      pageUrl,
      observations,
      circumstances,
      matches,
      history: [],
      host: null,
      formerHosts: [],
      lastLook: null,
      closedReason: null,
    },
  }
}

/** What a new round changes: nothing that was seen or found before counts any more. */
export function reopened(clear: CaseClear, at: string) {
  return {
    status: 'open',
    rounds: [...clear.rounds, newRound(at)],
    lastSeenAt: at,
    ...NO_MISSES,
    nextRecheckAt: null,
    nextRecheckWhy: null,
    tracedAt: null,
    nextTraceAt: null,
    unverified: null,
  } as const
}

/** What is put back where an act that is about to be done is taken back. */
export function keptAct(
  { status, rounds, rejectedBefore, decided = null }: CaseClear,
  by: string,
  as: LastAct['as'],
): KeptAct {
  return { by, as, from: status, rounds: rounds.length, rejectedBefore, decided }
}

/** The rounds with the last one changed. */
export function withRound(clear: CaseClear, change: Partial<Round>): readonly Round[] {
  return [...clear.rounds.slice(0, -1), { ...currentRound(clear), ...change }]
}

/**
 * Who said whether a case stands. Of records of before that was kept, whoever gave a reason for anything: that may be
 * one too many, and never one too few.
 */
export function judgesOf({ clear, sealed }: CaseRow): readonly string[] {
  if (clear.judgedBy !== undefined) return clear.judgedBy
  const said = sealed.history.filter(({ reason }) => reason !== null)
  return [...new Set(said.map(({ by }) => by))]
}

export function toCase({ id, clear, sealed }: CaseRow): Case {
  const round = currentRound(clear)
  return {
    id,
    status: clear.status,
    subject: clear.subject,
    verdict: clear.verdict,
    decision: clear.decision,
    classification: clear.classification,
    itemVerified: clear.itemVerified,
    openedAt: clear.rounds[0]?.openedAt ?? round.openedAt,
    lastSeenAt: clear.lastSeenAt,
    sightings: clear.sightings,
    firstNoticeAt: round.noticedAt,
    removedAt: round.end === 'removed' ? round.endedAt : null,
    reopened: clear.rounds.length - 1,
    goneBefore: clear.rounds.at(-2)?.endedAt ?? null,
    nextRecheckAt: clear.nextRecheckAt,
    nextRecheckWhy: clear.nextRecheckWhy,
    lastLook: sealed.lastLook,
    unverified: clear.unverified ?? null,
    missesInRow: clear.missesInRow,
    hostName: sealed.host?.name ?? null,
    country: clear.country,
    closedReason: sealed.closedReason,
    takenBack: takenBack(clear, sealed),
    returned: clear.returned,
    url: sealed.url,
    rawUrl: sealed.rawUrl,
    pageUrl: sealed.pageUrl,
    observations: sealed.observations,
    // Records of earlier versions lack what was added since.
    circumstances: { ...NO_CIRCUMSTANCES, ...sealed.circumstances },
    matches: sealed.matches,
    history: sealed.history,
  }
}

/** A later retraction of the item does not change what was said of the case itself. */
function takenBack({ status }: CaseClear, { takenBack: why }: CaseSealed): TakeBackReason | null {
  if (status === 'not-illegal') return 'not-illegal'
  return status === 'retracted' ? (why ?? 'item-retracted') : null
}
