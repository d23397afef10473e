import type {
  Alert,
  AlertedHold,
  AlertedMail,
  AlertedNotice,
  AlertedObjection,
} from './alert-types.ts'
import type { Assignments } from '../assignments/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import type { UrlRule } from '../core/index.ts'
import { type Judgement, type MatchPolicy, ruleOf } from '../match/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import { type AlertFeed, createAlertFeed } from './alerts.ts'
import {
  type AssessmentFacts,
  createAssessmentReader,
  type KeptAssessment,
} from './assessment-records.ts'
import { createAssessments } from './assessments.ts'
import { type CaseTokens, caseTokens } from './case-table.ts'
import { type CaseErasure, createErasure } from './erasure.ts'
import { createLedger } from './ledger.ts'
import { createLists } from './lists.ts'
import { type CaseNotes, createNotes } from './notes.ts'
import type { Panel } from './panel.ts'
import { createPanels, type Panels } from './panels.ts'
import { createPursuit } from './pursuit.ts'
import type { CaseFacts } from './record.ts'
import { createRejudging, type CaseRejudging } from './rejudging.ts'
import { createRulings } from './rulings.ts'
import { createSamples, type Samples } from './samples.ts'
import { createSchedule } from './schedule.ts'
import { createUndoing } from './undoing.ts'
import { createSightings } from './sightings.ts'
import type {
  AssessmentInput,
  Case,
  CaseFilter,
  NoticePage,
  CaseHost,
  CaseTakeBack,
  Circumstances,
  ItemReader,
  LastAct,
  CaseLook,
  LookAnswer,
  OpenResult,
  SightedAt,
} from './case.ts'
import type { CaseReason } from './whys.ts'

/**
 * Cases from first sighting to removal. Whatever changes one takes the caller's transaction, so
 * that the effects of one act in several stages are all or nothing. `by` is a principal id, or
 * `hindra` for what the system does by itself. Unknown ids: NOT_FOUND.
 */
export interface Cases extends CaseErasure, CaseRejudging, Omit<CaseNotes, 'eraseNotes'> {
  /**
   * Opens, strengthens or re-opens the case of the strongest match whose item still stands, or
   * only counts the sighting. One case an item and canonical URL. Throws URL_INVALID.
   */
  openFromMatch(
    tx: Transaction,
    by: string,
    seen: SightedAt,
    judgement: Judgement,
    register: ItemReader,
  ): Promise<OpenResult>
  /**
   * Opens a case without an item. Throws INVALID_INPUT (class Ignore, no reason), CONFLICT where
   * the URL has an assessed case that is open, URL_INVALID.
   *
   * @param panel Whose last assessment it is, where several people gave one: `panels.settle` keeps all of them
   */
  openFromAssessment(
    tx: Transaction,
    by: string,
    input: AssessmentInput,
    panel?: Panel,
  ): Promise<Case>
  /** What `openFromAssessment` would throw of the same, but for the class. */
  checkAssessment(tx: Transaction, input: AssessmentInput): Promise<void>
  /** What is assessed by several people. */
  readonly panels: Panels
  /** Decisions that another person decides again. */
  readonly samples: Samples

  /** Every assessment that a case rests on, oldest first. Throws NOT_FOUND. */
  assessmentsOf(tx: Transaction, caseId: string): Promise<readonly KeptAssessment[]>
  /** Every assessment, oldest first; pass the last id as `after`. */
  assessments(page: {
    readonly after?: string
    readonly limit?: number
  }): Promise<readonly KeptAssessment[]>

  /** Decides on what is pending, and on nothing else; rejected closes the case. Throws CASE_STATE. */
  decide(
    tx: Transaction,
    by: string,
    caseId: string,
    decision: 'accepted' | 'rejected',
    reason: string,
  ): Promise<Case>
  /** What a person said last of what it stands on; null where something else came since. Throws NOT_FOUND. */
  lastAct(tx: Transaction, caseId: string): Promise<LastAct | null>
  /**
   * As if it had not been said: what was decided is pending, what was assessed is closed. Throws NOT_FOUND, INVALID_INPUT
   * without a reason, CASE_STATE where it stands on something else by now.
   */
  undo(tx: Transaction, by: string, caseId: string, reason: string): Promise<Case>
  /**
   * Principals that said whether it stands: who assessed, decided on a match, ended it, took it back. Throws NOT_FOUND.
   */
  judgesOf(tx: Transaction, caseId: string): Promise<readonly string[]>
  /** What decides who is told; what is not named stays. Throws INVALID_INPUT. */
  setCircumstances(
    tx: Transaction,
    by: string,
    caseId: string,
    change: Partial<Circumstances>,
    reason: string,
  ): Promise<Case>
  /** Throws CASE_STATE. */
  close(tx: Transaction, by: string, caseId: string, reason: string): Promise<Case>
  /** It did not stand: a mistake of ours, of which everybody who was told hears. Throws CASE_STATE. */
  takeBack(
    tx: Transaction,
    by: string,
    caseId: string,
    why: CaseTakeBack,
    reason: string,
  ): Promise<Case>
  /**
   * Live cases of an item that was retracted, disputed or verified (again) just now. Each call
   * changes at most `limit` cases (default 100) and returns those: call until none comes back.
   */
  retractItem(tx: Transaction, by: string, itemId: string, limit?: number): Promise<readonly Case[]>
  disputeItem(tx: Transaction, by: string, itemId: string, limit?: number): Promise<readonly Case[]>
  verifyItem(tx: Transaction, by: string, itemId: string, limit?: number): Promise<readonly Case[]>
  /** Holds what nobody was told of, for the item is in quarantine: it waits for a person. Called as the others. */
  holdItem(tx: Transaction, by: string, itemId: string, limit?: number): Promise<readonly Case[]>

  /** Open cases that may be notified and whose host is not known, longest waiting first. */
  dueForTrace(nowMs: number, limit?: number): Promise<readonly Case[]>
  setHost(tx: Transaction, by: string, caseId: string, host: CaseHost): Promise<Case>
  /** No host or no contact was found: it is due again an hour later. */
  traceFailed(tx: Transaction, by: string, caseId: string, problem: string): Promise<Case>
  hostOf(tx: Transaction, caseId: string): Promise<CaseHost | null>
  /** By when it is looked at again at the latest, as seen at a time; null where nothing can be promised. */
  lookedAtBy(tx: Transaction, caseId: string, at: string): Promise<string | null>

  /**
   * Open cases that may be notified, whose host is known and of which no notice has been sent
   * since they opened (again); in order of id.
   */
  dueForNotice(page?: NoticePage): Promise<readonly Case[]>
  /** A notice was sent: open -> in-progress. Changes nothing in any other state. */
  markNotified(tx: Transaction, by: string, caseId: string): Promise<Case>
  /** One of its notices reached nobody: whoever follows the alerts hears of it. */
  alertUndelivered(tx: Transaction, caseId: string, notice: AlertedNotice): Promise<void>
  /** A child is in danger now, as a tip or an assessment says; `caseId` is null where there is only the tip. */
  alertInDanger(
    tx: Transaction,
    about: { readonly caseId: string | null; readonly tipId?: string },
  ): Promise<void>
  /** Something of it, or of no case, waits for a person. */
  alertErrand(
    tx: Transaction,
    alert: Pick<Alert, 'kind' | 'caseId' | 'notice' | 'tipId' | 'errand'>,
  ): Promise<void>

  /** Alerts that a police hold comes to its end, or that it asks for a person. */
  alertHold(
    tx: Transaction,
    caseId: string,
    kind: 'hold-ends' | 'hold-asks',
    hold: AlertedHold,
  ): Promise<void>

  /** Alerts of an objection to a case: that it came, that its time runs out, that its answer goes by hand. */
  alertObjection(tx: Transaction, caseId: string, objection: AlertedObjection): Promise<void>
  /** Alerts that the police wrote and cite no letter, so that a person must find the case. */
  alertPoliceMail(tx: Transaction, mail: AlertedMail): Promise<void>
  /** A record of the store, by kind and id, cannot be read; or a file of it is damaged. */
  alertDamaged(tx: Transaction, record: string): Promise<void>

  /** Cases whose next look is due, longest waiting first. */
  dueForRecheck(nowMs: number, limit?: number): Promise<readonly Case[]>
  /** Somebody says something new of it: the next look is due now. Changes nothing where none is due. */
  lookSoon(tx: Transaction, by: string, caseId: string, why: CaseReason): Promise<Case>
  /** Throws CASE_STATE where the case is not looked at any more (closed, retracted ...). */
  recordRecheck(tx: Transaction, by: string, caseId: string, look: CaseLook): Promise<Case>

  /**
   * Alerts of cases whose looks cannot tell, as far as that is due: at most 100 a call; call until none is
   * left. Resolves to how many.
   */
  alertUnverified(tx: Transaction, by: string): Promise<number>
  /**
   * A person looked, and says so. Throws CASE_STATE where nobody looks any more, or to say `gone` of what
   * the last look saw; INVALID_INPUT without a reason, or a time to look again that is not ahead.
   */
  answerLook(
    tx: Transaction,
    by: string,
    caseId: string,
    given: LookAnswer,
    reason: string,
  ): Promise<Case>

  /** Cases in order of id, which is the order of opening. */
  list(filter?: CaseFilter): Promise<readonly Case[]>
  /** How many there are on all pages; at most `max` are counted. */
  count(filter: CaseFilter, max: number): Promise<number>
  /** Resolves once one was changed after a versionstamp, or when aborted; now and then for nothing. */
  changed(since: string, signal: AbortSignal): Promise<void>
  /** What statistics count of every case. */
  facts(tx: Transaction, tell: (entry: CaseFacts) => void): Promise<void>
  /** The same of every assessment of something new. */
  assessmentFacts(tx: Transaction, tell: (one: AssessmentFacts) => void): Promise<void>
  get(caseId: string): Promise<Case>
  /** The case within a transaction. Throws as `get`. */
  read(tx: Transaction, caseId: string): Promise<Case>
  /** The case at the URL that is being worked on, of whatever subject. Throws URL_INVALID. */
  atWork(tx: Transaction, url: string): Promise<Case | undefined>
  /** Every case of the URL, whatever became of it, oldest first. Throws URL_INVALID. */
  forUrl(url: string): Promise<readonly Case[]>
  forItem(itemId: string): Promise<readonly Case[]>
  /** What finds cases by what somebody knows of them. */
  readonly found: CaseTokens
  readonly alertFeed: AlertFeed
}

export function createCases(
  context: Context,
  audit: Audit,
  settings: {
    readonly rules: readonly UrlRule[]
    readonly recheck: Config['recheck']
    /** The rule that confirms; a case keeps which version of it judged it. */
    readonly match: MatchPolicy
    readonly assignments: Pick<Assignments, 'heldBy' | 'heldOf'>
    /** Whether cases of before they could be found are still being taken in. */
    readonly areOldLeft: () => boolean
  },
): Cases {
  const schedule = createSchedule(context.random, settings.recheck)
  const ledger = createLedger(context, audit, schedule)
  const rulings = createRulings(ledger, context)
  const rejudging = createRejudging(context, ledger, settings.match, rulings)
  const assessed = createAssessmentReader(context)
  const { eraseNotes, ...notes } = createNotes(context, audit, ledger)
  return {
    openFromMatch: createSightings(context, ledger, settings.rules, ruleOf(settings.match).id),
    ...createAssessments(context, ledger, settings.rules),
    panels: createPanels(context, audit, settings.rules),
    samples: createSamples(context, audit),
    async assessmentsOf(tx, caseId) {
      const { subject } = (await ledger.need(tx, caseId)).clear
      return assessed.ofCase(tx, caseId, subject.kind === 'assessment' ? subject.id : undefined)
    },
    assessments: (page) => assessed.page(page),
    ...rulings,
    ...createUndoing(ledger),
    ...rejudging,
    ...createPursuit(context, ledger, schedule, settings.recheck),
    ...createLists(context, ledger, settings),
    assessmentFacts: assessed.facts,
    ...notes,
    ...createErasure(context, ledger, { ...rejudging, eraseNotes }),
    found: caseTokens(ledger.cases, context.sealer),
    alertFeed: createAlertFeed(context.store, context.newId),
  }
}
