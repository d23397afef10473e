import type { FastifyInstance } from 'fastify'
import { HindraError } from '../../errors.ts'
import { callsFor } from '../../operations/index.ts'
import { EXPORT_FORMATS } from '../../takedown/terms.ts'
import type { AppOptions } from '../app-options.ts'
import { requireUse } from './visits.ts'

/** Files for hotlines and INTERPOL, for whoever has signed in: the same operation and guard as the command's. */
export function mountExportFiles(pages: FastifyInstance, options: AppOptions): void {
  const { parts, limits } = options
  pages.get(
    '/console/files/:id/:format',
    { config: { gatekeeping: 'public' } },
    async (request, reply) => {
      const { principal } = await requireUse(request, options)
      limits.admit(principal, 'read')
      const given = request.params as Readonly<Record<'id' | 'format', string>>
      const format = EXPORT_FORMATS.find((one) => one === given.format)
      if (format === undefined) throw new HindraError('NOT_FOUND', { says: 'file-none' })
      const { hotlineExports } = callsFor(parts, principal)
      const { fileName, contentType, text } = await hotlineExports.read({ id: given.id, format })
      return reply
        .type(contentType)
        .header('content-disposition', `attachment; filename="${fileName}"`)
        .send(text)
    },
  )
}
