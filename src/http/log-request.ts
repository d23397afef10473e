import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../core/index.ts'
import { ERRORS } from '../errors.ts'
import type { Log } from './log.ts'
import { stackFrames } from './problem.ts'

/** Writes one line when the answer has left or the client has gone. */
export function logWhenDone(
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
  clock: Clock,
): void {
  const startMs = clock.now()
  reply.raw.once('close', () => {
    const { principal, refusal } = request
    const line = {
      method: request.method,
      // The pattern, never the URL: ids and queries stay out.
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: clock.now() - startMs,
      by: principal?.id ?? null,
      ...(reply.raw.writableFinished ? {} : { aborted: true }),
      ...(refusal === null ? {} : { code: refusal.code }),
    }
    if (refusal === null || ERRORS[refusal.code].status < 500) log.info(line)
    else log.error({ ...line, at: stackFrames(refusal) })
  })
}
