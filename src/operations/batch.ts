import { z } from 'zod'
import type { Principal } from '../access/terms.ts'
import type { AuditDetail } from '../audit/index.ts'
import type { BatchReport } from '../batches/index.ts'
import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import type { Transaction } from '../store/index.ts'
import { operation, type Requirement, type RoutePlace } from './operation.ts'
import type { Parts } from './parts.ts'
import { type Identified, idOf } from './whole-ids.ts'

/** No request names more. */
const IDS_MAX = 900

/**
 * Declares an act upon many: on named ones, or on those that a query finds, which has the filters of the list. Without
 * `dryRun` the number must be given that a dry run found.
 */
export function batch<
  Filter extends z.ZodRawShape,
  Said extends z.ZodRawShape,
  Prepared = undefined,
>(
  place: RoutePlace,
  declared: {
    readonly needs: Requirement
    readonly says: string
    /** As the audit calls it: `tip.dismiss`. */
    readonly action: string
    /** What the ids are those of. */
    readonly kind: Identified
    readonly most: keyof Config['batches']
    /** The filters of the list. */
    readonly filter: Filter
    /** What is said of all of them. */
    readonly said: Said
    /** Ids of what the filters find, in the order of the list; of one's own where they ask for that. */
    readonly find: (
      parts: Parts,
      filter: z.output<z.ZodObject<Filter>>,
      limit: number,
      by: Principal,
    ) => Promise<readonly { readonly id: string }[]>
    /** What of `said` goes into the audit: all of it unless told. */
    readonly words?: (said: z.output<z.ZodObject<Said>>) => AuditDetail
    /** What all of them must stand on: see `BatchInput.ground`. */
    readonly ground?: (
      parts: Parts,
      ids: readonly string[],
      said: z.output<z.ZodObject<Said>>,
    ) => Promise<string>
    /** What is looked at before the transaction of one; not in a dry run. */
    readonly prepare?: (parts: Parts, id: string, ground: string) => Promise<Prepared>
    readonly work: (
      parts: Parts,
      tx: Transaction,
      by: Principal,
      id: string,
      said: z.output<z.ZodObject<Said>>,
      on: { readonly ground: string; readonly prepared: Prepared | undefined },
    ) => Promise<unknown>
    /** What follows from what one call has done, before it is answered; not in a dry run. */
    readonly after?: (parts: Parts, by: Principal) => Promise<void>
  },
) {
  const { needs, says, action, most, find, ground, prepare, work, after } = declared
  // Strict objects of texts, unless told: what an operation says of all of its targets.
  const { words = (all: z.output<z.ZodObject<Said>>) => all as AuditDetail } = declared
  const said = z.strictObject(declared.said)
  const query = z.strictObject(declared.filter)
  const input = z.strictObject({
    ids: z.array(idOf(declared.kind)).min(1).max(IDS_MAX).exactOptional(),
    query: query.exactOptional(),
    said,
    dryRun: z.boolean().default(false),
    count: z.int().min(0).max(IDS_MAX).exactOptional(),
  })
  return operation(place, {
    needs,
    says,
    input,
    body: 'list',
    run: async (parts, by, asked): Promise<BatchReport> => {
      const { ids, query: filter, dryRun: isDryRun, count } = asked
      if ((ids === undefined) === (filter === undefined)) {
        throw new HindraError('INVALID_INPUT', 'name ids or give a query, one of both')
      }
      let prepared: Prepared | undefined
      const report = await parts.batches.run(by, {
        action,
        words: words(asked.said),
        asked: { ids, filter, said: asked.said },
        isDryRun,
        count,
        max: parts.config.batches[most],
        setting: `batches.${most}`,
        find: async (limit) =>
          filter === undefined
            ? (ids ?? []).slice(0, limit)
            : (await find(parts, filter, limit, by)).map((one) => one.id),
        ...(ground && { ground: (all) => ground(parts, all, asked.said) }),
        ...(prepare && {
          prepare: async (target, on) => {
            prepared = await prepare(parts, target, on)
          },
        }),
        work: (tx, target, on) => work(parts, tx, by, target, asked.said, { ground: on, prepared }),
      })
      if (!isDryRun) await after?.(parts, by)
      return report
    },
  })
}
