import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { EXPORT_FORMATS, EXPORT_KINDS } from '../../takedown/index.ts'
import { id, isoCountry, page, type Route, route } from '../route.ts'

export function exportRoutes(engine: Engine): readonly Route[] {
  return [
    route(['GET', '/v1/exports'], 'notice:read', z.strictObject({ ...page }), (by, query) =>
      engine.exports(by, query),
    ),
    route(
      ['POST', '/v1/exports'],
      'export:take',
      z.strictObject({
        kind: z.enum(EXPORT_KINDS),
        country: isoCountry.exactOptional(),
        today: z.boolean().exactOptional(),
      }),
      (by, wanted) => engine.takeExports(by, wanted),
      { status: 201 },
    ),
    route(
      ['GET', '/v1/exports/:id'],
      'export:take',
      z.strictObject({ id, format: z.enum(EXPORT_FORMATS).default('json') }),
      (by, wanted) => engine.readExport(by, wanted.id, wanted.format),
    ),
  ]
}
