import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { EXPORT_FORMATS, EXPORT_KINDS } from '../../takedown/index.ts'
import { id, isoCountry, page, type Route, route } from '../route.ts'

export function hotlineExportRoutes(engine: Engine): readonly Route[] {
  return [
    route(['GET', '/v1/hotline-exports'], 'notice:read', z.strictObject({ ...page }), (by, query) =>
      engine.hotlineExports(by, query),
    ),
    route(
      ['POST', '/v1/hotline-exports'],
      'hotline-export:take',
      z.strictObject({
        kind: z.enum(EXPORT_KINDS),
        country: isoCountry.exactOptional(),
        today: z.boolean().exactOptional(),
      }),
      (by, wanted) => engine.takeHotlineExports(by, wanted),
      { status: 201 },
    ),
    route(
      ['GET', '/v1/hotline-exports/:id'],
      'hotline-export:take',
      z.strictObject({ id, format: z.enum(EXPORT_FORMATS).default('json') }),
      (by, wanted) => engine.readHotlineExport(by, wanted.id, wanted.format),
    ),
  ]
}
