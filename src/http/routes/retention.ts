import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { type Route, route } from '../route.ts'

export function retentionRoutes(engine: Engine): readonly Route[] {
  return [
    route(['GET', '/v1/retention'], 'retention:read', z.strictObject({}), (by) =>
      engine.retention(by),
    ),
    route(['POST', '/v1/retention/apply'], 'retention:apply', z.strictObject({}), (by) =>
      engine.applyRetention(by),
    ),
    route(['GET', '/v1/unmatched'], 'retention:read', z.strictObject({}), (by) =>
      engine.unmatched(by),
    ),
  ]
}
