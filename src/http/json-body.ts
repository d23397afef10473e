import type { FastifyInstance, FastifyRequest } from 'fastify'
import { checkJsonShape, type JsonShape } from '../core/index.ts'
import { toHindraError } from '../errors.ts'

/** JSON bodies, whose shape is measured before they are parsed. Refused with INVALID_INPUT. */
export function takeJson(app: FastifyInstance, shapeOf: (request: FastifyRequest) => JsonShape) {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      checkJsonShape(body as Buffer, shapeOf(request))
    } catch (error) {
      done(toHindraError(error))
      return
    }
    void parse(request, body.toString(), done)
  })
}
