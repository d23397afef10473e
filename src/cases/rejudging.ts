import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  type Match,
  type MatchPolicy,
  type Rejudged,
  rejudge,
  ruleOf,
  type Thresholds,
} from '../match/index.ts'
import {
  Collection,
  type Context,
  inPages,
  keySpace,
  type Page,
  sumOfPages,
  type Transaction,
} from '../store/index.ts'
import type { Act, Ledger } from './ledger.ts'
import { checkReason } from './reason.ts'
import { type CaseClear, type CaseRow, toCase } from './record.ts'
import type { Rulings } from './rulings.ts'
import { isLive, isTakenBack, mayBeNotified } from './states.ts'
import type { Case, CaseStatus, CaseTakeBack } from './case.ts'

/** How far the cases were judged anew. */
const PASS = keySpace('system', 'match-rule')()
/** Thresholds of every rule that was ever in force, by its id. */
const RULES = keySpace('match-rule')
/** The rule of cases that name none: what was in force when rules were first kept. */
const BEFORE_RULES = 'before'
const PAGE = 100

/** Whoever follows the alerts hears of it, and nothing more leaves until a person has decided. */
const HOLDS = { alerts: ['review'], clear: { decision: 'pending' } } as const

interface Pass {
  /** Id of the rule that was in force when the pass began. */
  readonly rule: string
  /** Id of the last case that was looked at; null once all were. */
  readonly after: string | null
}

/** What a pass found about one case. A case that is `restored` had waited because of an earlier rule. */
type Seen = Rejudged['outcome'] | 'restored'

interface RejudgedClear {
  readonly at: string
  readonly rule: string
  readonly before: string | null
  readonly outcome: 'falls' | 'untold'
  readonly verdict: 'review' | 'none' | null
  /** Whether its decision was `not-needed`, and waits for a person because of this. */
  readonly held: boolean
}

/** A case that was confirmed by another rule, and would not be, or cannot be told to be, by this one. */
export interface Rejudgement extends Omit<RejudgedClear, 'held'> {
  readonly caseId: string
  readonly status: CaseStatus
  /** Why it does not stand, in words for a person. */
  readonly reason: string
}

export interface RejudgingReport {
  /** Id of the rule in force. */
  readonly rule: string
  /** Cases that a rule had confirmed and that were looked at. */
  readonly looked: number
  readonly falls: number
  readonly untold: number
  /** Waited for a person because of a rule that is not in force any more. */
  readonly restored: number
}

/** What was confirmed under one rule of matching is judged again under the next. */
export interface CaseRejudging {
  /** Id of the rule in force. */
  readonly rule: string
  /**
   * Judges what another rule confirmed, in pages, and goes on where an earlier pass was broken off. What
   * would not be confirmed now waits for a person; nothing more leaves of it. Does nothing where the rule
   * is the one of the last pass, unless `always`.
   */
  rejudgeAll(by: string, options?: { readonly always?: boolean }): Promise<RejudgingReport>
  /** What `rejudgeAll` would find, in order of opening; changes nothing. */
  wouldFall(): AsyncIterable<Rejudgement>
  /** Waiting for a person, in order of opening. */
  rejudged(page: {
    readonly after?: string
    readonly limit?: number
  }): Promise<readonly Rejudgement[]>
  isRejudged(tx: Transaction, caseId: string): Promise<boolean>
  /** A person took it back. Throws NOT_FOUND where it does not wait, INVALID_INPUT without a reason. */
  acceptRejudgement(
    tx: Transaction,
    by: string,
    caseId: string,
    why: CaseTakeBack,
    reason: string,
  ): Promise<Case>
  /** A person looked, and it stands. Throws as `acceptRejudgement`. */
  dismissRejudgement(tx: Transaction, by: string, caseId: string, reason: string): Promise<Case>
  eraseRejudgement(tx: Transaction, caseId: string): void
}

export function createRejudging(
  { store, sealer, clock }: Context,
  ledger: Ledger,
  policy: MatchPolicy,
  rulings: Pick<Rulings, 'takeBack'>,
): CaseRejudging {
  const rule = ruleOf(policy)
  const waiting = new Collection<RejudgedClear, { readonly reason: string }>(
    keySpace('case-rejudged'),
    sealer,
  )

  async function passNow(tx: Transaction): Promise<Pass | undefined> {
    const value = await tx.get(PASS)
    return value === undefined ? undefined : (JSON.parse(Buffer.from(value).toString()) as Pass)
  }

  function putPass(tx: Transaction, pass: Pass): void {
    tx.put(PASS, Buffer.from(JSON.stringify(pass)))
  }

  /** The pass that is under way, or a new one where the rule is another than that of the last. */
  function begin(always: boolean): Promise<Pass> {
    return store.transact(async (tx) => {
      const last = await passNow(tx)
      if (last?.rule === rule.id && !(always && last.after === null)) return last
      const thresholds = Buffer.from(JSON.stringify(rule.thresholds))
      // An update changes the code and not the settings: those are what older cases were judged by.
      if (last === undefined) tx.put(RULES(BEFORE_RULES), thresholds)
      tx.put(RULES(rule.id), thresholds)
      const pass = { rule: rule.id, after: '' }
      putPass(tx, pass)
      return pass
    })
  }

  async function thresholdsOf(
    tx: Transaction,
    { rule: id = BEFORE_RULES }: CaseClear,
  ): Promise<Thresholds | undefined> {
    const value = await tx.get(RULES(id))
    if (value !== undefined) return JSON.parse(Buffer.from(value).toString()) as Thresholds
    return id === BEFORE_RULES ? rule.thresholds : undefined
  }

  /** Whether a rule alone confirmed it, and another one than this; nobody has taken it back. */
  function isMeant({ verdict, decision, status, rule: judgedBy }: CaseClear): boolean {
    if (verdict !== 'confirmed' || decision === 'accepted' || decision === 'rejected') return false
    return judgedBy !== rule.id && !isTakenBack(status)
  }

  async function judged(tx: Transaction, row: CaseRow): Promise<Rejudged> {
    const match = matchOf(row)
    if (match === undefined) {
      return { outcome: 'untold', reason: 'the record lacks what it was confirmed by' }
    }
    return rejudge(match, policy, await thresholdsOf(tx, row.clear))
  }

  async function look(tx: Transaction, by: string, row: CaseRow): Promise<Seen> {
    const found = await judged(tx, row)
    const before = await waiting.get(tx, row.id)
    if (found.outcome === 'stands') {
      if (before === undefined) return 'stands'
      restore(tx, by, row, before.clear)
      return 'restored'
    }
    // Held for another reason already: a person looks at it anyway.
    const isHeld =
      before?.clear.held ?? (isLive(row.clear.status) && row.clear.decision !== 'pending')
    const { outcome, reason } = found
    const clear: RejudgedClear = {
      at: isoTime(clock.now()),
      rule: rule.id,
      before: row.clear.rule ?? null,
      outcome,
      verdict: found.outcome === 'falls' ? found.verdict : null,
      held: isHeld,
    }
    waiting.put(tx, row.id, clear, { reason })
    if (before === undefined) ledger.change(tx, row, holding(by, isHeld, clear, reason))
    return outcome
  }

  function holding(by: string, isHeld: boolean, clear: RejudgedClear, reason: string): Act {
    const { outcome, verdict, rule: ruleId } = clear
    return {
      by,
      action: 'case.rejudge',
      detail: { rule: ruleId, outcome, verdict },
      reason: { says: outcome === 'falls' ? 'rule-confirms-no-more' : 'rule-cannot-tell', reason },
      ...(isHeld ? HOLDS : {}),
    }
  }

  function restore(tx: Transaction, by: string, row: CaseRow, { held }: RejudgedClear): void {
    waiting.delete(tx, row.id)
    const isWaiting = held && row.clear.decision === 'pending'
    ledger.change(tx, row, {
      by,
      action: 'case.rejudge',
      detail: { rule: rule.id, outcome: 'stands' },
      reason: { says: 'rule-confirms' },
      ...(isWaiting ? { clear: { decision: 'not-needed' as const } } : {}),
    })
  }

  /** What waits because of another rule than the one that is in force again. */
  function restoreAll(by: string): Promise<number> {
    return sumOfPages<string>(store, async (tx, after) => {
      const rows = await waiting.page(tx, { after, limit: PAGE })
      let found = 0
      for (const { id, clear } of rows) {
        const row = await ledger.need(tx, id)
        if (row.clear.rule !== rule.id) continue
        restore(tx, by, row, clear)
        found += 1
      }
      return { found, last: rows.length < PAGE ? undefined : rows.at(-1)?.id }
    })
  }

  /** A page of what is meant; undefined as `last` at the end. */
  async function page(
    tx: Transaction,
    after: string | undefined,
  ): Promise<Page<readonly CaseRow[], string>> {
    const rows: CaseRow[] = []
    let count = 0
    let last: string | undefined
    for await (const { id, clear } of ledger.cases.clearRows(tx, { after, limit: PAGE })) {
      count += 1
      last = id
      if (isMeant(clear)) rows.push(await ledger.need(tx, id))
    }
    return { found: rows, last: count < PAGE ? undefined : last }
  }

  async function shown(tx: Transaction, caseId: string): Promise<Rejudgement | undefined> {
    const row = await waiting.get(tx, caseId)
    const entry = await ledger.get(tx, caseId)
    if (row === undefined || entry === undefined) return undefined
    if (isTakenBack(entry.clear.status)) return undefined
    const { at, rule: judgedBy, before, outcome, verdict } = row.clear
    const { status } = entry.clear
    return { caseId, status, at, rule: judgedBy, before, outcome, verdict, ...row.sealed }
  }

  async function needWaiting(tx: Transaction, caseId: string): Promise<CaseRow> {
    if ((await shown(tx, caseId)) === undefined) {
      throw new HindraError('NOT_FOUND', 'the case does not wait because of a changed rule')
    }
    return ledger.need(tx, caseId)
  }

  return {
    rule: rule.id,
    async rejudgeAll(by, { always = false } = {}) {
      const counts = { looked: 0, stands: 0, falls: 0, untold: 0, restored: 0 }
      let pass = await begin(always)
      if (pass.after !== null) counts.restored = await restoreAll(by)
      while (pass.after !== null) {
        const { after } = pass
        const done = await store.transact(async (tx) => {
          const { found, last } = await page(tx, after)
          const outcomes: Seen[] = []
          for (const row of found) outcomes.push(await look(tx, by, row))
          const next: Pass = { rule: rule.id, after: last ?? null }
          putPass(tx, next)
          return { outcomes, next }
        })
        for (const outcome of done.outcomes) counts[outcome] += 1
        counts.looked += done.outcomes.length
        pass = done.next
      }
      const { looked, falls, untold, restored } = counts
      return { rule: rule.id, looked, falls, untold, restored }
    },

    async *wouldFall() {
      const pages = inPages<readonly Rejudgement[], string>(store, async (tx, after) => {
        const { found, last } = await page(tx, after)
        const falling: Rejudgement[] = []
        for (const row of found) {
          const said = await judged(tx, row)
          if (said.outcome !== 'stands') falling.push(fallen(row, said))
        }
        return { found: falling, last }
      })
      for await (const falling of pages) yield* falling
    },

    rejudged: ({ after, limit = PAGE }) =>
      store.transact(async (tx) => {
        const found: Rejudgement[] = []
        for await (const { id } of waiting.clearRows(tx, { after })) {
          if (found.length >= limit) break
          const one = await shown(tx, id)
          if (one !== undefined) found.push(one)
        }
        return found
      }),
    isRejudged: async (tx, caseId) => (await shown(tx, caseId)) !== undefined,

    async acceptRejudgement(tx, by, caseId, why, reason) {
      await needWaiting(tx, caseId)
      waiting.delete(tx, caseId)
      return rulings.takeBack(tx, by, caseId, why, reason)
    },

    async dismissRejudgement(tx, by, caseId, reason) {
      const row = await needWaiting(tx, caseId)
      checkReason(reason)
      waiting.delete(tx, caseId)
      // A person vouches for it from now on, whatever a rule says.
      const decision = row.clear.decision === 'rejected' ? 'rejected' : 'accepted'
      const isBack = !mayBeNotified(row.clear) && mayBeNotified({ ...row.clear, decision })
      return toCase(
        ledger.change(tx, row, {
          by,
          action: 'case.decide',
          reason,
          detail: { decision },
          isJudgement: true,
          alerts: isBack ? ['seen-again'] : [],
          clear: { decision },
        }),
      )
    },

    eraseRejudgement: (tx, caseId) => {
      waiting.delete(tx, caseId)
    },
  }

  function fallen(
    { id, clear }: CaseRow,
    said: Exclude<Rejudged, { outcome: 'stands' }>,
  ): Rejudgement {
    return {
      caseId: id,
      status: clear.status,
      at: isoTime(clock.now()),
      rule: rule.id,
      before: clear.rule ?? null,
      outcome: said.outcome,
      reason: said.reason,
      verdict: said.outcome === 'falls' ? said.verdict : null,
    }
  }
}

/** What confirmed the case: of its item, else (where that was joined to another since) the strongest. */
function matchOf({ clear, sealed }: CaseRow): Match | undefined {
  const { matches } = sealed
  const confirming = matches.filter(({ verdict }) => verdict === 'confirmed')
  return (
    confirming.find(({ itemId }) => itemId === clear.subject.id) ??
    matches.find(({ verdict }) => verdict === 'exact') ??
    confirming[0]
  )
}
