import { z } from 'zod'
import { CASE_STATUSES, CASE_TAKE_BACKS } from '../../cases/index.ts'
import type { Engine } from '../../engine.ts'
import { CLASSIFICATIONS } from '../../register/index.ts'
import { circumstances, id, page, type Route, reason, route } from '../route.ts'

const decisions = ['not-needed', 'pending', 'accepted', 'rejected'] as const
const url = z.string().min(1)
const PAGE_MEDIA_MAX = 1_000

export function caseRoutes(engine: Engine): readonly Route[] {
  return [
    route(
      ['POST', '/v1/assessments'],
      'assess',
      z.strictObject({
        url,
        pageUrl: url.exactOptional(),
        classification: z.enum(CLASSIFICATIONS),
        reason,
        tipId: id.exactOptional(),
        circumstances: circumstances.exactOptional(),
        pageItself: z
          .boolean()
          .exactOptional()
          .describe('A page is meant, and not the media on it'),
      }),
      (by, assessment) => engine.assess(by, assessment),
      { status: 201 },
    ),
    route(['POST', '/v1/pages'], 'assess', z.strictObject({ url }), (by, page) =>
      engine.lookAtPage(by, page.url),
    ),
    route(
      ['POST', '/v1/page-assessments'],
      'assess',
      z.strictObject({
        url: url.describe('Of the page'),
        media: z.union([z.array(url).min(1).max(PAGE_MEDIA_MAX), z.literal('all')]),
        classification: z.enum(CLASSIFICATIONS),
        reason,
        tipId: id.exactOptional(),
        circumstances: circumstances.exactOptional(),
      }),
      (by, assessment) => engine.assessPage(by, assessment),
      { status: 201 },
    ),
    route(
      ['GET', '/v1/cases'],
      'case:read',
      z.strictObject({
        ...page,
        status: z.enum(CASE_STATUSES).exactOptional(),
        decision: z.enum(decisions).exactOptional(),
        unverified: z.stringbool().exactOptional(),
      }),
      (by, filter) => engine.cases(by, filter),
    ),
    route(
      ['POST', '/v1/rejudgements'],
      'case:close',
      z.strictObject({ dryRun: z.boolean().default(false) }),
      (by, { dryRun }) => engine.rejudge(by, dryRun),
    ),
    route(['GET', '/v1/rejudgements'], 'case:read', z.strictObject(page), (by, rows) =>
      engine.rejudged(by, rows),
    ),
    route(
      ['POST', '/v1/rejudgements/:id/accept'],
      'case:close',
      z.strictObject({ id, takeBack: z.enum(CASE_TAKE_BACKS).default('not-the-same'), reason }),
      (by, { id: caseId, takeBack, reason: why }) =>
        engine.acceptRejudgement(by, caseId, takeBack, why),
    ),
    route(
      ['POST', '/v1/rejudgements/:id/dismiss'],
      'case:close',
      z.strictObject({ id, reason }),
      (by, { id: caseId, reason: why }) => engine.dismissRejudgement(by, caseId, why),
    ),
    route(['GET', '/v1/cases/:id'], 'case:read', z.strictObject({ id }), (by, found) =>
      engine.case(by, found.id),
    ),
    route(
      ['POST', '/v1/cases/:id/decision'],
      'case:decide',
      z.strictObject({ id, decision: z.enum(['accepted', 'rejected']), reason }),
      (by, decided) => engine.decide(by, decided.id, decided.decision, decided.reason),
    ),
    route(
      ['POST', '/v1/cases/:id/circumstances'],
      'case:circumstances',
      z.strictObject({ id, change: circumstances, reason }),
      (by, learned) => engine.setCircumstances(by, learned.id, learned.change, learned.reason),
    ),
    route(
      ['POST', '/v1/cases/:id/close'],
      'case:close',
      z.strictObject({ id, reason, takeBack: z.enum(CASE_TAKE_BACKS).exactOptional() }),
      (by, { id: caseId, reason: why, ...options }) => engine.close(by, caseId, why, options),
    ),
  ]
}
