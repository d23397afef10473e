import { z } from 'zod'
import { dayBegins, HOUR_MS, isoTime } from '../core/index.ts'
import { exactId, page } from './fields.ts'
import { operation } from './operation.ts'
import type { Parts } from './parts.ts'

const DAY_MS = 24 * HOUR_MS
const day = z.iso.date()

const checkpoint = z.strictObject({
  at: z.string().max(64),
  count: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex'),
})

export const audit = {
  list: operation('GET /v1/audit', {
    needs: 'audit:read',
    says: 'Who did what',
    input: page,
    reads: ['page', 'audit.read'],
    run: ({ audit: stage }, _by, query) => stage.entries(query),
    total: ({ audit: stage }, _query, max) => stage.size(max),
  }),
  export: operation('GET /v1/audit/export', {
    needs: 'audit:read',
    says: 'Entries with what is needed to verify them',
    input: page,
    reads: ['page', 'audit.export'],
    run: ({ audit: stage }, _by, query) => stage.chained(query),
    total: ({ audit: stage }, _query, max) => stage.size(max),
  }),
  search: operation('GET /v1/audit/search', {
    needs: 'audit:read',
    says: 'Who did what to what and when, the newest first; `next` goes on where it looked no further',
    input: {
      by: z.string().trim().min(1).max(64).exactOptional().describe('By pseudonym or id'),
      action: z
        .string()
        .regex(/^[a-z-]+(?:\.[a-z-]+)?$/, 'is no action: item.verify, or item for all of them')
        .exactOptional(),
      subject: exactId
        .exactOptional()
        .describe(
          'Id of what it is about, or that the entry names beside it; its beginning suffices',
        ),
      since: day.exactOptional().describe('First day, where the house is'),
      until: day.exactOptional().describe('Last day'),
      before: exactId.exactOptional().describe('`next` of the search before'),
      limit: z.coerce.number().int().min(1).max(1_000).default(50),
    },
    reads: ['all', 'audit.search'],
    run: async (parts, _by, { by, since, until, ...asked }) => {
      const { timeZone } = parts.config.takedown
      const begins = (of: string, days: number) => {
        const meant = isoTime(Date.parse(of) + days * DAY_MS).slice(0, of.length)
        return isoTime(dayBegins(meant, timeZone))
      }
      return parts.audit.search({
        ...asked,
        ...(by !== undefined && { by: await principalOf(parts, by) }),
        ...(since !== undefined && { since: begins(since, 0) }),
        ...(until !== undefined && { until: begins(until, 1) }),
      })
    },
  }),
  checkpoint: operation('GET /v1/audit/checkpoint', {
    needs: 'audit:read',
    says: 'The state of the audit chain, to be kept elsewhere',
    input: {},
    run: async ({ audit: stage }) => ({
      checkpoint: await stage.checkpoint(),
      epochs: await stage.epochs(),
    }),
  }),
  verify: operation('POST /v1/audit/verify', {
    needs: 'audit:read',
    says: 'Reads the whole audit chain; compares it with checkpoints',
    input: { checkpoints: z.array(checkpoint).max(10_000).default([]) },
    run: ({ keeping }, _by, { checkpoints }) => keeping.verifyAudit(checkpoints),
  }),
}

/** The id of whoever has a pseudonym, active or not; what is no pseudonym is an id. */
async function principalOf({ access }: Pick<Parts, 'access'>, said: string): Promise<string> {
  const people = await access.people()
  const found = people.find(({ pseudonym }) => pseudonym.toLowerCase() === said.toLowerCase())
  return found?.id ?? said
}
