import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HindraError } from '../errors.ts'
import type { AppOptions } from './app-options.ts'
import { namedOperations, type PartLimit, type UploadOperation } from '../operations/index.ts'
import { readForm } from './form.ts'

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
    for (const [, operation] of namedOperations()) {
      if (operation.kind === 'upload') mountUpload(uploads, operation, options)
    }
    registered()
  })
}

function mountUpload(
  uploads: FastifyInstance,
  operation: UploadOperation,
  options: AppOptions,
): void {
  const form = operation.form(options.engine.config)
  const { needs: gatekeeping, rate } = operation
  const config = { gatekeeping, rate, uploads: true as const }
  uploads.post(operation.path, { config }, async (request, reply) => {
    const { principal } = request
    if (principal === null) throw new Error('a guarded route was reached by nobody')
    if (Object.keys(request.query as object).length > 0) {
      throw new HindraError('INVALID_INPUT', 'this route takes its fields as parts, not the query')
    }
    const { bytes, release } = reserveFor(request, form, options)
    try {
      const type = request.headers['content-type'] ?? ''
      const parts = await readForm(request.body as Readable, type, form, bytes)
      return await reply.send(await operation.run(options.parts, principal, parts))
    } finally {
      release()
    }
  })
}

/** Room in memory for the whole body, before a byte of it is read. Throws TOO_LARGE, OVERLOADED. */
export function reserveFor(
  { headers }: FastifyRequest,
  form: Readonly<Record<string, PartLimit>>,
  { uploadMemory }: Pick<AppOptions, 'uploadMemory'>,
): { readonly bytes: number; readonly release: () => void } {
  const bytesMax = formBytesMax(form)
  const length = headers['content-length']
  const bytes = length === undefined ? bytesMax : Number(length)
  if (bytes <= bytesMax) return { bytes, release: uploadMemory.reserve(bytes) }
  throw new HindraError('TOO_LARGE', `the body is over this route's limit of ${bytesMax} bytes`)
}

function formBytesMax(parts: Readonly<Record<string, PartLimit>>): number {
  const limits = Object.values(parts).map(({ bytesMax }) => bytesMax)
  return limits.reduce((sum, bytes) => sum + bytes, FRAME_BYTES_MAX)
}
