import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { base64Bytes } from '../../intake/index.ts'
import { CLASSIFICATIONS, type ItemStatus } from '../../register/index.ts'
import { id, page, type Route, reason, route } from '../route.ts'

const statuses = ['proposed', 'verified', 'disputed', 'retracted'] satisfies ItemStatus[]

const media = z.string().transform((text, context) => {
  const bytes = base64Bytes(text)
  if (bytes !== undefined) return bytes
  context.addIssue('not base64 (RFC 4648, padded)')
  return z.NEVER
})

export function registerRoutes(engine: Engine): readonly Route[] {
  return [
    route(
      ['POST', '/v1/items'],
      'item:propose',
      z.strictObject({
        media,
        classification: z.enum(CLASSIFICATIONS),
        reference: z.string().max(1_000).exactOptional(),
        note: z.string().max(4_000).exactOptional(),
      }),
      (by, proposal) => engine.propose(by, proposal),
      { status: 201, largeBody: true },
    ),
    route(
      ['GET', '/v1/items'],
      'item:read',
      z.strictObject({ ...page, status: z.enum(statuses).exactOptional() }),
      (by, filter) => engine.items(by, filter),
    ),
    route(['GET', '/v1/items/:id'], 'item:read', z.strictObject({ id }), (by, item) =>
      engine.item(by, item.id),
    ),
    route(
      ['POST', '/v1/items/:id/verify'],
      'item:verify',
      z.strictObject({ id, reason: reason.exactOptional() }),
      (by, item) => engine.verify(by, item.id, item.reason),
    ),
    route(
      ['POST', '/v1/items/:id/dispute'],
      'item:verify',
      z.strictObject({ id, reason }),
      (by, item) => engine.dispute(by, item.id, item.reason),
    ),
    route(
      ['POST', '/v1/items/:id/retract'],
      'item:retract',
      z.strictObject({ id, reason }),
      (by, item) => engine.retract(by, item.id, item.reason),
    ),
  ]
}
