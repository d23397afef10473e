import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { NOTICE_STATES } from '../../takedown/index.ts'
import { id, page, type Route, route } from '../route.ts'

export function takedownRoutes(engine: Engine): readonly Route[] {
  return [
    route(
      ['GET', '/v1/notices'],
      'notice:read',
      z.strictObject({
        ...page,
        state: z.enum(NOTICE_STATES).exactOptional(),
        caseId: id.exactOptional(),
      }),
      (by, filter) => engine.notices(by, filter),
    ),
    route(['GET', '/v1/notices/:id'], 'notice:read', z.strictObject({ id }), (by, notice) =>
      engine.notice(by, notice.id),
    ),
    route(['POST', '/v1/notices/send'], 'notice:send', z.strictObject({}), (by) =>
      engine.sendNotices(by),
    ),
  ]
}
