import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { checkJsonShape } from '../core/index.ts'
import { toHindraError } from '../errors.ts'
import { bodyLimits } from '../operations/index.ts'

/** How much whoever asks may send: little where the route declares nothing. */
export function limitsOf(
  { principal, routeOptions }: FastifyRequest,
  settings: Pick<Config['server'], 'bodyBytesMax'>,
) {
  const kind = principal === null ? undefined : routeOptions.config.body?.(principal)
  return bodyLimits(kind ?? 'small', settings)
}

/** JSON bodies, whose shape is measured before they are parsed. Refused with INVALID_INPUT. */
export function takeJson(
  app: FastifyInstance,
  settings: Pick<Config['server'], 'bodyBytesMax'>,
): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      checkJsonShape(body as Buffer, limitsOf(request, settings))
    } catch (error) {
      done(toHindraError(error))
      return
    }
    void parse(request, body.toString(), done)
  })
}
