import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { page, type Route, route } from '../route.ts'

export function auditRoutes(engine: Engine): readonly Route[] {
  return [
    route(['GET', '/v1/audit'], 'audit:read', z.strictObject(page), (by, query) =>
      engine.auditEntries(by, query),
    ),
  ]
}
