import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { defined, textOfBytes } from '../../core/index.ts'
import { type HindraError, toHindraError } from '../../errors.ts'
import { ask } from '../../operations/index.ts'
import type { AppOptions } from '../app-options.ts'
import { principalOf } from '../authenticate.ts'
import { takeJson } from '../json-body.ts'
import { isForm, takeForms, withForm } from '../mount-uploads.ts'
import { publicDetail } from '../problem.ts'
import { cutOffLater, fromFramework, retryAfterOf } from '../refuse.ts'
import { CONTENT_TYPES, type SentFile } from './fields.ts'
import { badRequest, type HmaOperation } from './operation.ts'

const FIELDS = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json; charset=utf-8'

const NOTE_BYTES_MAX = 64 * 1024
/** Names are HMA's, and those that a client of it sends beside. */
const NOTE_PARTS = Object.fromEntries(
  ['note', 'metadata', 'content_id', 'content_uri'].map((name) => [
    name,
    { bytesMax: NOTE_BYTES_MAX, setting: 'what it may be' },
  ]),
)

/** HMA's routes: refusals are `{message}` with its status codes, and a code of ours besides. */
export function mountHma(app: FastifyInstance, options: AppOptions): void {
  void app.register((hma, _options, registered) => {
    takeForms(hma)
    takeJson(hma, options.engine.config.server)
    takeFields(hma)
    hma.setErrorHandler((cause, request, reply) => {
      const error = fromFramework(cause, request)
      request.refusal = error
      cutOffLater(request)
      if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer')
      return refuseAsHma(reply, error)
    })
    for (const operation of options.hma) mount(hma, operation, options)
    registered()
  })
}

/** Clients that send nothing say all the same that it is the fields of a form; what may be said of content can be there. */
function takeFields(hma: FastifyInstance): void {
  hma.addContentTypeParser(FIELDS, { parseAs: 'string' }, (_request, body, done) => {
    try {
      const fields = new URLSearchParams(String(body))
      done(null, fields.size === 0 ? undefined : notesOf((name) => fields.get(name) ?? undefined))
    } catch (error) {
      done(toHindraError(error))
    }
  })
}

/** As HMA refuses: its status codes and `message`, and a code of ours besides. */
export function refuseAsHma(reply: FastifyReply, error: HindraError): FastifyReply {
  const retryAfter = retryAfterOf(error)
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  return reply.code(statusOf(error)).send({ message: publicDetail(error), code: error.code })
}

function mount(hma: FastifyInstance, operation: HmaOperation, options: AppOptions): void {
  const { method, path: url, needs: gatekeeping, rate, body } = operation
  const form = formOf(operation)
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
          : await withForm(request, form, options, (parts) =>
              answered({
                file: fileOf(parts),
                json: notesOf((name) => parts[name] && textOfBytes(parts[name])),
              }),
            )
      return reply.code(operation.status).type(JSON_TYPE).send(withFloats(answer))
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

/** The media, and what may be said of them beside. */
function formOf({ form, takesNotes }: HmaOperation): HmaOperation['form'] {
  if (form === undefined || takesNotes === undefined) return form
  return (config) => ({ ...form(config), ...NOTE_PARTS })
}

/** The fields of a form that HMA reads; others, which a client of it sends, it passes over. Throws INVALID_INPUT. */
function notesOf(field: (name: 'note' | 'metadata') => string | undefined) {
  return defined({ note: field('note'), metadata: metadataIn(field('metadata')) })
}

function metadataIn(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown)
  } catch {
    throw badRequest('metadata form field must be valid JSON')
  }
}

/** In HMA a share is a float, and clients with strict types take no integer for one. */
function withFloats(answer: unknown): string {
  return JSON.stringify(answer).replaceAll(/("(?:matching_)?enabled_ratio":1)(?=[,}])/g, '$1.0')
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
