import type { Principal } from '../access/index.ts'
import type { Case, Cases, CaseTakeBack, Rejudgement, RejudgingReport } from '../cases/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { Notice, Takedown } from '../takedown/index.ts'
import { guarded, type Readings } from './guard.ts'
import type { Page } from './types.ts'

/** Who acts when nobody asked. */
const SYSTEM = 'hindra'
/** So many are shown of what a dry run finds; all are counted. */
const SHOWN_MAX = 1_000

/** A case that waits because the rule of matching has changed, and whom a correction concerns. */
export interface RejudgedCase extends Rejudgement {
  /** Who was told, or may have been: what each of them would be corrected by is not sent yet. */
  readonly told: readonly Pick<Notice, 'id' | 'step' | 'state' | 'recipient' | 'sentAt'>[]
  /** Different ones among them: so many corrections would leave. */
  readonly recipients: number
}

export interface RejudgingAnswer extends RejudgingReport {
  readonly dryRun: boolean
  /** Of a dry run: what would wait, the first thousand. Else empty: it waits. */
  readonly found: readonly RejudgedCase[]
}

/** What was confirmed under one rule of matching, under another one. See the stage `cases`. */
export interface RejudgingApi {
  /** Judges all again that another rule has confirmed; a dry run changes nothing. */
  rejudge(by: Principal, dryRun: boolean): Promise<RejudgingAnswer>
  /** What waits for a person. */
  rejudged(by: Principal, page: Page): Promise<readonly RejudgedCase[]>
  /** It does not stand: whoever was told is told so. Throws NOT_FOUND, INVALID_INPUT. */
  acceptRejudgement(by: Principal, caseId: string, why: CaseTakeBack, reason: string): Promise<Case>
  /** A person looked, and it stands. Throws as `acceptRejudgement`. */
  dismissRejudgement(by: Principal, caseId: string, reason: string): Promise<Case>
}

/** Before anybody is told: what the rule in force would not confirm any more, and what floods. */
export function createHoldBack({
  cases,
  watchFloods,
  warn,
}: {
  readonly cases: Pick<Cases, 'rejudgeAll'>
  readonly watchFloods: () => Promise<void>
  readonly warn: (message: string) => void
}): () => Promise<void> {
  return async () => {
    const { falls, untold } = await cases.rejudgeAll(SYSTEM)
    if (falls + untold > 0) {
      warn(`${falls + untold} cases wait for a person, for the rule of matching has changed`)
    }
    await watchFloods()
  }
}

export function rejudgingCalls(
  store: Store,
  readings: Readings,
  cases: Cases,
  takedown: Pick<Takedown, 'told' | 'withdrawForCase' | 'correctForCase'>,
): RejudgingApi {
  async function withTold(rejudgement: Rejudgement): Promise<RejudgedCase> {
    const notices = await store.transact((tx) => takedown.told(tx, rejudgement.caseId))
    const told = notices.map(({ id, step, state, recipient, sentAt }) => ({
      ...{ id, step, state, recipient, sentAt },
    }))
    const recipients = new Set(told.map(({ recipient }) => recipient)).size
    return { ...rejudgement, told, recipients }
  }

  async function dryRun(): Promise<Omit<RejudgingAnswer, 'rule'>> {
    const counts = { looked: 0, falls: 0, untold: 0, restored: 0 }
    const found: RejudgedCase[] = []
    for await (const one of cases.wouldFall()) {
      counts[one.outcome] += 1
      if (found.length < SHOWN_MAX) found.push(await withTold(one))
    }
    return { ...counts, looked: counts.falls + counts.untold, dryRun: true, found }
  }

  return {
    rejudge: guarded('case:close', async (by, isDry) =>
      isDry
        ? { rule: cases.rule, ...(await dryRun()) }
        : { ...(await cases.rejudgeAll(by.id, { always: true })), dryRun: false, found: [] },
    ),
    rejudged: readings.page(
      ...(['case:read', 'case.rejudged'] as const),
      async (_by, page: Page) => Promise.all((await cases.rejudged(page)).map(withTold)),
      async (_page, max) => (await cases.rejudged({ limit: max })).length,
    ),
    acceptRejudgement: guarded('case:close', (by, caseId, why, reason) =>
      store.transact((tx) => takeBack(tx, { cases, takedown }, by, caseId, why, reason)),
    ),
    dismissRejudgement: guarded('case:close', (by, caseId, reason) =>
      store.transact((tx) => cases.dismissRejudgement(tx, by.id, caseId, reason)),
    ),
  }
}

/** What has not left yet does not leave, and whoever was told is told otherwise. */
async function takeBack(
  tx: Transaction,
  {
    cases,
    takedown,
  }: {
    readonly cases: Cases
    readonly takedown: Pick<Takedown, 'withdrawForCase' | 'correctForCase'>
  },
  by: Principal,
  caseId: string,
  why: CaseTakeBack,
  reason: string,
): Promise<Case> {
  await takedown.withdrawForCase(tx, by.id, caseId)
  takedown.correctForCase(tx, caseId)
  return cases.acceptRejudgement(tx, by.id, caseId, why, reason)
}

/** A person's decision about a case settles what waited because of a changed rule. */
export async function decideRejudged(
  tx: Transaction,
  parts: {
    readonly cases: Cases
    readonly takedown: Pick<Takedown, 'withdrawForCase' | 'correctForCase'>
  },
  by: Principal,
  caseId: string,
  decision: 'accepted' | 'rejected',
  reason: string,
): Promise<Case | undefined> {
  if (!(await parts.cases.isRejudged(tx, caseId))) return undefined
  return decision === 'accepted'
    ? parts.cases.dismissRejudgement(tx, by.id, caseId, reason)
    : takeBack(tx, parts, by, caseId, 'not-the-same', reason)
}
