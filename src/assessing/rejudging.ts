import type { Principal } from '../access/index.ts'
import type { Cases, Rejudgement, RejudgingReport } from '../cases/index.ts'
import type { PageQuery } from '../core/index.ts'
import type { Store } from '../store/index.ts'
import type { HoldBack, Notice, Takedown } from '../takedown/index.ts'

/** Who acts when nobody asked. */
const SYSTEM = 'hindra'
/** How many are shown of what a dry run finds; all are counted. */
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
  /** The cases that would wait, at most a thousand, after a dry run; empty otherwise, since they wait then. */
  readonly found: readonly RejudgedCase[]
}

/** What was confirmed under one rule of matching, under another one. See the stage `cases`. */
export interface Rejudging {
  /** Judges all again that another rule has confirmed; a dry run changes nothing. */
  judge(by: Principal, dryRun: boolean): Promise<RejudgingAnswer>
  /** What waits for a person. */
  list(page: PageQuery): Promise<readonly RejudgedCase[]>
  /** How many wait, up to a number. */
  count(max: number): Promise<number>
}

/** Looks, before anybody is told, for what the rule in force would not confirm any more, and what floods. */
export function createHoldBack({
  cases,
  watchFloods,
  warn,
}: {
  readonly cases: Pick<Cases, 'rejudgeAll'>
  readonly watchFloods: () => Promise<void>
  readonly warn: (message: string) => void
}): HoldBack {
  return async () => {
    const { falls, untold } = await cases.rejudgeAll(SYSTEM)
    if (falls + untold > 0) {
      warn(`${falls + untold} cases wait for a person, for the rule of matching has changed`)
    }
    await watchFloods()
  }
}

export function createRejudging({
  store,
  cases,
  takedown,
}: {
  readonly store: Store
  readonly cases: Cases
  readonly takedown: Pick<Takedown, 'told'>
}): Rejudging {
  async function withTold(rejudgement: Rejudgement): Promise<RejudgedCase> {
    const notices = await store.transact((tx) => takedown.told(tx, rejudgement.caseId))
    const told = notices.map(({ id, step, state, recipient, sentAt }) => ({
      id,
      step,
      state,
      recipient,
      sentAt,
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
    judge: async (by, isDry) =>
      isDry
        ? { rule: cases.rule, ...(await dryRun()) }
        : { ...(await cases.rejudgeAll(by.id, { always: true })), dryRun: false, found: [] },
    list: async (page) => Promise.all((await cases.rejudged(page)).map(withTold)),
    count: async (max) => (await cases.rejudged({ limit: max })).length,
  }
}
