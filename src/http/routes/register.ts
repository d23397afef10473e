import { z } from 'zod'
import type { Engine, ItemProposal } from '../../engine.ts'
import { HASH_TYPES } from '../../hashes/index.ts'
import { base64Bytes } from '../../intake/index.ts'
import { CLASSIFICATIONS, OPINIONS, ENTRY_STATUSES, type ListedHash } from '../../register/index.ts'
import { id, page, type Route, reason, route } from '../route.ts'
import { listName } from './lists.ts'

const media = z.string().transform((text, context) => {
  const bytes = base64Bytes(text)
  if (bytes !== undefined) return bytes
  context.addIssue('not base64 (RFC 4648, padded)')
  return z.NEVER
})

const refreshed = z.strictObject({ media })

const hash: z.ZodType<ListedHash> = z.strictObject({
  type: z.enum(HASH_TYPES),
  value: z.string(),
  quality: z.int().min(0).max(100).exactOptional(),
  seconds: z.number().min(0).exactOptional(),
})

/** Checked against vocabulary and limits by the register. */
const text = z.string().min(1).nullable().exactOptional()

const described = {
  list: listName.exactOptional(),
  classification: z.enum(CLASSIFICATIONS).exactOptional(),
  key: z.string().max(1_000).exactOptional(),
  description: z
    .strictObject({
      source: text,
      sourceReference: text,
      jurisdiction: text,
      ageBand: text,
      siteType: text,
      commerciality: text,
      victimIdentified: z.boolean().nullable().exactOptional(),
      selfGenerated: z.boolean().nullable().exactOptional(),
      policeReference: text,
      ucs: z.array(z.string().min(1)).exactOptional(),
      reference: text,
      note: text,
    })
    .exactOptional(),
}

const proposal: z.ZodType<ItemProposal> = z
  .strictObject({
    media: media.exactOptional(),
    hashes: z.array(hash).min(1).exactOptional(),
    kind: z.enum(['image', 'film', 'unknown']).exactOptional(),
    ...described,
  })
  .transform(({ media: bytes, hashes, kind, ...rest }, context): ItemProposal => {
    if (bytes !== undefined && hashes === undefined && kind === undefined) {
      return { media: bytes, ...rest }
    }
    if (bytes === undefined && hashes !== undefined) {
      return { hashes, ...(kind === undefined ? {} : { kind }), ...rest }
    }
    context.addIssue('either media, or hashes with their kind')
    return z.NEVER
  })

const series = z.string().trim().min(1).max(256)

const target = { id, entryId: id.exactOptional() }

export function registerRoutes(engine: Engine): readonly Route[] {
  return [
    route(['GET', '/v1/vocabulary'], 'item:read', z.strictObject({}), (by) =>
      engine.vocabulary(by),
    ),
    route(['GET', '/v1/corpus'], 'item:read', z.strictObject({}), (by) => engine.corpus(by)),
    route(
      ['POST', '/v1/corpus'],
      'item:propose',
      z.strictObject({ media }),
      (by, benign) => engine.addBenign(by, benign.media),
      { status: 201, largeBody: true },
    ),
    route(
      ['POST', '/v1/items'],
      'item:propose',
      proposal,
      (by, proposed) => engine.propose(by, proposed),
      { status: 201, largeBody: true },
    ),
    route(
      ['POST', '/v1/items/refresh'],
      'item:propose',
      refreshed,
      (by, { media: bytes }) => engine.refresh(by, bytes),
      { largeBody: true },
    ),
    route(
      ['GET', '/v1/items'],
      'item:read',
      z.strictObject({
        ...page,
        status: z.enum(ENTRY_STATUSES).exactOptional(),
        list: listName.exactOptional(),
      }),
      (by, filter) => engine.items(by, filter),
    ),
    route(['GET', '/v1/items/:id'], 'item:read', z.strictObject({ id }), (by, item) =>
      engine.item(by, item.id),
    ),
    route(
      ['POST', '/v1/items/:id/verify'],
      'item:verify',
      z.strictObject({
        ...target,
        reason: reason.exactOptional(),
        acknowledgeFindings: z.boolean().exactOptional(),
      }),
      (by, { id: itemId, reason: why, ...entry }) => engine.verify(by, { itemId, ...entry }, why),
    ),
    route(
      ['POST', '/v1/items/:id/dispute'],
      'item:verify',
      z.strictObject({ ...target, reason }),
      (by, { id: itemId, reason: why, ...entry }) => engine.dispute(by, { itemId, ...entry }, why),
    ),
    route(
      ['POST', '/v1/items/:id/retract'],
      'item:retract',
      z.strictObject({ ...target, reason }),
      (by, { id: itemId, reason: why, ...entry }) => engine.retract(by, { itemId, ...entry }, why),
    ),
    route(
      ['POST', '/v1/items/:id/disable'],
      'item:verify',
      z.strictObject({ ...target, until: z.iso.datetime({ offset: true }), reason }),
      (by, { id: itemId, until, reason: why, ...entry }) =>
        engine.disable(by, { itemId, ...entry }, until, why),
    ),
    route(
      ['POST', '/v1/items/:id/enable'],
      'item:verify',
      z.strictObject({ ...target, reason }),
      (by, { id: itemId, reason: why, ...entry }) => engine.enable(by, { itemId, ...entry }, why),
    ),
    route(
      ['POST', '/v1/items/:id/release'],
      'item:verify',
      z.strictObject({ id, reason }),
      (by, item) => engine.release(by, item.id, item.reason),
    ),
    route(
      ['POST', '/v1/items/:id/feedback'],
      'feedback:give',
      z.strictObject({
        ...target,
        opinion: z.enum(OPINIONS),
        reason: reason.exactOptional(),
        exchangeReason: z.string().max(256).exactOptional(),
      }),
      (by, { id: itemId, entryId, ...feedback }) =>
        engine.giveFeedback(
          by,
          { itemId, ...(entryId === undefined ? {} : { entryId }) },
          feedback,
        ),
      { status: 201 },
    ),
    route(
      ['POST', '/v1/items/:id/series'],
      'item:propose',
      z.strictObject({ id, series: series.nullable(), reason: reason.exactOptional() }),
      (by, item) => engine.group(by, item.id, item.series, item.reason),
    ),
    route(
      ['POST', '/v1/items/:id/join'],
      'item:verify',
      z.strictObject({ id, other: id, reason }),
      (by, item) => engine.join(by, item.id, item.other, item.reason),
    ),
    route(
      ['POST', '/v1/items/:id/part'],
      'item:verify',
      z.strictObject({ id, other: id, reason }),
      (by, item) => engine.part(by, item.id, item.other, item.reason),
    ),
    route(
      ['GET', '/v1/items/:id/similar'],
      'item:read',
      z.strictObject({ id, limit: z.coerce.number().int().min(1).max(100).default(10) }),
      (by, item) => engine.similar(by, item.id, item.limit),
    ),
    route(['GET', '/v1/items/:id/cases'], 'item:read', z.strictObject({ id }), (by, item) =>
      engine.touched(by, item.id),
    ),
    route(['GET', '/v1/series'], 'item:read', z.strictObject({ name: series }), (by, { name }) =>
      engine.series(by, name),
    ),
  ]
}
