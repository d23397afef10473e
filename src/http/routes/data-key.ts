import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { type Route, route } from '../route.ts'

export function dataKeyRoutes(engine: Engine): readonly Route[] {
  return [
    route(['GET', '/v1/data-key'], 'data-key:manage', z.strictObject({}), (by) =>
      engine.dataKeyStatus(by),
    ),
    route(
      ['POST', '/v1/data-key/rotate'],
      'data-key:manage',
      z.strictObject({ out: z.string().min(1).max(4_096).exactOptional() }),
      (by, { out }) => engine.rotateDataKey(by, out),
    ),
    route(['POST', '/v1/data-key/finish'], 'data-key:manage', z.strictObject({}), (by) =>
      engine.finishDataKey(by),
    ),
  ]
}
