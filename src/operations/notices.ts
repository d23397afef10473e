import { z } from 'zod'
import { type Permission, requirePermission } from '../access/terms.ts'
import { CHANNEL_KINDS } from '../channels/index.ts'
import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Errand, LetterView, Notice, Reply, Takedown } from '../takedown/index.ts'
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
import { batch } from './batch.ts'
import { isoCountry, page, reason } from './fields.ts'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

/** A notice with its words and what came back. */
export interface NoticeDetail extends Notice {
  /** The text part, with defanged URLs. */
  readonly preview: string
  /** As it left, or would leave now. */
  readonly letter: LetterView
  /** What came back, oldest first. */
  readonly replies: readonly Reply[]
  /** What waits for a person because of it. */
  readonly errands: readonly Errand[]
  /** Of whoever hosts it; null of everybody else. */
  readonly hostId: string | null
}

/** Whoever can remove it: what is known of hosts is known of them. */
const HOST_ROLES = ['host', 'platform', 'proxy']

const noticeFilter = {
  state: z.enum(NOTICE_STATES).exactOptional(),
  channel: z.enum(CHANNEL_KINDS).exactOptional(),
  host: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .exactOptional()
    .describe('Words of the name of who is told'),
  caseId: idOf('case').exactOptional(),
  undelivered: z.stringbool().exactOptional(),
}

export const notices = {
  list: operation('GET /v1/notices', {
    needs: 'notice:read',
    says: 'Notices',
    input: { ...page, ...noticeFilter },
    reads: ['page', 'notice.list'],
    run: ({ takedown }, _by, filter) => takedown.list(filter),
  }),
  show: operation('GET /v1/notices/:id', {
    needs: 'notice:read',
    says: 'One notice with its text and what came back',
    input: { id: idOf('notice') },
    reads: ['one', 'notice.read'],
    async run({ takedown, hosts }, _by, { id: noticeId }): Promise<NoticeDetail> {
      const notice = await takedown.get(noticeId)
      return {
        ...notice,
        preview: await takedown.preview(noticeId),
        letter: await takedown.letter(noticeId),
        replies: await takedown.replies(noticeId),
        errands: await takedown.errands.about(noticeId),
        hostId: HOST_ROLES.includes(notice.role) ? hosts.idOf(notice.hostName) : null,
      }
    },
  }),
  send: operation('POST /v1/notices/send', {
    needs: 'notice:send',
    says: 'Traces, queues and sends what is due',
    input: {},
    async run({ takedown, rounds }, by) {
      await takedown.retryFailed(by.id)
      return rounds.all(by.id)
    },
  }),
  release: operation('POST /v1/notices/:id/release', {
    needs: 'notice:send',
    says: 'Lets a notice go that waits for the police',
    input: { id: idOf('notice') },
    run: ({ store, takedown }, by, notice) =>
      store.transact((tx) => takedown.release(tx, by.id, notice.id)),
  }),
  releaseMany: batch('POST /v1/notices/release', {
    needs: 'notice:send',
    says: 'Lets notices go that wait for the police',
    action: 'notice.release',
    kind: 'notice',
    most: 'releaseMax',
    filter: noticeFilter,
    said: { reason },
    find: ({ takedown }, filter, limit) => takedown.list({ ...filter, limit }),
    work: ({ takedown }, tx, by, noticeId) => takedown.release(tx, by.id, noticeId),
  }),
  retry: operation('POST /v1/notices/:id/retry', {
    needs: 'notice:follow-up',
    says: 'Sends again what reached nobody, or to another address',
    input: { id: idOf('notice'), mail: z.email().max(254).exactOptional() },
    async run({ store, takedown }, by, notice) {
      // Whom a letter reaches binds the hotline.
      if (notice.mail !== undefined) requirePermission(by, 'notice:send')
      return store.transact((tx) => takedown.retry(tx, by.id, notice.id, notice.mail))
    },
  }),
  setAside: operation('POST /v1/notices/:id/set-aside', {
    needs: 'notice:send',
    says: 'What reached nobody need not arrive',
    input: { id: idOf('notice'), reason },
    run: ({ store, takedown }, by, notice) =>
      store.transact((tx) => takedown.setAside(tx, by.id, notice.id, notice.reason)),
  }),
  answer: operation('POST /v1/notices/:id/answer', {
    needs: 'notice:send',
    says: 'Answers what its recipient asked',
    input: { id: idOf('notice'), text: z.string().trim().min(1).max(10_000) },
    run: ({ store, takedown }, by, { id: notice, text }) =>
      store.transact((tx) => takedown.answer(tx, by.id, notice, text)),
  }),
  markToldMany: batch('POST /v1/notices/told', {
    needs: 'notice:follow-up',
    says: 'A person told them by hand',
    action: 'notice.told',
    kind: 'notice',
    most: 'toldMax',
    filter: noticeFilter,
    said: { reason },
    find: ({ takedown }, filter, limit) => takedown.list({ ...filter, limit }),
    work: ({ takedown }, tx, by, noticeId) => takedown.markTold(tx, by.id, noticeId),
  }),
  markTold: operation('POST /v1/notices/:id/told', {
    needs: 'notice:follow-up',
    says: 'A person told it by hand',
    input: { id: idOf('notice') },
    run: ({ store, takedown }, by, notice) =>
      store.transact((tx) => takedown.markTold(tx, by.id, notice.id)),
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
    run: ({ takedown }, _by, { language, ...kind }) =>
      Promise.resolve(takedown.sampleLetter(kind, language)),
  }),
  // Not below /v1/notices, where a notice's id stands.
  stopped: operation('GET /v1/notice-stop', {
    needs: 'notice:read',
    says: 'Whether notices are stopped',
    input: {},
    run: async ({ takedown }) => ({ stop: await takedown.stopped() }),
  }),
  stop: operation('POST /v1/notice-stop', {
    needs: 'notice:stop',
    says: 'Emergency stop: nothing leaves',
    input: { reason },
    run: ({ takedown }, by, { reason: why }) => takedown.stop(by.id, why),
  }),
  resume: operation('POST /v1/notice-stop/lift', {
    needs: 'notice:send',
    says: 'Ends the emergency stop',
    input: {},
    run: async ({ takedown }, by) => ({ wasStopped: await takedown.resume(by.id) }),
  }),
}

export const holds = {
  list: operation('GET /v1/holds', {
    needs: 'notice:read',
    says: 'Cases that wait for the police, or ask for a person',
    input: page,
    reads: ['page', 'hold.list'],
    run: ({ takedown }, _by, wanted) => takedown.holds(wanted),
    total: async ({ takedown }, _wanted, max) => (await takedown.holdCounts(max)).open,
  }),
  show: operation('GET /v1/holds/:id', {
    needs: 'notice:read',
    says: 'What a case, or the case of a notice, waits for',
    input: { id: idOf('case', 'notice') },
    reads: ['one', 'hold.read'],
    run: ({ takedown }, _by, held) => takedown.holdOf(held.id),
  }),
  change: operation('POST /v1/holds/:id', {
    needs: 'notice:hold',
    says: 'Extends, shortens, ends or forbids; agrees to what another proposed',
    input: {
      id: idOf('case', 'notice'),
      act: z.enum(HOLD_ACTS),
      until: z.string().max(64).exactOptional(),
      reason: reason.exactOptional(),
      theirNumber: z.string().trim().min(1).max(60).exactOptional(),
    },
    async run({ takedown }, by, { id: held, ...said }) {
      const change = holdChange(said)
      requirePermission(by, await permissionFor(takedown, held, change))
      return takedown.hold(by.id, held, change)
    },
  }),
}

/** Whoever may stop may ask for more time; what lets a notice go sooner, or never, takes more. */
async function permissionFor(
  takedown: Pick<Takedown, 'holdOf' | 'isSooner'>,
  id: string,
  change: HoldChange,
): Promise<Permission> {
  switch (change.act) {
    case 'forbid':
    case 'confirm':
    case 'reject':
      return 'notice:forbid'
    case 'seen':
      return 'notice:hold'
    case 'wait':
    case 'release': {
      const before = await takedown.holdOf(id)
      if (before.state === 'forbidden') return 'notice:forbid'
      const isSooner = change.act === 'release' || takedown.isSooner(before, change.until)
      return isSooner ? 'notice:send' : 'notice:hold'
    }
  }
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
  const said = defined({
    reason: why,
    theirNumber,
  })
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
  throw new HindraError('INVALID_INPUT', { says: 'act-needs', field }, { field })
}

export const policeMails = {
  list: operation('GET /v1/police-mails', {
    needs: 'notice:read',
    says: 'Mails of the police of which nobody knows the case, or that could not be read',
    input: page,
    reads: ['page', 'police-mail.list'],
    run: ({ takedown }, _by, wanted) => takedown.policeMails(wanted),
    total: ({ takedown }) => takedown.countPoliceMails(),
  }),
  markSeen: operation('POST /v1/police-mails/:id/seen', {
    needs: 'notice:hold',
    says: 'A person has read it: it is forgotten here',
    input: { id: idOf('police-mail') },
    run: ({ takedown }, by, mail) => takedown.policeMailSeen(by.id, mail.id),
  }),
}

/** What waits for a person, of all kinds. */
export const waiting = {
  list: operation('GET /v1/waiting', {
    needs: 'notice:read',
    says: 'What waits for a person, since when, and what ends it',
    input: page,
    reads: ['page', 'errand.list'],
    run: ({ takedown }, _by, wanted) => takedown.errands.list(wanted),
    total: async ({ store, takedown }) =>
      (await store.transact((tx) => takedown.errands.counts(tx))).count,
  }),
  markDone: operation('POST /v1/waiting/:id/done', {
    needs: 'notice:follow-up',
    says: 'A person has read the reply, looked into the mailbox, or carried the file',
    input: { id: idOf('errand') },
    run: ({ takedown }, by, errand) => takedown.errands.done(by.id, errand.id),
  }),
}

/** Files for other hotlines and INTERPOL. */
export const hotlineExports = {
  list: operation('GET /v1/hotline-exports', {
    needs: 'notice:read',
    says: 'Files for hotlines and INTERPOL',
    input: page,
    reads: ['page', 'hotline-export.list'],
    run: ({ takedown }, _by, query) => takedown.exports.list(query),
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
    run: ({ takedown }, by, wanted) => takedown.exports.take(by.id, wanted),
  }),
  read: operation('GET /v1/hotline-exports/:id', {
    needs: 'hotline-export:take',
    says: 'One file, as JSON or as SCARt’s CSV',
    input: { id: idOf('export'), format: z.enum(EXPORT_FORMATS).default('json') },
    run: ({ takedown }, by, wanted) => takedown.exports.read(by.id, wanted.id, wanted.format),
  }),
}
