import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { type Delta } from '../../exchange/index.ts'
import { HASH_TYPES } from '../../hashes/index.ts'
import { CLASSIFICATIONS } from '../../register/index.ts'
import { id, page, type Route, reason, route } from '../route.ts'

const LINES_MAX = 5_000

const hash = z.strictObject({
  type: z.enum(HASH_TYPES),
  value: z.string().min(1).max(100_000),
  quality: z.number().min(0).max(100).exactOptional(),
  seconds: z.number().min(0).exactOptional(),
})

const text = z.string().max(4_000).nullable().exactOptional()
const flag = z.boolean().nullable().exactOptional()
const line = z.int().min(1)

const delta: z.ZodType<Delta> = z.discriminatedUnion('change', [
  z.strictObject({
    change: z.literal('put'),
    line,
    key: z.string().max(1_000).exactOptional(),
    kind: z.enum(['image', 'film', 'unknown']).exactOptional(),
    hashes: z.array(hash).max(20_000),
    classification: z.enum(CLASSIFICATIONS).exactOptional(),
    description: z
      .strictObject({
        sourceReference: text,
        jurisdiction: text,
        victimIdentified: flag,
        selfGenerated: flag,
        note: text,
      })
      .exactOptional(),
  }),
  z.strictObject({ change: z.literal('delete'), line, key: z.string().max(1_000) }),
  z.strictObject({
    change: z.literal('refused'),
    line,
    key: z.string().max(1_000).exactOptional(),
    field: z.string().max(100),
    message: z.string().max(1_000),
  }),
])

const listName = z.string().min(1).max(64)

export function exchangeRoutes(engine: Engine): readonly Route[] {
  return [
    route(
      ['POST', '/v1/imports'],
      'import',
      z.strictObject({
        list: listName,
        format: z.string().min(1).max(64),
        digest: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex'),
        dryRun: z.boolean().default(false),
        complete: z.boolean().default(false),
      }),
      (by, start) => engine.beginImport(by, start),
      { status: 201 },
    ),
    route(
      ['GET', '/v1/imports'],
      'import',
      z.strictObject({ limit: page.limit }),
      (by, { limit }) => engine.imports(by, limit),
    ),
    route(['GET', '/v1/imports/:id'], 'import', z.strictObject({ id }), (by, asked) =>
      engine.findImport(by, asked.id),
    ),
    route(
      ['POST', '/v1/imports/:id/lines'],
      'import',
      z.strictObject({ id, from: z.int().min(0), lines: z.array(delta).max(LINES_MAX) }),
      (by, { id: importId, from, lines }) => engine.importLines(by, importId, from, lines),
      { largeBody: true },
    ),
    route(
      ['POST', '/v1/imports/:id/withdraw'],
      'import',
      z.strictObject({ id, confirmed: z.int().min(0).exactOptional() }),
      (by, asked) => engine.withdrawAbsent(by, asked.id, asked.confirmed),
    ),
    route(
      ['GET', '/v1/imports/:id/touched'],
      'import',
      z.strictObject({ id, ...page }),
      (by, { id: importId, ...asked }) => engine.importTouched(by, importId, asked),
    ),
    route(['POST', '/v1/imports/:id/finish'], 'import', z.strictObject({ id }), (by, asked) =>
      engine.finishImport(by, asked.id),
    ),
    route(
      ['POST', '/v1/list-exports'],
      'export',
      z.strictObject({ list: listName, reason }),
      (by, asked) => engine.beginExport(by, asked.list, asked.reason),
      { status: 201 },
    ),
    route(
      ['GET', '/v1/list-exports/:id/entries'],
      'export',
      z.strictObject({ id, ...page }),
      (by, { id: exportId, ...asked }) => engine.exportPage(by, exportId, asked),
    ),
  ]
}
