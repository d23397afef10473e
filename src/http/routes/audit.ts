import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { page, type Route, route } from '../route.ts'

const checkpoint = z.strictObject({
  at: z.string().max(64),
  count: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex'),
})

export function auditRoutes(engine: Engine): readonly Route[] {
  return [
    route(['GET', '/v1/audit'], 'audit:read', z.strictObject(page), (by, query) =>
      engine.auditEntries(by, query),
    ),
    route(['GET', '/v1/audit/export'], 'audit:read', z.strictObject(page), (by, query) =>
      engine.exportAudit(by, query),
    ),
    route(['GET', '/v1/audit/checkpoint'], 'audit:read', z.strictObject({}), async (by) => ({
      checkpoint: await engine.auditCheckpoint(by),
    })),
    route(
      ['POST', '/v1/audit/verify'],
      'audit:read',
      z.strictObject({ checkpoints: z.array(checkpoint).max(10_000).default([]) }),
      (by, { checkpoints }) => engine.verifyAudit(by, checkpoints),
    ),
  ]
}
