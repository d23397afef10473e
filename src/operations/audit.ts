import { z } from 'zod'
import { page } from './fields.ts'
import { operation } from './operation.ts'

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
