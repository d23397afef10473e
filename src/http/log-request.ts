import type { FastifyReply, FastifyRequest } from 'fastify'
import { ERRORS } from '../errors.ts'
import type { AppOptions } from './app-options.ts'
import { stackFrames } from './problem.ts'

/** Writes one line, and counts, when the answer has left or the client has gone. */
export function logWhenDone(
  request: FastifyRequest,
  reply: FastifyReply,
  { log, clock, metrics }: Pick<AppOptions, 'log' | 'clock' | 'metrics'>,
): void {
  const startMs = clock.now()
  reply.raw.once('close', () => {
    const { principal, refusal } = request
    const { method } = request
    // The pattern, never the URL: ids and queries stay out.
    const route = request.routeOptions.url ?? 'none'
    metrics.request(method, route, reply.statusCode)
    if (refusal !== null) metrics.error(refusal.code)
    const line = {
      method,
      route,
      status: reply.statusCode,
      ms: clock.now() - startMs,
      by: principal?.id ?? null,
      ...(reply.raw.writableFinished ? {} : { aborted: true }),
      ...(refusal === null ? {} : { code: refusal.code }),
    }
    if (refusal?.code === 'INTERNAL') log.error({ ...line, at: stackFrames(refusal) })
    else if (refusal !== null && ERRORS[refusal.code].status >= 500) log.warn(line)
    // A supervisor asks every few seconds whether all is well.
    else if (request.routeOptions.config.gatekeeping === 'public') log.debug(line)
    else log.info(line)
  })
}
