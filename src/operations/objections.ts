import { z } from 'zod'
import { CASE_TAKE_BACKS } from '../cases/terms.ts'
import { HindraError } from '../errors.ts'
import type { ObjectionDecision } from '../takedown/index.ts'
import {
  LANGUAGES,
  OBJECTION_STATES,
  OBJECTION_WAYS,
  OBJECTION_WORDS_MAX,
  OBJECTORS,
} from '../takedown/terms.ts'
import { exactId, page, reason } from './fields.ts'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

const id = idOf('objection')
const DECISIONS = ['upheld', 'rejected'] as const

/** What hosts, uploaders and others bring against what was told of a case. */
export const objections = {
  list: operation('GET /v1/objections', {
    needs: 'notice:read',
    says: 'What was brought against cases and notices',
    input: {
      ...page,
      state: z.enum(OBJECTION_STATES).exactOptional(),
      caseId: idOf('case').exactOptional(),
      overdue: z.stringbool().exactOptional(),
    },
    reads: ['page', 'objection.list'],
    run: ({ takedown }, _by, filter) => takedown.objections.list(filter),
  }),
  show: operation('GET /v1/objections/:id', {
    needs: 'notice:read',
    says: 'One objection with its words, its answer, and who may decide about it',
    input: { id },
    reads: ['one', 'objection.read'],
    run: ({ objecting }, _by, asked) => objecting.show(asked.id),
  }),
  add: operation('POST /v1/objections', {
    needs: 'notice:follow-up',
    says: 'Somebody objects to a case, or to a notice of it',
    input: {
      caseId: idOf('case').exactOptional(),
      noticeId: idOf('notice').exactOptional(),
      replyId: exactId.exactOptional().describe('A reply to the notice that is an objection'),
      objector: z.enum(OBJECTORS),
      way: z.enum(OBJECTION_WAYS).exactOptional(),
      receivedAt: z.iso.datetime().exactOptional(),
      words: z.string().trim().min(1).max(OBJECTION_WORDS_MAX).exactOptional(),
      contact: z.email().max(254).exactOptional(),
      language: z.enum(LANGUAGES).exactOptional(),
    },
    status: 201,
    run: ({ store, takedown }, by, given) =>
      store.transact((tx) => takedown.objections.add(tx, by.id, given)),
  }),
  decide: operation('POST /v1/objections/:id/decision', {
    needs: 'objection:decide',
    says: 'Upholds or rejects an objection, and answers it: another person than who decided first',
    input: {
      id,
      decision: z.enum(DECISIONS),
      reason: reason.describe('What the answer gives as the reason'),
      takeBack: z
        .enum(CASE_TAKE_BACKS)
        .exactOptional()
        .describe('Upheld: why the case does not stand'),
    },
    run: async ({ objecting }, by, { id: objectionId, ...said }) =>
      objecting.decide(by, objectionId, rulingIn(said)),
  }),
  withdraw: operation('POST /v1/objections/:id/withdraw', {
    needs: 'notice:follow-up',
    says: 'Whoever objected does not want it decided any more',
    input: { id, reason },
    run: ({ store, takedown }, by, { id: objectionId, reason: why }) =>
      store.transact((tx) => takedown.objections.withdraw(tx, by.id, objectionId, why)),
  }),
  markTold: operation('POST /v1/objections/:id/told', {
    needs: 'notice:follow-up',
    says: 'A person told the answer by hand',
    input: { id },
    run: ({ store, takedown }, by, asked) =>
      store.transact((tx) => takedown.objections.markTold(tx, by.id, asked.id)),
  }),
}

/** Throws INVALID_INPUT where what is upheld does not say why the case falls, or what is rejected does. */
function rulingIn({
  decision,
  reason: why,
  takeBack,
}: {
  readonly decision: ObjectionDecision['decision']
  readonly reason: string
  readonly takeBack?: (typeof CASE_TAKE_BACKS)[number]
}): ObjectionDecision {
  if (decision === 'rejected' && takeBack === undefined) return { decision, reason: why }
  if (decision === 'upheld' && takeBack !== undefined) return { decision, takeBack, reason: why }
  throw new HindraError(
    'INVALID_INPUT',
    decision === 'upheld'
      ? { says: 'take-back-why', known: CASE_TAKE_BACKS.join(', ') }
      : { says: 'take-back-none' },
    { field: 'takeBack' },
  )
}
