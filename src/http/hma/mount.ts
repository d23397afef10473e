import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { HindraError } from '../../errors.ts'
import { ask } from '../../operations/index.ts'
import type { AppOptions } from '../app-options.ts'
import { principalOf } from '../authenticate.ts'
import { takeJson } from '../json-body.ts'
import { isForm, takeForms, withForm } from '../mount-uploads.ts'
import { publicDetail } from '../problem.ts'
import { cutOffLater, fromFramework } from '../refuse.ts'
import { CONTENT_TYPES, type SentFile } from './fields.ts'
import { badRequest, type HmaOperation } from './operation.ts'

/** HMA's routes: refusals are `{message}` with its status codes, and a code of ours besides. */
export function mountHma(app: FastifyInstance, options: AppOptions): void {
  void app.register((hma, _options, registered) => {
    takeForms(hma)
    takeJson(hma, options.engine.config.server)
    hma.setErrorHandler((cause, request, reply) => {
      const error = fromFramework(cause, request)
      request.refusal = error
      cutOffLater(request)
      if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer')
      if (error.retryAfterSeconds !== undefined) {
        reply.header('retry-after', Math.max(1, Math.ceil(error.retryAfterSeconds)))
      }
      return reply.code(statusOf(error)).send({ message: publicDetail(error), code: error.code })
    })
    for (const operation of options.hma) mount(hma, operation, options)
    registered()
  })
}

function mount(hma: FastifyInstance, operation: HmaOperation, options: AppOptions): void {
  const { method, path: url, needs: gatekeeping, rate, form, body } = operation
  const sent = form === undefined ? { body } : { uploads: true as const }
  hma.route({
    method,
    url,
    config: { gatekeeping, rate, ...sent },
    async handler(request, reply) {
      const by = principalOf(request)
      const fields = fieldsOf(request)
      const answered = (given: object) => ask(options.parts, operation, by, { ...fields, ...given })
      // A form that the route has no use for is left unread, and is no JSON.
      const { answer } =
        form === undefined || !isForm(request)
          ? await answered({ json: isForm(request) ? undefined : request.body })
          : await withForm(request, form, options, (parts) => answered({ file: fileOf(parts) }))
      return reply.code(operation.status).send(answer)
    },
  })
}

/** The fields of path and query. Throws INVALID_INPUT for a field that is told twice. */
function fieldsOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const query = request.query as Readonly<Record<string, unknown>>
  const [twice] = Object.entries(query).filter(([, value]) => typeof value !== 'string')
  if (twice !== undefined) throw badRequest(`${twice[0].slice(0, 40)} is given twice`)
  return { ...query, ...(request.params as Readonly<Record<string, string>>), file: undefined }
}

/** The one part that is sent. Throws INVALID_INPUT. */
function fileOf(parts: Readonly<Partial<Record<string, Uint8Array>>>): SentFile | undefined {
  const files = CONTENT_TYPES.flatMap((contentType) => {
    const media = parts[contentType]
    return media === undefined ? [] : [{ contentType, media }]
  })
  if (files.length > 1) throw badRequest('Only one file allowed per request')
  return files[0]
}

/** HMA knows 400 for whatever is wrong with a request, where our codes tell more apart. */
function statusOf({ status, code }: HindraError): number {
  if (code === 'FETCH_REFUSED' || status === 415 || status === 422) return 400
  return status
}
