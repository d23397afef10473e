import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { HindraError } from '../../errors.ts'
import { bodyLimits } from '../../operations/index.ts'
import type { AppOptions } from '../app-options.ts'
import { readForm } from '../form.ts'
import { takeJson } from '../json-body.ts'
import { reserveFor } from '../mount-uploads.ts'
import { publicDetail } from '../problem.ts'
import { cutOffLater, fromFramework } from '../refuse.ts'
import { badRequest, CONTENT_TYPES, type HmaRequest, type HmaRoute } from './route.ts'

const FORM = 'multipart/form-data'

/** HMA's routes: refusals are `{message}` with its status codes, and a code of ours besides. */
export function mountHma(app: FastifyInstance, options: AppOptions): void {
  void app.register((hma, _options, registered) => {
    hma.removeAllContentTypeParsers()
    hma.addContentTypeParser(FORM, (_request, payload, done) => {
      done(null, payload)
    })
    takeJson(hma, () => bodyLimits('small', options.engine.config.server))
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
    for (const route of options.hma) mountRoute(hma, route, options)
    registered()
  })
}

function mountRoute(hma: FastifyInstance, route: HmaRoute, options: AppOptions): void {
  const { method, path: url, permission: gatekeeping } = route
  hma.route({
    ...{ method, url, config: { gatekeeping } },
    async handler(request, reply) {
      if (request.principal === null) throw new Error('a guarded route was reached by nobody')
      const isForm = request.headers['content-type']?.startsWith(FORM) === true
      const reserved = isForm ? reserveFor(request, formLimits(options), options) : undefined
      try {
        const read = await readRequest(request, reserved?.bytes, options)
        const answer = await route.answer(request.principal, read)
        return await reply.code(route.status ?? 200).send(answer)
      } finally {
        reserved?.release()
      }
    },
  })
}

/** @param formBytes how long its form is at most; undefined where it is none */
async function readRequest(
  request: FastifyRequest,
  formBytes: number | undefined,
  options: AppOptions,
): Promise<HmaRequest> {
  const query = request.query as Readonly<Record<string, unknown>>
  const params = request.params as Readonly<Record<string, string>>
  const texts = Object.entries(query).map(([name, value]) => {
    if (typeof value !== 'string') throw badRequest(`${name.slice(0, 40)} is given twice`)
    return [name, value] as const
  })
  const given = { params, query: Object.fromEntries(texts) }
  if (formBytes === undefined) return { ...given, json: request.body, file: undefined }
  const type = request.headers['content-type'] ?? ''
  const parts = await readForm(request.body as Readable, type, formLimits(options), formBytes)
  const sent = CONTENT_TYPES.filter((name) => parts[name] !== undefined)
  const [contentType, second] = sent
  if (contentType === undefined) throw badRequest('Missing multipart/form-data file upload')
  if (second !== undefined) throw badRequest('Only one file allowed per request')
  const file = { contentType, media: parts[contentType] ?? new Uint8Array() }
  return { ...given, json: undefined, file }
}

function formLimits({ engine }: AppOptions) {
  const limit = { bytesMax: engine.config.decode.bytesMax, setting: 'decode.bytesMax' }
  return { photo: limit, video: limit }
}

/** HMA knows 400 for whatever is wrong with a request, where our codes tell more apart. */
function statusOf({ status, code }: HindraError): number {
  if (code === 'FETCH_REFUSED' || status === 415 || status === 422) return 400
  return status
}
