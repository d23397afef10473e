import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { CHANNEL_KINDS, NOTICE_STATES } from '../../takedown/index.ts'
import { id, page, type Route, reason, route } from '../route.ts'

export function takedownRoutes(engine: Engine): readonly Route[] {
  return [
    route(
      ['GET', '/v1/notices'],
      'notice:read',
      z.strictObject({
        ...page,
        state: z.enum(NOTICE_STATES).exactOptional(),
        channel: z.enum(CHANNEL_KINDS).exactOptional(),
        caseId: id.exactOptional(),
        undelivered: z.stringbool().exactOptional(),
      }),
      (by, filter) => engine.notices(by, filter),
    ),
    route(['GET', '/v1/notices/:id'], 'notice:read', z.strictObject({ id }), (by, notice) =>
      engine.notice(by, notice.id),
    ),
    route(['POST', '/v1/notices/send'], 'notice:send', z.strictObject({}), (by) =>
      engine.sendNotices(by),
    ),
    route(
      ['POST', '/v1/notices/:id/release'],
      'notice:send',
      z.strictObject({ id }),
      (by, notice) => engine.releaseNotice(by, notice.id),
    ),
    route(
      ['POST', '/v1/notices/:id/retry'],
      'notice:send',
      z.strictObject({ id, mail: z.email().max(254).exactOptional() }),
      (by, notice) => engine.retryNotice(by, notice.id, notice.mail),
    ),
    route(
      ['POST', '/v1/notices/:id/set-aside'],
      'notice:send',
      z.strictObject({ id, reason }),
      (by, notice) => engine.setNoticeAside(by, notice.id, notice.reason),
    ),
    route(['POST', '/v1/notices/:id/told'], 'notice:send', z.strictObject({ id }), (by, notice) =>
      engine.markNoticeTold(by, notice.id),
    ),
    // Not below /v1/notices, where a notice's id stands.
    route(['GET', '/v1/notice-stop'], 'notice:read', z.strictObject({}), async (by) => ({
      stop: await engine.noticesStopped(by),
    })),
    route(
      ['POST', '/v1/notice-stop'],
      'notice:stop',
      z.strictObject({ reason }),
      (by, { reason: why }) => engine.stopNotices(by, why),
    ),
    route(['POST', '/v1/notice-stop/lift'], 'notice:send', z.strictObject({}), (by) =>
      engine.resumeNotices(by),
    ),
  ]
}
