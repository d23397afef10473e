import { canonicalUrl, isoTime, type UrlRule } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import { assessmentTable } from './assessment-records.ts'
import { checkCircumstances, NO_CIRCUMSTANCES } from './circumstances.ts'
import type { Ledger } from './ledger.ts'
import { type CaseRow, keptAct, newCase, reopened, toCase } from './record.ts'
import { isAtWork } from './states.ts'
import type { AssessmentInput, Case } from './case.ts'
import type { Panel } from './panel.ts'

export function createAssessments(context: Context, ledger: Ledger, rules: readonly UrlRule[]) {
  const { clock, newId, sealer } = context
  const assessments = assessmentTable(sealer)

  /** Throws CONFLICT where the URL has an assessed case that is open. */
  async function checkAssessment(tx: Transaction, input: AssessmentInput): Promise<void> {
    checkWords(input)
    const url = canonicalUrl(input.url, rules)
    const existing = await ledger.at(tx, { kind: 'assessment', id: '' }, url)
    if (existing !== undefined) checkOver(existing)
  }

  async function openFromAssessment(
    tx: Transaction,
    by: string,
    input: AssessmentInput,
    panel?: Pick<Panel, 'words'>,
  ): Promise<Case> {
    checkInput(input)
    const { classification, reason, pageUrl = null, tipId = null, answers = [] } = input
    const url = canonicalUrl(input.url, rules)
    const id = panel?.words.at(-1)?.id ?? newId()
    const existing = await ledger.at(tx, { kind: 'assessment', id }, url)
    const row =
      existing === undefined
        ? open(tx, by, id, url, input, panel === undefined)
        : again(tx, by, existing, input)
    // Those of a panel are kept when it is settled, each with its author.
    if (panel !== undefined) return toCase(row)
    assessments.add(tx, {
      id,
      clear: { classification, by, at: isoTime(clock.now()), caseId: row.id, tipId },
      sealed: { url, pageUrl, reason, answers },
    })
    return toCase(row)
  }

  return { openFromAssessment, checkAssessment }

  function open(
    tx: Transaction,
    by: string,
    id: string,
    url: string,
    { url: rawUrl, pageUrl, classification, reason, circumstances }: AssessmentInput,
    isAlone: boolean,
  ): CaseRow {
    const at = isoTime(clock.now())
    const first = newCase(
      {
        subject: { kind: 'assessment', id },
        verdict: 'assessed',
        decision: 'not-needed',
        classification,
        itemVerified: true,
        lastSeenAt: at,
        returned: false,
        url,
        rawUrl,
        pageUrl: pageUrl ?? null,
        circumstances: { ...NO_CIRCUMSTANCES, ...circumstances },
        matches: [],
      },
      at,
    )
    const act = { by, action: 'case.open', reason, detail: { verdict: 'assessed' } }
    // What several people said is not taken back by one of them.
    const lastAct = isAlone ? keptAct(first.clear, by, 'assessed') : null
    const opened = { ...first, clear: { ...first.clear, lastAct } }
    return ledger.open(tx, opened, { ...act, alerts: ['opened'], isJudgement: true })
  }

  /** An analyst who sees it again at a URL that had been dealt with opens that case again. */
  function again(tx: Transaction, by: string, row: CaseRow, input: AssessmentInput): CaseRow {
    const { classification, reason, url: rawUrl, pageUrl, circumstances } = input
    checkOver(row)
    return ledger.change(tx, row, {
      by,
      action: 'case.reopen',
      reason,
      alerts: ['reopened'],
      isJudgement: true,
      clear: {
        ...reopened(row.clear, isoTime(clock.now())),
        sightings: row.clear.sightings + 1,
        classification,
      },
      sealed: {
        rawUrl,
        pageUrl: pageUrl ?? row.sealed.pageUrl,
        circumstances: { ...row.sealed.circumstances, ...circumstances },
        closedReason: null,
      },
    })
  }
}

function checkOver({ id, clear }: CaseRow): void {
  if (!isAtWork(clear.status)) return
  throw new HindraError('CONFLICT', { says: 'case-of-url', id })
}

function checkInput(input: AssessmentInput): void {
  checkWords(input)
  if (input.classification === 'Ignore') {
    throw new HindraError(
      'INVALID_INPUT',
      { says: 'ignored-opens-no-case' },
      {
        field: 'classification',
      },
    )
  }
}

function checkWords({ reason, circumstances = {} }: AssessmentInput): void {
  checkCircumstances(circumstances)
  if (reason.trim() === '') {
    throw new HindraError('INVALID_INPUT', { says: 'reason-of-assessment' }, { field: 'reason' })
  }
}
