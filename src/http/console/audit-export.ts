import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { HindraError } from '../../errors.ts'
import { auditLines, callsFor, requireGate } from '../../operations/index.ts'
import type { AppOptions } from '../app-options.ts'
import { requireToken, requireUse } from './visits.ts'

/** The audit as a file, with what is needed to verify it: by a form, so that no other site has anybody take it along. */
export function mountAuditExport(pages: FastifyInstance, options: AppOptions): void {
  const { parts, limits, engine } = options
  pages.post(
    '/console/audit/export',
    { config: { gatekeeping: 'public' } },
    async (request, reply) => {
      const use = await requireUse(request, options)
      requireToken(request, engine.stages.sessions, use.token)
      requireGate(use.principal, 'audit:read')
      limits.admit(use.principal, 'read')
      const { audit } = callsFor(parts, use.principal)
      const { checkpoint } = await audit.checkpoint()
      if (checkpoint === null) throw new HindraError('NOT_FOUND', 'the audit holds no entry yet')
      return reply
        .type('application/x-ndjson')
        .header('content-disposition', 'attachment; filename="audit.ndjson"')
        .send(Readable.from(bytesOf(auditLines(audit, checkpoint))))
    },
  )
}

async function* bytesOf(lines: AsyncIterable<readonly string[]>): AsyncGenerator<Buffer> {
  for await (const part of lines) yield Buffer.from(part.join(''))
}
