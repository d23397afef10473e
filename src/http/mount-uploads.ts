import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HindraError } from '../errors.ts'
import type { AppOptions } from './app.ts'
import { type PartLimit, readForm } from './form.ts'
import type { UploadRoute } from './route.ts'

const FORM = 'multipart/form-data'
/** Boundaries and heads of the parts. */
const FRAME_BYTES_MAX = 64 * 1024

/** Routes that take parts of a form, which are read from the network into memory and nowhere else. */
export function mountUploads(app: FastifyInstance, options: AppOptions): void {
  void app.register((uploads, _options, registered) => {
    uploads.removeAllContentTypeParsers()
    uploads.addContentTypeParser(FORM, (_request, payload, done) => {
      done(null, payload)
    })
    for (const route of options.routes.uploads) mountUpload(uploads, route, options)
    registered()
  })
}

function mountUpload(uploads: FastifyInstance, route: UploadRoute, options: AppOptions): void {
  const config = { gatekeeping: route.permission, uploads: true as const }
  uploads.post(route.path, { config }, async (request, reply) => {
    const { principal } = request
    if (principal === null) throw new Error('a guarded route was reached by nobody')
    if (Object.keys(request.query as object).length > 0) {
      throw new HindraError('INVALID_INPUT', 'this route takes its fields as parts, not the query')
    }
    const { bytes, release } = reserveFor(request, route.parts, options)
    try {
      const type = request.headers['content-type'] ?? ''
      const parts = await readForm(request.body as Readable, type, route.parts, bytes)
      return await reply.send(await route.answer(principal, parts))
    } finally {
      release()
    }
  })
}

/** Room in memory for the whole body, before a byte of it is read. Throws TOO_LARGE, OVERLOADED. */
export function reserveFor(
  { headers }: FastifyRequest,
  parts: UploadRoute['parts'],
  { uploadMemory }: Pick<AppOptions, 'uploadMemory'>,
): { readonly bytes: number; readonly release: () => void } {
  const bytesMax = formBytesMax(parts)
  const length = headers['content-length']
  const bytes = length === undefined ? bytesMax : Number(length)
  if (bytes <= bytesMax) return { bytes, release: uploadMemory.reserve(bytes) }
  throw new HindraError('TOO_LARGE', `the body is over this route's limit of ${bytesMax} bytes`)
}

function formBytesMax(parts: Readonly<Record<string, PartLimit>>): number {
  const limits = Object.values(parts).map(({ bytesMax }) => bytesMax)
  return limits.reduce((sum, bytes) => sum + bytes, FRAME_BYTES_MAX)
}
