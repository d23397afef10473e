import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { id, type Route, route } from '../route.ts'

export function recheckRoutes(engine: Engine): readonly Route[] {
  return [
    route(
      ['POST', '/v1/rechecks'],
      'recheck:run',
      z.strictObject({ caseId: id.exactOptional() }),
      (by, { caseId }) => engine.recheck(by, caseId),
    ),
  ]
}
