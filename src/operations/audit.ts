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
    run: ({ engine }, by, query) => engine.auditEntries(by, query),
  }),
  export: operation('GET /v1/audit/export', {
    needs: 'audit:read',
    says: 'Entries with what is needed to verify them',
    input: page,
    run: ({ engine }, by, query) => engine.exportAudit(by, query),
  }),
  checkpoint: operation('GET /v1/audit/checkpoint', {
    needs: 'audit:read',
    says: 'The state of the audit chain, to be kept elsewhere',
    input: {},
    run: async ({ engine }, by) => ({ checkpoint: await engine.auditCheckpoint(by) }),
  }),
  verify: operation('POST /v1/audit/verify', {
    needs: 'audit:read',
    says: 'Reads the whole audit chain; compares it with checkpoints',
    input: { checkpoints: z.array(checkpoint).max(10_000).default([]) },
    run: ({ engine }, by, { checkpoints }) => engine.verifyAudit(by, checkpoints),
  }),
}
