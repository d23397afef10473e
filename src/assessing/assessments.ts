import type { People, Principal } from '../access/index.ts'
import {
  type AssessmentInput,
  type Case,
  type Cases,
  type Circumstances,
  type KeptAssessment,
  placed,
} from '../cases/index.ts'
import type { Assignments } from '../assignments/index.ts'
import { defined, type PageQuery } from '../core/index.ts'
import type { Municipalities } from '../policy/index.ts'
import { HindraError } from '../errors.ts'
import type { Tip, Tips } from '../intake/index.ts'
import type { Recheck } from '../recheck/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import { circumstancesIn, keptAnswers } from './answering.ts'
import type { Assessment, AssessmentOutcome, AssessmentView } from './assessment.ts'
import type { Danger } from './danger.ts'
import type { Pages } from './pages.ts'
import type { PanelDesk, PanelStep } from './panel-desk.ts'
import type { PageAssessment } from './page-types.ts'
import type { Questions } from './questions.ts'

/** A change of an item reaches its cases and notices; the stage behind this one sees to that. */
export type CarryChanges = (by: Principal) => Promise<void>

/** A person says what something is, and whom it concerns. */
export interface Assessing {
  /** What is asked of every assessment. */
  readonly questions: Questions
  /**
   * The case, or what waits for another person where the house asks two. Throws ASSIGNED, SAME_PERSON, CONFLICT;
   * PAGE_CHOICE where the URL is a page, unless the page itself is meant, or an account.
   */
  assess(by: Principal, assessment: Assessment): Promise<AssessmentOutcome>
  /**
   * The same of what is known to be no page, within a transaction: nothing is looked at, and nothing remembered. Throws
   * as `assess`.
   */
  give(
    tx: Transaction,
    by: Principal,
    assessment: Omit<Assessment, 'pageItself'> & Pick<AssessmentInput, 'shown'>,
  ): Promise<PanelStep>
  /** The same of each media; what a case works on already answers with that one. Throws INVALID_INPUT. */
  assessPage(by: Principal, assessment: PageAssessment): Promise<readonly AssessmentOutcome[]>
  /** What waits for a second or a third person. */
  readonly panels: PanelDesk
  /** What a case was assessed as, oldest first. Throws NOT_FOUND. */
  ofCase(caseId: string): Promise<readonly AssessmentView[]>
  /** Every assessment, oldest first; pass the last id as `after`. */
  list(page: PageQuery): Promise<readonly AssessmentView[]>
  /** What is learned of a case later. Throws NOT_FOUND, ASSIGNED, INVALID_INPUT. */
  setCircumstances(
    by: Principal,
    caseId: string,
    change: Partial<Circumstances>,
    reason: string,
  ): Promise<Case>
}

export function createAssessing(parts: {
  readonly store: Store
  readonly cases: Pick<
    Cases,
    'setCircumstances' | 'read' | 'atWork' | 'assessmentsOf' | 'assessments'
  >
  readonly access: Pick<People, 'pseudonyms'>
  readonly tips: Pick<Tips, 'read' | 'waitingAt' | 'markAssessed' | 'workOn'>
  readonly assignments: Pick<Assignments, 'workOn'>
  readonly municipalities: Municipalities
  readonly questions: Questions
  readonly panels: PanelDesk
  readonly danger: Pick<Danger, 'ofCase'>
  readonly pages: Pick<Pages, 'fileAt' | 'mediaOn'>
  readonly recheck: Pick<Recheck, 'remember'>
  /** Carries each change of an item to its cases. */
  readonly curation: { readonly carryChanges: CarryChanges }
}): Assessing {
  const { store, cases, tips, assignments, municipalities, questions } = parts
  const { danger, pages, panels, recheck, access, curation } = parts

  async function assess(
    by: Principal,
    { pageItself = false, ...given }: Assessment,
  ): Promise<AssessmentOutcome> {
    const { told } = read(given)
    // A case of a page would never be seen again: rechecks look for media.
    const isFile = !pageItself && told.account !== true
    const shown = isFile ? await pages.fileAt(given.url) : undefined
    const step = await store.transact((tx) => give(tx, by, { ...given, ...defined({ shown }) }))
    if (step.verified !== undefined) await curation.carryChanges(by)
    // Rechecks compare with what is there now; else any media at the URL would count as present.
    if (step.entry !== undefined) await recheck.remember(by.id, step.entry.id)
    return outcomeOf(step)
  }

  /** Whoever gave one of several assessments is shown no other while they wait. */
  async function outcomeOf({ entry, panel }: PanelStep): Promise<AssessmentOutcome> {
    return entry ?? panels.view(panel)
  }

  async function give(
    tx: Transaction,
    by: Principal,
    { panelId, ...given }: Parameters<Assessing['give']>[2],
  ): Promise<PanelStep> {
    const said = read(given)
    // What waits for another person knows its tips already.
    const tip = panelId === undefined ? await tipOf(tx, said) : await namedTip(tx, said)
    const assessed = answering(tip, said)
    await workOn(tx, by, [assessed.url, tip?.url], assessed.circumstances)
    const step = await panels.give(tx, by, assessed, panelId)
    const { entry, panel } = step
    if (entry === undefined) return step
    // The tips of a panel are answered with it.
    if (tip !== undefined && panel === undefined) {
      await tips.markAssessed(tx, by, tip.id, [entry.id])
    }
    if (entry.circumstances.inDangerNow) await danger.ofCase(tx, by.id, entry, tip)
    return step
  }

  async function assessPage(
    by: Principal,
    { media, ...given }: PageAssessment,
  ): Promise<readonly AssessmentOutcome[]> {
    const said = read(given)
    const pageUrl = said.url
    const urls = media === 'all' ? (await pages.mediaOn(pageUrl)).map(({ url }) => url) : media
    if (urls.length === 0) {
      throw new HindraError(
        'INVALID_INPUT',
        { says: 'page-without-media' },
        {
          field: 'media',
        },
      )
    }
    const { opened, all } = await store.transact(async (tx) => {
      const tip = await tipOf(tx, said)
      const assessed = answering(tip, said)
      await workOn(tx, by, [pageUrl, tip?.url, ...urls], assessed.circumstances)
      const found: { readonly step: PanelStep; readonly isNew: boolean }[] = []
      for (const url of new Set(urls)) {
        const entry = await cases.atWork(tx, url)
        const step =
          entry === undefined ? await panels.give(tx, by, { ...assessed, url, pageUrl }) : { entry }
        found.push({ step, isNew: entry === undefined })
        const opened = entry === undefined ? step.entry : undefined
        if (opened?.circumstances.inDangerNow === true) {
          await danger.ofCase(tx, by.id, opened, tip)
        }
      }
      const answered = found.flatMap(({ step }) => step.entry?.id ?? [])
      if (tip !== undefined && answered.length > 0) {
        await tips.markAssessed(...([tx, by, tip.id] as const), answered)
      }
      return {
        all: found.map(({ step }) => step),
        opened: found.flatMap(({ step, isNew }) => (isNew ? (step.entry?.id ?? []) : [])),
      }
    })
    for (const caseId of opened) await recheck.remember(by.id, caseId)
    return Promise.all(all.map(outcomeOf))
  }

  /** Throws ASSIGNED where a colleague works on a tip of it; a child that is in danger now waits for no colleague. */
  async function workOn(
    tx: Transaction,
    by: Principal,
    urls: Iterable<string | undefined>,
    { inDangerNow = false }: Partial<Circumstances>,
  ): Promise<void> {
    if (inDangerNow) return
    for (const url of new Set(urls)) if (url !== undefined) await tips.workOn(tx, by, url)
  }

  /** What was said, with what the answers say of the circumstances, and the answers as they are kept. */
  function read<Given extends Pick<Assessment, 'answers' | 'circumstances' | 'classification'>>({
    answers: given = {},
    ...input
  }: Given) {
    const told = placed(municipalities, circumstancesIn(questions, given, input.circumstances))
    const answers = keptAnswers(questions, input.classification, given, told)
    return { ...input, told, answers }
  }

  async function withAssessors(
    found: readonly KeptAssessment[],
  ): Promise<readonly AssessmentView[]> {
    const authors = found.map(({ by }) => by)
    const pseudonyms = await store.transact((tx) => access.pseudonyms(tx, authors))
    return found.map((one) => ({ ...one, assessor: pseudonyms.get(one.by) ?? null }))
  }

  /**
   * The tip that is named, else the oldest that waits at the URL: who judges what is there has answered it. Throws
   * CONFLICT where one says more than where it is: nobody answers what a child says without having read it.
   */
  async function tipOf(
    tx: Transaction,
    input: Pick<AssessmentInput, 'tipId' | 'url'>,
  ): Promise<Tip | undefined> {
    const named = await namedTip(tx, input)
    if (named !== undefined) return named
    const waiting = await tips.waitingAt(tx, input.url)
    const telling = waiting.find((tip) => Object.keys(saidBy(tip)).length > 0)
    if (telling === undefined) return waiting[0]
    const why = { says: 'tip-tells-more', tip: telling.id } as const
    throw new HindraError('CONFLICT', why, { field: 'tipId' })
  }

  async function namedTip(
    tx: Transaction,
    { tipId }: Pick<AssessmentInput, 'tipId'>,
  ): Promise<Tip | undefined> {
    return tipId === undefined ? undefined : tips.read(tx, tipId)
  }

  return {
    questions,
    panels,
    assess,
    give,
    assessPage,
    ofCase: async (caseId) =>
      withAssessors(await store.transact((tx) => cases.assessmentsOf(tx, caseId))),
    list: async (page) => withAssessors(await cases.assessments(page)),
    setCircumstances(by, caseId, change, reason) {
      const told = placed(municipalities, change)
      return store.transact(async (tx) => {
        const before = await cases.read(tx, caseId)
        if (told.inDangerNow !== true) await assignments.workOn(tx, by, 'case', caseId)
        const after = await cases.setCircumstances(tx, by.id, caseId, told, reason)
        const isNews = after.circumstances.inDangerNow && !before.circumstances.inDangerNow
        if (isNews) await danger.ofCase(tx, by.id, after)
        return after
      })
    },
  }
}

/** What is judged, with the tip that it answers and all that is known of the circumstances. */
function answering<Given extends { readonly told: Partial<Circumstances> }>(
  tip: Tip | undefined,
  { told, ...input }: Given,
) {
  const circumstances = { ...(tip && saidBy(tip)), ...told }
  return { ...input, ...(tip && { tipId: tip.id }), circumstances }
}

/** What a tip says goes on to hold for the case, unless the analyst says otherwise. */
function saidBy(tip: Tip): Partial<Circumstances> {
  const { inDangerNow, ownRequest = false, childMunicipality } = tip
  return {
    ...(ownRequest ? { ownRequest } : {}),
    ...(inDangerNow ? { inDangerNow } : {}),
    ...defined({ childMunicipality }),
  }
}
