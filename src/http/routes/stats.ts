import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { type Route, route } from '../route.ts'

const quarter = z
  .string()
  .regex(/^\d{4}-(Q[1-4]|0[1-9]|1[0-2])$/, 'is written as 2026-Q4, a month as 2026-11')

export function statsRoutes(engine: Engine): readonly Route[] {
  return [
    route(
      ['GET', '/v1/stats'],
      'stats:read',
      z.strictObject({ quarter: quarter.exactOptional() }),
      (by, query) => engine.stats(by, query.quarter),
    ),
    route(
      ['GET', '/v1/stats/hosts'],
      'stats:read',
      z.strictObject({ quarter: quarter.exactOptional() }),
      (by, query) => engine.hostStats(by, query.quarter),
    ),
    route(['GET', '/v1/stats/figures'], 'stats:read', z.strictObject({}), (by) =>
      engine.figures(by),
    ),
  ]
}
