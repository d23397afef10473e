import { z } from 'zod'
import {
  parseIccamReports,
  parseTip,
  parseTipCsv,
  TIP_STATUSES,
  tipSchema,
} from '../intake/terms.ts'
import { id, page, reason } from './fields.ts'
import { checked, operation } from './operation.ts'

/** What a body of text/csv is handed over as: SCARt's columns. */
const csvBody = z.strictObject({ csv: z.string() })
const iccamBody = z.strictObject({ iccam: z.unknown() })
/** Of a list that is taken row by row: one request is one transaction. */
const TIP_ROWS_MAX = 500
const line = z.int().min(1)
const tipRow = z.union([z.strictObject({ line, tip: tipSchema }), z.strictObject({ line })])

export const tips = {
  submit: operation('POST /v1/tips', {
    needs: 'tip:submit',
    says: 'A tip, or a list of a sister hotline',
    input: z.record(z.string(), z.unknown()),
    status: 201,
    largeBody: true,
    async run({ engine }, by, body) {
      if ('csv' in body) return engine.importTips(by, parseTipCsv(checked(csvBody, body).csv))
      if (!('iccam' in body)) return engine.tip(by, parseTip(body))
      return engine.importTips(by, parseIccamReports(checked(iccamBody, body).iccam))
    },
  }),
  list: operation('GET /v1/tips', {
    needs: 'tip:read',
    says: 'Tips in order of arrival, or the queue with the reason for each place',
    input: {
      ...page,
      status: z.enum(TIP_STATUSES).exactOptional(),
      queue: z.stringbool().exactOptional(),
    },
    run: ({ engine }, by, filter) => engine.tips(by, filter),
  }),
  show: operation('GET /v1/tips/:id', {
    needs: 'tip:read',
    says: 'One tip',
    input: { id },
    run: ({ engine }, by, tip) => engine.findTip(by, tip.id),
  }),
  dismiss: operation('POST /v1/tips/:id/dismiss', {
    needs: 'assess',
    says: 'Nothing to take down there',
    input: { id, reason },
    run: ({ engine }, by, tip) => engine.dismissTip(by, tip.id, tip.reason),
  }),
}

/** A list of tips, taken row by row, so that a broken connection loses and doubles none. */
export const tipImports = {
  begin: operation('POST /v1/tip-imports', {
    needs: 'tip:submit',
    says: 'Begins a list of tips, or finds where it broke off',
    input: { digest: z.string().regex(/^[0-9a-f]{64}$/, 'is a SHA-256 in hex') },
    status: 201,
    run: ({ engine }, by, { digest }) => engine.beginTipImport(by, digest),
  }),
  takeRows: operation('POST /v1/tip-imports/:id/rows', {
    needs: 'tip:submit',
    says: 'Takes the next rows; none is taken twice',
    input: { id, from: z.int().min(0), rows: z.array(tipRow).max(TIP_ROWS_MAX) },
    largeBody: true,
    run: ({ engine }, by, { id: importId, from, rows }) =>
      engine.takeTipRows(by, importId, from, rows),
  }),
  finish: operation('POST /v1/tip-imports/:id/finish', {
    needs: 'tip:submit',
    says: 'The list is done',
    input: { id },
    run: ({ engine }, by, { id: importId }) => engine.finishTipImport(by, importId),
  }),
  list: operation('GET /v1/tip-imports', {
    needs: 'tip:read',
    says: 'Lists of tips, and how far they have come',
    input: { limit: page.limit },
    run: ({ engine }, by, { limit }) => engine.tipImports(by, limit),
  }),
}
