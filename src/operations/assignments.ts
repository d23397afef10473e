import { z } from 'zod'
import type { Permission, Principal } from '../access/terms.ts'
import { ASSIGNED_KINDS, type AssignedKind, SKIP_REASONS } from '../assignments/terms.ts'
import type { Transaction } from '../store/index.ts'
import { batch } from './batch.ts'
import { caseFilter } from './cases.ts'
import { page, reason } from './fields.ts'
import { operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { tipFilter } from './tips.ts'
import { idOf } from './whole-ids.ts'

/** As many as anybody may hold: see `assignments.heldMax`. */
const HELD_ROWS = 1_000

/** A colleague, by pseudonym or id. */
const to = z.string().trim().min(1).max(64)

/** Of each kind of thing that people take: who may, and where it is asked. */
function assignable(kind: AssignedKind, path: 'tips' | 'cases', needs: Permission) {
  const id = idOf(kind)
  return {
    take: operation(`POST /v1/${path}/:id/take`, {
      needs,
      says: `Takes a ${kind}: nobody else works on it meanwhile`,
      input: { id },
      run: ({ store, taking }, by, taken) =>
        store.transact((tx) => taking.take(tx, by, kind, taken.id)),
    }),
    putBack: operation(`POST /v1/${path}/:id/put-back`, {
      needs,
      says: `Puts a ${kind} back that one has taken`,
      input: { id },
      async run({ store, taking }, by, taken) {
        await store.transact((tx) => taking.putBack(tx, by, kind, taken.id))
        return { id: taken.id }
      },
    }),
    putBackMany: batch(`POST /v1/${path}/put-back`, {
      needs,
      says: `Puts ${kind}s back that one has taken`,
      action: `${kind}.put-back`,
      kind,
      most: 'takeMax',
      filter: { mine: z.literal('true').describe('All that one has taken') },
      said: {},
      find: async ({ assignments: stage }, _filter, limit, by) => {
        // One person holds no more than `assignments.heldMax` of both kinds.
        const held = await stage.list({ by: by.id, limit: HELD_ROWS })
        return held.filter((one) => one.kind === kind).slice(0, limit)
      },
      work: ({ taking }, tx, by, taken) => taking.putBack(tx, by, kind, taken),
    }),
    skip: operation(`POST /v1/${path}/:id/skip`, {
      needs,
      says: `Leaves a ${kind} to others that one has taken or is offered, and says why`,
      input: { id, why: z.enum(SKIP_REASONS), reason: reason.exactOptional() },
      run: async ({ store, taking }, by, { id: skipped, ...said }) => ({
        id: skipped,
        skips: await store.transact((tx) => taking.skip(tx, by, kind, skipped, said)),
      }),
    }),
    offer: operation(`POST /v1/${path}/:id/offer`, {
      needs,
      says: `Offers a ${kind} that one has taken to a colleague`,
      input: { id, to },
      run: ({ taking }, by, offered) =>
        taking.handOver(by, { kind, id: offered.id }, offered.to, false),
    }),
    accept: operation(`POST /v1/${path}/:id/accept`, {
      needs,
      says: `Takes over a ${kind} that a colleague offers`,
      input: { id },
      run: ({ taking }, by, offered) => taking.accept(by, kind, offered.id),
    }),
  }
}

/** What taking many is, whatever they are found by. */
function takingMany(kind: AssignedKind, needs: Permission) {
  return {
    needs,
    says: `Takes ${kind}s: nobody else works on them meanwhile`,
    action: `${kind}.take`,
    kind,
    most: 'takeMax',
    said: {},
    work: ({ taking }: Parts, tx: Transaction, by: Principal, id: string) =>
      taking.take(tx, by, kind, id),
  } as const
}

export const tipAssignments = {
  takeMany: batch('POST /v1/tips/take', {
    ...takingMany('tip', 'assess'),
    filter: tipFilter,
    find: ({ tips }, filter, limit) => tips.list({ ...filter, limit }),
  }),
  ...assignable('tip', 'tips', 'assess'),
  next: operation('POST /v1/tips/next', {
    needs: 'assess',
    says: 'Takes the first tips of the queue that nobody works on',
    input: { count: z.int().min(1).max(100).default(1) },
    reads: ['all', 'tip.list'],
    run: ({ taking }, by, { count }) => taking.next(by, count),
  }),
}

export const caseAssignments = {
  takeMany: batch('POST /v1/cases/take', {
    ...takingMany('case', 'case:work'),
    filter: caseFilter,
    find: ({ cases }, filter, limit) => cases.list({ ...filter, limit }),
  }),
  ...assignable('case', 'cases', 'case:work'),
}

/** Who works on what, for everybody who might. */
export const assignments = {
  list: operation('GET /v1/assignments', {
    needs: 'case:work',
    says: 'Who works on which tip or case, and until when',
    input: { ...page, mine: z.stringbool().exactOptional() },
    run: ({ assignments: stage }, by, { mine, ...rows }) =>
      stage.list(mine === true ? { ...rows, by: by.id } : rows),
  }),
  give: operation('POST /v1/assignments/give', {
    needs: 'assign',
    says: 'Gives a tip or a case to somebody at once, whoever holds it',
    input: { kind: z.enum(ASSIGNED_KINDS), id: idOf('tip', 'case'), to },
    run: ({ taking }, by, { to: colleague, ...what }) => taking.handOver(by, what, colleague, true),
  }),
}
