import { z } from 'zod'
import { allows, requirePermission } from '../access/terms.ts'
import {
  DISMISSALS,
  parseIccamReports,
  parseTip,
  parseTipCsv,
  TIP_SOURCES,
  TIP_STATUSES,
  tipSchema,
} from '../intake/terms.ts'
import { messageText } from '../tipline/terms.ts'
import { batch } from './batch.ts'
import { page, reason } from './fields.ts'
import { checked, operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

/** What a body of text/csv is handed over as: SCARt's columns. */
const csvBody = z.strictObject({ csv: z.string() })
const iccamBody = z.strictObject({ iccam: z.unknown() })
/** How many rows of a list are taken at once: one request is one transaction. */
const TIP_ROWS_MAX = 500
const line = z.int().min(1)
const tipRow = z.union([z.strictObject({ line, tip: tipSchema }), z.strictObject({ line })])

/** Which tips are meant, of a list and of an act upon many. */
export const tipFilter = {
  status: z.enum(TIP_STATUSES).exactOptional(),
  source: z.enum(TIP_SOURCES).exactOptional(),
  importId: idOf('tip-import').exactOptional().describe('The list that brought it'),
  alike: idOf('tip')
    .exactOptional()
    .describe('Those at which Hindra saw the same file as at this one'),
  queue: z.stringbool().exactOptional(),
}

/** Why a tip is off the queue: in words for the record, and in one that figures count. */
const dismissal = { reason, why: z.enum(DISMISSALS).exactOptional() }

export const tips = {
  submit: operation('POST /v1/tips', {
    needs: 'tip:submit',
    says: 'A tip, or a list of a sister hotline',
    input: z.record(z.string(), z.unknown()),
    status: 201,
    // A tip is kilobytes; a list is of those who may read tips.
    body: (by) => (allows(by, 'tip:read') ? 'list' : 'small'),
    async run({ tipDesk }, by, body) {
      if (!('csv' in body) && !('iccam' in body)) return tipDesk.take(by, parseTip(body))
      // What a list answers says which URLs are known: not for who may only bring tips.
      requirePermission(by, 'tip:read')
      return tipDesk.takeAll(
        by,
        'csv' in body
          ? parseTipCsv(checked(csvBody, body).csv)
          : parseIccamReports(checked(iccamBody, body).iccam),
      )
    },
  }),
  list: operation('GET /v1/tips', {
    needs: 'tip:read',
    says: 'Tips in order of arrival, or the queue with the reason for each place',
    input: { ...page, ...tipFilter },
    reads: ['page', 'tip.list'],
    run: async ({ tips: stage, assignments }, _by, filter) =>
      assignments.beside('tip', await stage.list(filter)),
    total: ({ tips: stage }, filter, max) => stage.count(filter, max),
  }),
  targets: operation('GET /v1/tip-targets', {
    needs: 'tip:read',
    says: 'How the whole queue stands against its targets, by what waits: how many, how many late, since when',
    input: {},
    run: ({ store, tips: stage }) => store.transact((tx) => stage.targets(tx)),
  }),
  show: operation('GET /v1/tips/:id', {
    needs: 'tip:read',
    says: 'One tip',
    input: { id: idOf('tip') },
    reads: ['one', 'tip.read'],
    run: ({ store, tips: stage, assignments }, _by, tip) =>
      store.transact(async (tx) => assignments.withHolder(tx, 'tip', await stage.read(tx, tip.id))),
  }),
  dismiss: operation('POST /v1/tips/:id/dismiss', {
    needs: 'assess',
    says: 'Nothing to take down there',
    input: { id: idOf('tip'), ...dismissal },
    run: ({ store, tipDesk }, by, tip) =>
      store.transact((tx) => tipDesk.dismiss(tx, by, tip.id, tip.reason, tip.why)),
  }),
  dismissMany: batch('POST /v1/tips/dismiss', {
    needs: 'assess',
    says: 'Nothing to take down at any of them',
    action: 'tip.dismiss',
    kind: 'tip',
    most: 'dismissMax',
    filter: tipFilter,
    said: dismissal,
    find: ({ tips: stage }, filter, limit) => stage.list({ ...filter, limit }),
    work: ({ tipDesk }, tx, by, tipId, said) =>
      tipDesk.dismiss(tx, by, tipId, said.reason, said.why),
  }),
  reopen: operation('POST /v1/tips/:id/reopen', {
    needs: 'assess',
    says: 'A tip that was dismissed waits again: it was a mistake, or something new is known',
    input: { id: idOf('tip'), reason },
    run: ({ tipDesk }, by, tip) => tipDesk.reopen(by, tip.id, tip.reason),
  }),
  look: operation('POST /v1/tips/:id/look', {
    needs: 'assess',
    says: 'Hindra looks at what is at the URL of a tip, and notes which file it is',
    input: { id: idOf('tip') },
    run: ({ sameFiles }, by, tip) => sameFiles.look(by, tip.id),
  }),
  groups: operation('GET /v1/tip-groups', {
    needs: 'tip:read',
    says: 'Files that several new tips show, as far as Hindra has looked',
    input: {},
    reads: ['all', 'tip.list'],
    run: ({ sameFiles }) => sameFiles.groups(),
  }),
  tellPolice: operation('POST /v1/tips/:id/tell-police', {
    needs: 'assess',
    says: 'The police are told of a tip in words',
    input: { id: idOf('tip'), reason },
    run: ({ tipDesk }, by, tip) => tipDesk.tellPolice(by, tip.id, tip.reason),
  }),
  messages: operation('GET /v1/tips/:id/messages', {
    needs: 'tip:read',
    says: 'What its sender wrote by the receipt, and what was answered',
    input: { id: idOf('tip') },
    reads: ['one', 'tip.messages'],
    run: ({ tipline }, _by, tip) => tipline.messages(tip.id),
  }),
  answer: operation('POST /v1/tips/:id/answer', {
    needs: 'assess',
    says: 'Answers its sender, who reads it by the receipt',
    input: { id: idOf('tip'), text: messageText },
    run: ({ tipline }, by, tip) => tipline.answer(by, tip.id, tip.text),
  }),
  heard: operation('POST /v1/tips/:id/heard', {
    needs: 'assess',
    says: 'A person has read what its sender wrote, and has nothing to say',
    input: { id: idOf('tip') },
    run: ({ tipline }, by, tip) => tipline.heard(by, tip.id),
  }),
  letters: operation('GET /v1/tips/:id/letters', {
    needs: 'tip:read',
    says: 'What the police were told of a tip in words, or would be',
    input: { id: idOf('tip') },
    reads: ['one', 'tip.letters'],
    run: ({ tipDesk }, _by, tip) => tipDesk.letters(tip.id),
  }),
  markTold: operation('POST /v1/tips/:id/told', {
    needs: 'notice:follow-up',
    says: 'A person told the police by hand',
    input: { id: idOf('tip') },
    run: ({ store, takedown }, by, tip) =>
      store.transact((tx) => takedown.tipLetters.markTold(tx, by.id, tip.id)),
  }),
}

/** What is answered says which URLs are known: not for who may only bring tips. */
const LISTS = ['tip:submit', 'tip:read'] as const

/** A list of tips, taken row by row, so that a broken connection loses and doubles none. */
export const tipImports = {
  begin: operation('POST /v1/tip-imports', {
    needs: LISTS,
    says: 'Begins a list of tips, or finds where it broke off',
    input: { digest: z.string().regex(/^[0-9a-f]{64}$/, 'is a SHA-256 in hex') },
    status: 201,
    run: ({ tipImports: stage }, by, { digest }) => stage.begin(by, digest),
  }),
  takeRows: operation('POST /v1/tip-imports/:id/rows', {
    needs: LISTS,
    says: 'Takes the next rows; none is taken twice',
    input: {
      id: idOf('tip-import'),
      from: z.int().min(0),
      rows: z.array(tipRow).max(TIP_ROWS_MAX),
    },
    body: 'list',
    run: ({ tipDesk }, by, { id: importId, from, rows }) =>
      tipDesk.takeRows(by, importId, from, rows),
  }),
  finish: operation('POST /v1/tip-imports/:id/finish', {
    needs: LISTS,
    says: 'The list is done',
    input: { id: idOf('tip-import') },
    run: ({ tipImports: stage }, by, { id: importId }) => stage.finish(by, importId),
  }),
  list: operation('GET /v1/tip-imports', {
    needs: 'tip:read',
    says: 'Lists of tips, and how far they have come',
    input: { limit: page.limit },
    reads: ['all', 'tip-import.list'],
    run: ({ tipImports: stage }, _by, { limit }) => stage.recent(limit),
  }),
}
