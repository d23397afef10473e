import { z } from 'zod'
import { REPORT_NAMES } from '../reports/terms.ts'
import { operation } from './operation.ts'

const period = z
  .string()
  .regex(
    /^\d{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$/,
    'is written as 2026, a quarter as 2026-Q4, a month as 2026-11',
  )
const ROWS_MAX = 10_000

export const reports = {
  make: operation('GET /v1/reports/:report', {
    needs: 'stats:read',
    says: 'A report for others, of a year, quarter or month; for publication without small numbers',
    input: {
      report: z.enum(REPORT_NAMES),
      period,
      publish: z.stringbool().default(false).describe('Hide small numbers'),
    },
    run: ({ reports: stage }, _by, asked) => stage.make(asked.report, asked.period, asked.publish),
  }),
  close: operation('POST /v1/report-closings', {
    needs: 'report:close',
    says: 'Keeps the figures of a period that is over, so that they stand whatever is erased',
    input: { period },
    status: 201,
    run: ({ reports: stage }, by, asked) => stage.close(by.id, asked.period),
  }),
  closings: operation('GET /v1/report-closings', {
    needs: 'stats:read',
    says: 'Periods whose figures were closed, with the digest that the audit has',
    input: {},
    run: ({ reports: stage }) => stage.closings(),
  }),
  explain: operation('GET /v1/report-figures/:figure', {
    needs: ['stats:read', 'case:read'],
    says: 'The rows that a figure counts, and what each is about',
    input: {
      figure: z.string().min(1).max(64),
      period,
      from: z.coerce.number().int().min(0).default(0).describe('How many rows to leave out'),
      limit: z.coerce.number().int().min(1).max(ROWS_MAX).default(1_000),
    },
    reads: ['one', 'report.explain'],
    run: ({ reports: stage }, by, { figure, period: text, ...rows }) =>
      stage.explain(by, figure, text, rows),
  }),
}
