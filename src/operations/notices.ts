import { z } from 'zod'
import { CHANNEL_KINDS } from '../channels/index.ts'
import { HindraError } from '../errors.ts'
import {
  EXPORT_FORMATS,
  EXPORT_KINDS,
  HOLD_ACTS,
  type HoldChange,
  LANGUAGES,
  LETTER_ROLES,
  LETTER_STEPS,
  MATTERS,
  NOTICE_STATES,
} from '../takedown/terms.ts'
import { id, isoCountry, page, reason } from './fields.ts'
import { operation } from './operation.ts'

export const notices = {
  list: operation('GET /v1/notices', {
    needs: 'notice:read',
    says: 'Notices',
    input: {
      ...page,
      state: z.enum(NOTICE_STATES).exactOptional(),
      channel: z.enum(CHANNEL_KINDS).exactOptional(),
      caseId: id.exactOptional(),
      undelivered: z.stringbool().exactOptional(),
    },
    run: ({ engine }, by, filter) => engine.notices(by, filter),
  }),
  show: operation('GET /v1/notices/:id', {
    needs: 'notice:read',
    says: 'One notice with its text and what came back',
    input: { id },
    run: ({ engine }, by, notice) => engine.notice(by, notice.id),
  }),
  send: operation('POST /v1/notices/send', {
    needs: 'notice:send',
    says: 'Traces, queues and sends what is due',
    input: {},
    run: ({ engine }, by) => engine.sendNotices(by),
  }),
  release: operation('POST /v1/notices/:id/release', {
    needs: 'notice:send',
    says: 'Lets a notice go that waits for the police',
    input: { id },
    run: ({ engine }, by, notice) => engine.releaseNotice(by, notice.id),
  }),
  retry: operation('POST /v1/notices/:id/retry', {
    needs: 'notice:send',
    says: 'Sends again what reached nobody, or to another address',
    input: { id, mail: z.email().max(254).exactOptional() },
    run: ({ engine }, by, notice) => engine.retryNotice(by, notice.id, notice.mail),
  }),
  setAside: operation('POST /v1/notices/:id/set-aside', {
    needs: 'notice:send',
    says: 'What reached nobody need not arrive',
    input: { id, reason },
    run: ({ engine }, by, notice) => engine.setNoticeAside(by, notice.id, notice.reason),
  }),
  answer: operation('POST /v1/notices/:id/answer', {
    needs: 'notice:send',
    says: 'Answers what its recipient asked',
    input: { id, text: z.string().trim().min(1).max(10_000) },
    run: ({ engine }, by, { id: notice, text }) => engine.answerNotice(by, notice, text),
  }),
  markTold: operation('POST /v1/notices/:id/told', {
    needs: 'notice:send',
    says: 'A person told it by hand',
    input: { id },
    run: ({ engine }, by, notice) => engine.markNoticeTold(by, notice.id),
  }),
  sampleLetter: operation('GET /v1/letters', {
    needs: 'notice:read',
    says: 'The words of one kind of letter, as a sample',
    input: {
      role: z.enum(LETTER_ROLES),
      matter: z.enum(MATTERS).default('media'),
      step: z.enum(LETTER_STEPS).default('first'),
      language: z.enum(LANGUAGES).default('sv'),
    },
    run: ({ engine }, by, asked) => engine.sampleLetter(by, asked),
  }),
  // Not below /v1/notices, where a notice's id stands.
  stopped: operation('GET /v1/notice-stop', {
    needs: 'notice:read',
    says: 'Whether notices are stopped',
    input: {},
    run: async ({ engine }, by) => ({ stop: await engine.noticesStopped(by) }),
  }),
  stop: operation('POST /v1/notice-stop', {
    needs: 'notice:stop',
    says: 'Emergency stop: nothing leaves',
    input: { reason },
    run: ({ engine }, by, { reason: why }) => engine.stopNotices(by, why),
  }),
  resume: operation('POST /v1/notice-stop/lift', {
    needs: 'notice:send',
    says: 'Ends the emergency stop',
    input: {},
    run: ({ engine }, by) => engine.resumeNotices(by),
  }),
}

export const holds = {
  list: operation('GET /v1/holds', {
    needs: 'notice:read',
    says: 'Cases that wait for the police, or ask for a person',
    input: page,
    run: ({ engine }, by, wanted) => engine.holds(by, wanted),
  }),
  show: operation('GET /v1/holds/:id', {
    needs: 'notice:read',
    says: 'What a case, or the case of a notice, waits for',
    input: { id },
    run: ({ engine }, by, held) => engine.hold(by, held.id),
  }),
  change: operation('POST /v1/holds/:id', {
    needs: 'notice:hold',
    says: 'Extends, shortens, ends or forbids; agrees to what another proposed',
    input: {
      id,
      act: z.enum(HOLD_ACTS),
      until: z.string().max(64).exactOptional(),
      reason: reason.exactOptional(),
      theirNumber: z.string().trim().min(1).max(60).exactOptional(),
    },
    run: async ({ engine }, by, { id: held, ...change }) =>
      engine.changeHold(by, held, holdChange(change)),
  }),
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

export const policeMails = {
  list: operation('GET /v1/police-mails', {
    needs: 'notice:read',
    says: 'Mails of the police of which nobody knows the case, or that could not be read',
    input: page,
    run: ({ engine }, by, wanted) => engine.policeMails(by, wanted),
  }),
  markSeen: operation('POST /v1/police-mails/:id/seen', {
    needs: 'notice:hold',
    says: 'A person has read it: it is forgotten here',
    input: { id },
    run: ({ engine }, by, mail) => engine.policeMailSeen(by, mail.id),
  }),
}

/** Files for other hotlines and INTERPOL. */
export const hotlineExports = {
  list: operation('GET /v1/hotline-exports', {
    needs: 'notice:read',
    says: 'Files for hotlines and INTERPOL',
    input: page,
    run: ({ engine }, by, query) => engine.hotlineExports(by, query),
  }),
  take: operation('POST /v1/hotline-exports', {
    needs: 'hotline-export:take',
    says: 'Makes files of what is queued for them',
    input: {
      kind: z.enum(EXPORT_KINDS),
      country: isoCountry.exactOptional(),
      today: z.boolean().exactOptional(),
    },
    status: 201,
    run: ({ engine }, by, wanted) => engine.takeHotlineExports(by, wanted),
  }),
  read: operation('GET /v1/hotline-exports/:id', {
    needs: 'hotline-export:take',
    says: 'One file, as JSON or as SCARt’s CSV',
    input: { id, format: z.enum(EXPORT_FORMATS).default('json') },
    run: ({ engine }, by, wanted) => engine.readHotlineExport(by, wanted.id, wanted.format),
  }),
}
