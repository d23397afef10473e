import type { FastifyInstance } from 'fastify'
import { HindraError } from '../../errors.ts'
import { callsFor } from '../../operations/index.ts'
import { REPORT_FORMATS, REPORT_NAMES } from '../../reports/terms.ts'
import type { AppOptions } from '../app-options.ts'
import { languageOf, requireUse } from './visits.ts'

/** `2026-Q4.csv` */
const FILE = /^(\d{4}(?:-(?:Q[1-4]|\d{2}))?)\.([a-z]{3,4})$/

/** Reports as files for whoever has signed in: the same operation, guard and writing as the command's. */
export function mountReportFiles(pages: FastifyInstance, options: AppOptions): void {
  const { parts, limits } = options
  pages.get(
    '/console/reports/:report/:file',
    { config: { gatekeeping: 'public' } },
    async (request, reply) => {
      const { principal } = await requireUse(request, options)
      limits.admit(principal, 'read')
      const given = request.params as Readonly<Record<'report' | 'file', string>>
      const report = REPORT_NAMES.find((name) => name === given.report)
      const [, period = '', ending] = FILE.exec(given.file) ?? []
      const format = Object.values(REPORT_FORMATS).find((one) => one.ending === ending)
      if (report === undefined || format === undefined) {
        throw new HindraError('NOT_FOUND', 'there is no such file of a report')
      }
      const { publish = 'false' } = request.query as Readonly<Record<string, string>>
      const made = await callsFor(parts, principal).reports.make({ report, period, publish })
      const kind = made.forPublication ? '' : '-internal'
      return reply
        .type(format.contentType)
        .header(
          'content-disposition',
          `attachment; filename="${report}-${period}${kind}.${format.ending}"`,
        )
        .send(format.write(made, languageOf(request)))
    },
  )
}
