import { z } from 'zod'
import { CHANNEL_KINDS } from '../../channels/index.ts'
import type { Engine } from '../../engine.ts'
import { HindraError } from '../../errors.ts'
import {
  LANGUAGES,
  LETTER_ROLES,
  LETTER_STEPS,
  MATTERS,
  HOLD_ACTS,
  type HoldChange,
  NOTICE_STATES,
} from '../../takedown/index.ts'
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
    route(
      ['POST', '/v1/notices/:id/answer'],
      'notice:send',
      z.strictObject({ id, text: z.string().trim().min(1).max(10_000) }),
      (by, { id: notice, text }) => engine.answerNotice(by, notice, text),
    ),
    route(['GET', '/v1/cases/:id/letters'], 'notice:read', z.strictObject({ id }), (by, found) =>
      engine.caseLetters(by, found.id),
    ),
    route(
      ['GET', '/v1/letters'],
      'notice:read',
      z.strictObject({
        role: z.enum(LETTER_ROLES),
        matter: z.enum(MATTERS).default('media'),
        step: z.enum(LETTER_STEPS).default('first'),
        language: z.enum(LANGUAGES).default('sv'),
      }),
      (by, asked) => engine.sampleLetter(by, asked),
    ),
    route(['POST', '/v1/notices/:id/told'], 'notice:send', z.strictObject({ id }), (by, notice) =>
      engine.markNoticeTold(by, notice.id),
    ),
    route(['GET', '/v1/holds'], 'notice:read', z.strictObject(page), (by, wanted) =>
      engine.holds(by, wanted),
    ),
    route(['GET', '/v1/holds/:id'], 'notice:read', z.strictObject({ id }), (by, held) =>
      engine.hold(by, held.id),
    ),
    route(
      ['POST', '/v1/holds/:id'],
      'notice:hold',
      z.strictObject({
        id,
        act: z.enum(HOLD_ACTS),
        until: z.string().max(64).exactOptional(),
        reason: reason.exactOptional(),
        theirNumber: z.string().trim().min(1).max(60).exactOptional(),
      }),
      (by, { id: held, ...change }) => engine.changeHold(by, held, holdChange(change)),
    ),
    route(['GET', '/v1/police-mails'], 'notice:read', z.strictObject(page), (by, wanted) =>
      engine.policeMails(by, wanted),
    ),
    route(
      ['POST', '/v1/police-mails/:id/seen'],
      'notice:hold',
      z.strictObject({ id }),
      (by, mail) => engine.policeMailSeen(by, mail.id),
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

/** Throws INVALID_INPUT where an act lacks what it needs. */
function holdChange({
  act,
  until,
  reason: why,
  theirNumber,
}: {
  readonly act: HoldChange['act']
  readonly until?: string
  readonly reason?: string
  readonly theirNumber?: string
}): HoldChange {
  const said = {
    ...(why === undefined ? {} : { reason: why }),
    ...(theirNumber === undefined ? {} : { theirNumber }),
  }
  switch (act) {
    case 'wait':
      return { act, until: needed('until', until), ...said }
    case 'forbid':
      return { act, ...said, reason: needed('reason', why) }
    case 'release':
      return { act, ...said }
    case 'reject':
      return { act, reason: needed('reason', why) }
    case 'confirm':
    case 'seen':
      return { act }
  }
}

function needed(field: string, value: string | undefined): string {
  if (value !== undefined) return value
  throw new HindraError('INVALID_INPUT', `${field}: is needed for this act`, { field })
}
