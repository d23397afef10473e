import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HindraError } from '../errors.ts'
import type { AppOptions } from './app-options.ts'
import { principalOf } from './authenticate.ts'
import { namedOperations, type PartLimit, type UploadOperation } from '../operations/index.ts'
import { readForm } from './form.ts'

const FORM = 'multipart/form-data'
/** Boundaries and heads of the parts. */
const FRAME_BYTES_MAX = 64 * 1024

/** Routes that take parts of a form, which are read from the network into memory and nowhere else. */
export function mountUploads(app: FastifyInstance, options: AppOptions): void {
  void app.register((uploads, _options, registered) => {
    takeForms(uploads)
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
  const { needs: gatekeeping, rate } = operation
  const config = { gatekeeping, rate, uploads: true as const }
  uploads.post(operation.path, { config }, async (request, reply) => {
    const by = principalOf(request)
    if (Object.keys(request.query as object).length > 0) {
      throw new HindraError('INVALID_INPUT', 'this route takes its fields as parts, not the query')
    }
    const answer = await withForm(request, operation.form, options, (form) =>
      operation.run(options.parts, by, form),
    )
    return reply.send(answer)
  })
}

/** Forms alone are taken, and read only by whoever knows what parts they may have. */
export function takeForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(FORM, (_request, payload, done) => {
    done(null, payload)
  })
}

export function isForm({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.startsWith(FORM) === true
}

/**
 * Works with the parts of a request's form, for which there is room in memory before a byte is read and until the
 * work is done. Throws TOO_LARGE, OVERLOADED, and as `readForm` does.
 */
export async function withForm<Answer>(
  request: FastifyRequest,
  form: UploadOperation['form'],
  { engine, uploadMemory }: Pick<AppOptions, 'engine' | 'uploadMemory'>,
  work: (parts: Readonly<Partial<Record<string, Uint8Array>>>) => Promise<Answer>,
): Promise<Answer> {
  const limits = form(engine.config)
  const bytes = formBytes(request, limits)
  const release = uploadMemory.reserve(bytes)
  try {
    const type = request.headers['content-type'] ?? ''
    return await work(await readForm(request.body as Readable, type, limits, bytes))
  } finally {
    release()
  }
}

/** How long the body of a form is at most. Throws TOO_LARGE. */
function formBytes(
  { headers }: FastifyRequest,
  limits: Readonly<Record<string, PartLimit>>,
): number {
  const parts = Object.values(limits)
  const bytesMax = parts.reduce((sum, part) => sum + part.bytesMax, FRAME_BYTES_MAX)
  const length = headers['content-length']
  const bytes = length === undefined ? bytesMax : Number(length)
  if (bytes <= bytesMax) return bytes
  throw new HindraError('TOO_LARGE', `the body is over this route's limit of ${bytesMax} bytes`)
}
