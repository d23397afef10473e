import type { FastifyReply, FastifyRequest } from 'fastify'
import { HindraError, toHindraError } from '../errors.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'

const RETRY_AFTER_SECONDS = 5
/** How long a client may go on sending a body that nobody wants, so that it can see the refusal. */
const LINGER_MS = 10_000

/** An API for programs: nothing is guessed, kept, framed, embedded or run. */
const STRICT_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const

/** RFC 6797: a client that has come by TLS never comes without again, for a year. */
const STRICT_TRANSPORT = { 'strict-transport-security': 'max-age=31536000' } as const

/** The headers of every answer; behind TLS of its own or of a trusted proxy with HSTS. */
export function strictHeaders(request: FastifyRequest): Readonly<Record<string, string>> {
  return request.protocol === 'https' ? { ...STRICT_HEADERS, ...STRICT_TRANSPORT } : STRICT_HEADERS
}

/** Answers with a problem document. */
export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  error: HindraError,
): FastifyReply {
  request.refusal = error
  const problem = toProblem(error)
  reply.code(problem.status).headers(strictHeaders(request)).type(PROBLEM_TYPE)
  const retryAfter = retryAfterOf(error)
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer')
  cutOffLater(request)
  return reply.send(JSON.stringify(problem))
}

/** Whole seconds, at least one; undefined where coming back changes nothing. */
export function retryAfterOf({ code, retryAfterSeconds }: HindraError): number | undefined {
  if (retryAfterSeconds !== undefined) return Math.max(1, Math.ceil(retryAfterSeconds))
  return code === 'OVERLOADED' || code === 'RATE_LIMITED' ? RETRY_AFTER_SECONDS : undefined
}

/** What the framework refuses, in our codes; its own words may quote the request. */
export function fromFramework(error: unknown, request: FastifyRequest): HindraError {
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown }
  if (typeof code !== 'string' || !code.startsWith('FST_ERR_CTP_')) return toHindraError(error)
  if (statusCode === 413) {
    const limit = request.routeOptions.bodyLimit
    return new HindraError('TOO_LARGE', `the body is over this route's limit of ${limit} bytes`)
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new HindraError('INVALID_INPUT', 'the route does not take this content type', {
      field: 'content-type',
    })
  }
  return new HindraError('INVALID_INPUT', 'the body cannot be read as its content type says')
}

/**
 * What a client goes on sending is dropped, so that it comes to the answer and, if that was all, may
 * send its next request; if it is not over in time, the connection is.
 */
export function cutOffLater(request: FastifyRequest): void {
  if (request.raw.complete) return
  request.raw.unpipe().resume()
  const timer = setTimeout(() => request.raw.destroy(), LINGER_MS)
  timer.unref()
  request.raw.once('close', () => {
    clearTimeout(timer)
  })
}
