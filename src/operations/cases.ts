import { z } from 'zod'
import type { AssessmentView, CaseNoteView } from '../assessing/index.ts'
import type { Assigned } from '../assignments/index.ts'
import type { Case } from '../cases/index.ts'
import { CASE_STATUSES, CASE_TAKE_BACKS, type LookAnswer } from '../cases/terms.ts'
import { refanged } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { drawnMatches } from '../match/terms.ts'
import { CLASSIFICATIONS } from '../register/terms.ts'
import type { Notice } from '../takedown/index.ts'
import type { Host } from '../trace/index.ts'
import { batch } from './batch.ts'
import { addresses, answers, circumstances, isoCountry, page, reason, url } from './fields.ts'
import { operation } from './operation.ts'
import { tipFilter } from './tips.ts'
import { idOf } from './whole-ids.ts'

const DECISIONS = ['not-needed', 'pending', 'accepted', 'rejected'] as const
const id = idOf('case')
const PAGE_MEDIA_MAX = 1_000
/** Since a case was opened. */
const days = z.coerce.number().int().min(1).max(36_500)
const LOOK_ANSWERS = ['still-there', 'gone', 'look-again'] as const

/** Which cases are meant, of a list and of an act upon many. */
export const caseFilter = {
  status: z.enum(CASE_STATUSES).exactOptional(),
  decision: z.enum(DECISIONS).exactOptional(),
  unverified: z.stringbool().exactOptional(),
  host: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .transform(refanged)
    .exactOptional()
    .describe('Of the media, or a domain above it; else words of the name of who hosts it'),
  country: isoCountry.exactOptional(),
  holder: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .exactOptional()
    .describe('Who works on it now, by pseudonym or id; none: nobody does'),
  classification: z.enum(CLASSIFICATIONS).exactOptional(),
  olderThanDays: days.exactOptional(),
  youngerThanDays: days.exactOptional(),
}

/** What an assessment says, of one URL or of many that show one file. */
const judged = {
  classification: z.enum(CLASSIFICATIONS),
  reason,
  circumstances: circumstances.exactOptional(),
  answers: answers.exactOptional(),
}

/** What an analyst judges that nobody knew before. */
export const assessments = {
  assess: operation('POST /v1/assessments', {
    needs: 'assess',
    says: 'Judges something new at a URL: opens a case, or waits where the house asks a second person',
    input: {
      url,
      pageUrl: url.exactOptional(),
      tipId: idOf('tip').exactOptional(),
      ...judged,
      panelId: idOf('panel')
        .exactOptional()
        .describe('What waits there is meant, and else nothing'),
      pageItself: z.boolean().exactOptional().describe('A page is meant, and not the media on it'),
    },
    status: 201,
    run: ({ assessing }, by, assessment) => assessing.assess(by, assessment),
  }),
  questions: operation('GET /v1/assessment-questions', {
    needs: 'case:read',
    says: 'What is asked of every assessment, in the order in which it is asked',
    input: {},
    run: ({ assessing }) => Promise.resolve(assessing.questions),
  }),
  list: operation('GET /v1/assessments', {
    needs: 'case:read',
    says: 'Every assessment with its answers and the pseudonym of its author, oldest first',
    input: page,
    reads: ['page', 'assessment.list'],
    run: ({ assessing }, _by, rows) => assessing.list(rows),
  }),
  waiting: operation('GET /v1/panels', {
    needs: 'assess',
    says: 'What waits for a second or third assessment that you may give, without what was said; `mine`: what you gave',
    input: { ...page, mine: z.stringbool().exactOptional() },
    reads: ['page', 'assessment.waiting'],
    run: ({ assessing }, by, rows) => assessing.panels.waiting(by, rows),
  }),
  panel: operation('GET /v1/panels/:id', {
    needs: 'case:read',
    says: 'One that several people assess: what each said once it is over, before that nothing of it',
    input: { id: idOf('panel') },
    reads: ['one', 'assessment.panel'],
    run: ({ assessing }, by, found) => assessing.panels.panel(by, found.id),
  }),
  withdraw: operation('POST /v1/panels/:id/withdraw', {
    needs: 'assess',
    says: 'Takes back your first assessment, before anybody else has given theirs',
    input: { id: idOf('panel'), reason },
    run: ({ assessing }, by, taken) => assessing.panels.withdraw(by, taken.id, taken.reason),
  }),
  // Not a GET: a URL of suspected material does not belong into a request line.
  beforehand: operation('POST /v1/url-reports', {
    needs: 'assess',
    says: 'What a URL is known for already: cases there and at its host, assessments, tips, the same file',
    input: {
      url,
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'is a SHA-256 in hex')
        .exactOptional(),
    },
    reads: ['often', 'url.report'],
    run: ({ beforehand }, _by, asked) => beforehand(asked.url, asked.sha256),
  }),
  lookAtPage: operation('POST /v1/pages', {
    needs: 'assess',
    says: 'What is at a URL that is to be assessed: the media on a page',
    input: { url },
    run: ({ pages }, by, looked) => pages.look(by, looked.url),
  }),
  assessPage: operation('POST /v1/page-assessments', {
    needs: 'assess',
    says: 'Judges media on a page: a case each, or what waits for a second person',
    input: {
      url: url.describe('Of the page'),
      media: z.union([z.array(url).min(1).max(PAGE_MEDIA_MAX), z.literal('all')]),
      tipId: idOf('tip').exactOptional(),
      ...judged,
    },
    status: 201,
    run: ({ assessing }, by, assessment) => assessing.assessPage(by, assessment),
  }),
  assessMany: batch('POST /v1/tip-assessments', {
    needs: 'assess',
    says: 'Judges one file at the URLs of many tips: a case each, and only where Hindra saw that file',
    action: 'tip.assess',
    kind: 'tip',
    most: 'assessMax',
    filter: tipFilter,
    said: judged,
    words: ({ classification, reason: why }) => ({ classification, reason: why }),
    find: ({ tips }, filter, limit) => tips.list({ ...filter, limit }),
    ground: ({ sameFiles }, ids) => sameFiles.groundOfTips(ids),
    prepare: ({ sameFiles }, tipId, ground) => sameFiles.lookAgain(tipId, ground),
    work: ({ sameFiles }, tx, by, tipId, said, { ground, prepared: shown }) =>
      sameFiles.assess(tx, by, tipId, said, { ground, shown }),
    // Two equal words on a file may have verified what the register has of it.
    after: ({ curation }, by) => curation.carryChanges(by),
  }),
}

/** A case with what was traced and told of it. */
export interface CaseDetail extends Assigned<Case> {
  readonly host: Host | null
  /** By which `hosts.show` knows it; null where no host was found. */
  readonly hostId: string | null
  readonly notices: readonly Notice[]
  /** What it was assessed as, oldest first; of a case that a match opened none. */
  readonly assessments: readonly AssessmentView[]
  /** What people wrote down on it, oldest first. */
  readonly notes: readonly CaseNoteView[]
}

export const cases = {
  list: operation('GET /v1/cases', {
    needs: 'case:read',
    says: 'Cases',
    input: { ...page, ...caseFilter },
    reads: ['page', 'case.list'],
    run: async ({ cases: stage, assignments }, _by, filter) =>
      assignments.beside('case', await stage.list(filter)),
    total: ({ cases: stage }, filter, max) => stage.count(filter, max),
  }),
  show: operation('GET /v1/cases/:id', {
    needs: 'case:read',
    says: 'One case with its host and notices',
    input: { id },
    reads: ['one', 'case.read'],
    run: async (
      { cases: stage, assignments, store, takedown, assessing, noteDesk, hosts },
      _by,
      { id: caseId },
    ): Promise<CaseDetail> => {
      const found = await stage.get(caseId)
      const [host, held] = await store.transact(async (tx) => [
        await stage.hostOf(tx, caseId),
        await assignments.withHolder(tx, 'case', found),
      ])
      return {
        ...held,
        host,
        hostId: host && hosts.idOf(host.name),
        notices: await takedown.list({ caseId }),
        assessments: await assessing.ofCase(caseId),
        notes: await noteDesk.ofCase(caseId),
      }
    },
  }),
  announce: operation('GET /v1/cases/:id/announcement', {
    needs: 'route:explain',
    says: 'Who is told of a case first, when, by which rule, and what holds it',
    input: { id },
    reads: ['one', 'case.announce'],
    run: ({ takedown }, _by, found) => takedown.announce(found.id),
  }),
  maps: operation('GET /v1/cases/:id/maps', {
    needs: 'case:read',
    says: 'How items lie in what was seen, as SVG: what agrees and what differs, without a picture',
    input: { id },
    reads: ['one', 'case.read'],
    run: async ({ cases: stage }, _by, found) => drawnMatches((await stage.get(found.id)).matches),
  }),
  // Not a GET: a URL of suspected material does not belong into a request line.
  ofUrl: operation('POST /v1/cases/lookup', {
    needs: 'case:read',
    says: 'Every case of a URL, whatever became of it',
    input: { url },
    reads: ['all', 'case.list'],
    run: ({ cases: stage }, _by, asked) => stage.forUrl(asked.url),
  }),
  decide: operation('POST /v1/cases/:id/decision', {
    needs: 'case:decide',
    says: 'Accepts or rejects a match of the review band',
    input: { id, decision: z.enum(['accepted', 'rejected']), reason },
    run: ({ store, decisions: stage }, by, { id: caseId, decision, reason: why }) =>
      store.transact((tx) => stage.decide(tx, by, caseId, decision, why)),
  }),
  decideMany: batch('POST /v1/cases/decision', {
    needs: 'case:decide',
    says: 'Accepts or rejects matches of the review band that stand on one file or one item',
    action: 'case.decide',
    kind: 'case',
    most: 'decideMax',
    filter: { alike: id.describe('What waits and stands on what this case stands on') },
    said: { decision: z.enum(['accepted', 'rejected']), reason },
    find: ({ sameFiles }, { alike }, limit) => sameFiles.alikeCases(alike, limit),
    ground: ({ sameFiles }, ids) => sameFiles.groundOfCases(ids),
    work: ({ sameFiles }, tx, by, caseId, said, { ground }) =>
      sameFiles.decide(tx, by, caseId, said, ground),
  }),
  undo: operation('POST /v1/cases/:id/undo', {
    needs: 'case:decide',
    says: 'Takes back your decision or your assessment, as long as nothing of it has left the house',
    input: { id, reason },
    run: ({ undo }, by, undone) => undo.undoCase(by, undone.id, undone.reason),
  }),
  undoable: operation('GET /v1/cases/:id/undo', {
    needs: 'case:decide',
    says: 'Whether you can take back what you said of a case last, and what bars it',
    input: { id },
    run: ({ undo }, by, asked) => undo.ofCase(by, asked.id),
  }),
  note: operation('POST /v1/cases/:id/notes', {
    needs: 'case:work',
    says: 'Writes something down on a case, for whoever works on it; a note is not changed later',
    input: { id, text: z.string().trim().min(1).max(10_000) },
    status: 201,
    run: ({ noteDesk }, by, { id: caseId, text }) => noteDesk.add(by, caseId, text),
  }),
  setCircumstances: operation('POST /v1/cases/:id/circumstances', {
    needs: 'case:circumstances',
    says: 'What is known of child and offender',
    input: { id, change: circumstances, reason },
    run: ({ assessing }, by, learned) =>
      assessing.setCircumstances(by, learned.id, learned.change, learned.reason),
  }),
  close: operation('POST /v1/cases/:id/close', {
    needs: 'case:close',
    says: 'Ends a case',
    input: { id, reason, takeBack: z.enum(CASE_TAKE_BACKS).exactOptional() },
    run: ({ decisions: stage }, by, { id: caseId, reason: why, takeBack }) =>
      stage.close(by, caseId, why, takeBack),
  }),
  nameOrigin: operation('POST /v1/cases/:id/origin', {
    needs: 'host:override',
    says: 'Names the origin behind a proxy: traced and told from there',
    input: { id, addresses: addresses.min(1), reason },
    async run(
      { cases: stage, overrides, takedown },
      by,
      { id: caseId, addresses: origin, reason: why },
    ) {
      const { hostname } = new URL((await stage.get(caseId)).rawUrl)
      await overrides.set(by.id, { host: hostname, origin, reason: why })
      return takedown.retrace(by.id, caseId)
    },
  }),
  letters: operation('GET /v1/cases/:id/letters', {
    needs: 'notice:read',
    says: 'Every letter of a case, sent or as it would be',
    input: { id },
    reads: ['one', 'letter.read'],
    run: ({ takedown }, _by, found) => takedown.letters(found.id),
  }),
  recheck: operation('POST /v1/rechecks', {
    needs: 'recheck:run',
    says: 'Looks at what is due, or at one case now',
    input: { caseId: id.exactOptional() },
    run: async ({ recheck }, by, { caseId }) =>
      caseId === undefined ? recheck.run(by.id) : [await recheck.runCase(by.id, caseId)],
  }),
  answerLook: operation('POST /v1/cases/:id/look-answer', {
    needs: 'recheck:answer',
    says: 'A person looked at what looks could not tell: still there, gone, or look again then',
    input: {
      id,
      answer: z.enum(LOOK_ANSWERS),
      at: z.iso.datetime().exactOptional(),
      reason,
    },
    run: async ({ decisions: stage }, by, { id: caseId, reason: why, ...said }) =>
      stage.answerLook(by, caseId, lookAnswer(said), why),
  }),
}

/** Throws INVALID_INPUT where the time to look again is missing, or something else has one. */
function lookAnswer({
  answer,
  at,
}: {
  readonly answer: LookAnswer['answer']
  readonly at?: string
}): LookAnswer {
  if (answer === 'look-again' && at !== undefined) return { answer, at }
  if (answer !== 'look-again' && at === undefined) return { answer }
  const message =
    answer === 'look-again' ? 'to look again takes a time' : 'only look-again has a time'
  throw new HindraError('INVALID_INPUT', message, { field: 'at' })
}

/** What another rule of matching has confirmed than the one in force. */
export const rejudgements = {
  judge: operation('POST /v1/rejudgements', {
    needs: 'case:close',
    says: 'Judges again what another rule of matching has confirmed; a dry run changes nothing',
    input: { dryRun: z.boolean().default(false) },
    run: ({ rejudging }, by, { dryRun }) => rejudging.judge(by, dryRun),
  }),
  list: operation('GET /v1/rejudgements', {
    needs: 'case:read',
    says: 'Cases that wait because the rule of matching has changed',
    input: page,
    reads: ['page', 'case.rejudged'],
    run: ({ rejudging }, _by, rows) => rejudging.list(rows),
    total: ({ rejudging }, _rows, max) => rejudging.count(max),
  }),
  accept: operation('POST /v1/rejudgements/:id/accept', {
    needs: 'case:close',
    says: 'The case does not stand: whoever was told is told so',
    input: { id, takeBack: z.enum(CASE_TAKE_BACKS).default('not-the-same'), reason },
    run: ({ decisions: stage }, by, { id: caseId, takeBack, reason: why }) =>
      stage.acceptRejudgement(by, caseId, takeBack, why),
  }),
  dismiss: operation('POST /v1/rejudgements/:id/dismiss', {
    needs: 'case:close',
    says: 'A person looked, and the case stands',
    input: { id, reason },
    run: ({ decisions: stage }, by, { id: caseId, reason: why }) =>
      stage.dismissRejudgement(by, caseId, why),
  }),
}
