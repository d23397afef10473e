import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { addresses, id, isoCountry, page, type Route, reason, route } from '../route.ts'

export function tracingRoutes(engine: Engine): readonly Route[] {
  return [
    // Not a GET: a URL of suspected material does not belong into a request line.
    route(
      ['POST', '/v1/traces'],
      'route:explain',
      z.strictObject({ url: z.string().min(1) }),
      (by, { url }) => engine.trace(by, url),
    ),
    route(['GET', '/v1/overrides'], 'contact:read', z.strictObject({ ...page }), (by, query) =>
      engine.overrides(by, query),
    ),
    route(
      ['POST', '/v1/overrides'],
      'host:override',
      z.strictObject({
        host: z.string().min(1).max(253),
        name: z.string().min(1).max(200).exactOptional(),
        abuseContact: z.email().exactOptional(),
        country: isoCountry.exactOptional(),
        origin: addresses.exactOptional(),
        reason,
      }),
      (by, input) => engine.setOverride(by, input),
      { status: 201 },
    ),
    route(
      ['POST', '/v1/overrides/:id/remove'],
      'host:override',
      z.strictObject({ id }),
      (by, removed) => engine.removeOverride(by, removed.id),
    ),
  ]
}
