import { Readable } from 'node:stream'
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify'
import type { Principal } from '../access/index.ts'
import { textOfBytes } from '../core/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import {
  admit,
  authenticate,
  type Gatekeeping,
  principalOf,
  stillAdmitted,
} from './authenticate.ts'
import type { AppOptions } from './app-options.ts'
import { asksForEvents, sendEvents } from './events.ts'
import {
  ask,
  type BodyKind,
  bodyLimits,
  checked,
  namedOperations,
  type Operation,
  type Rate,
  withheldFrom,
} from '../operations/index.ts'
import { mountAssets, mountConsole } from './console/mount.ts'
import { mountPublic } from './console/public.ts'
import { mountHma, refuseAsHma } from './hma/mount.ts'
import { isOfHma } from './hma/trusted.ts'
import { limitsOf, takeJson } from './json-body.ts'
import { createListener, refuseConnection } from './listener.ts'
import { logWhenDone } from './log-request.ts'
import { mountFeeds } from './mount-feeds.ts'
import { mountUploads } from './mount-uploads.ts'
import { fromFramework, refuse, strictHeaders } from './refuse.ts'
import { steadyBody, tooLarge } from './steady-body.ts'

/** The header of each answer to somebody that tells by which clock the house lives. */
const TIME_ZONE = 'time-zone'
/** The header of a page that tells how many rows all pages have: `1304`, or `10000+` where there are more. */
const TOTAL_COUNT = 'total-count'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; null on public routes and before authentication. */
    principal: Principal | null
    /** What it was refused with, for the log. */
    refusal: HindraError | null
  }
  interface FastifyContextConfig {
    gatekeeping?: Gatekeeping
    /** True where the body is read as it comes, for as long as it comes. */
    streams?: true
    /** True where the body is a form, whose parts are read as they come. */
    uploads?: true
    /** How often somebody may ask. */
    rate?: Rate
    /** How much somebody may send. */
    body?: (by: Principal) => BodyKind
  }
}

/** The API for one listener: same routes and rules on each, apart from `keyless`. */
export function createApp(options: AppOptions): FastifyInstance {
  const { engine, parts, log, clock, keyless, tls, limits, wrongKeys, pressure, metrics } = options
  const { networkTrust } = options
  const settings = engine.config.server
  const app = fastify({
    serverFactory: (handler) => createListener(handler, settings, tls),
    clientErrorHandler: refuseConnection,
    // Without any, X-Forwarded-* is what anybody may write, and is not looked at.
    trustProxy: settings.trustedProxies.length === 0 ? false : settings.trustedProxies,
    // Lines are written by logWhenDone alone, which knows what may stand in them.
    logger: false,
    bodyLimit: bodyLimits('small', settings).bytesMax,
    exposeHeadRoutes: false,
    // A client of HMA whose base URL ends with a slash asks for `/hma//c/banks`.
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/hma\/{2,}/, '/hma/'),
    frameworkErrors: (_error, request, reply) => {
      logWhenDone(request, reply, { log, clock, metrics })
      refuse(request, reply, new HindraError('INVALID_INPUT', 'the path cannot be read'))
    },
  })
  app.decorateRequest('principal', null)
  app.decorateRequest('refusal', null)
  app.setErrorHandler((error, request, reply) =>
    refuse(request, reply, fromFramework(error, request)),
  )
  app.setNotFoundHandler((request, reply) => {
    const error = new HindraError('NOT_FOUND', 'there is no such route')
    return isOfHma(request) ? refuseAsHma(reply, error) : refuse(request, reply, error)
  })
  app.removeContentTypeParser(['text/plain', 'application/json'])
  takeJson(app, settings)
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      // Of the type's own name for its encoding nothing is believed: a program sends what it has.
      done(null, { csv: textOfBytes(body as Buffer) })
    } catch (error) {
      done(toHindraError(error))
    }
  })

  app.addHook('onRequest', async (request, reply) => {
    logWhenDone(request, reply, { log, clock, metrics })
    reply.headers(strictHeaders(request))
    const { gatekeeping, rate } = request.routeOptions.config
    if (request.is404 || gatekeeping === 'public') return
    const { authorization } = request.headers
    // On the socket an address says nothing: everybody there is on this machine.
    const trusted = keyless === undefined ? await networkTrust.principalOf(request) : undefined
    request.principal =
      trusted ??
      (await authenticate(engine, authorization, keyless).catch(async (error: unknown) => {
        if (authorization !== undefined && isWrongKey(error)) await wrongKeys.hold(request.ip)
        throw error
      }))
    if (gatekeeping === undefined || rate === undefined) {
      throw new HindraError('FORBIDDEN', 'the route says for whom it is, and this one does not')
    }
    admit(request.principal, gatekeeping)
    // Whoever watches the process must see it in trouble too.
    if (rate !== 'watch') pressure.check()
    limits.admit(request.principal, rate)
    reply.header(TIME_ZONE, engine.config.takedown.timeZone)
  })

  app.addHook('preParsing', async (request, _reply, body) => {
    const { streams, uploads, body: declared } = request.routeOptions.config
    if (streams) return body
    if (uploads || declared === undefined) return steadyBody(body, settings)
    const { bytesMax } = limitsOf(request, settings)
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax)
    return steadyBody(body, settings, bytesMax)
  })

  for (const open of options.open) {
    app.get(open.path, { config: { gatekeeping: 'public' } }, async (_request, reply) => {
      const { status, body } = await open.answer()
      return reply.code(status).send(body)
    })
  }
  // Commands on this machine are answered whatever a server is for, and so is who watches it.
  const isApi = keyless !== undefined || settings.roles.includes('api')
  for (const [, operation] of namedOperations()) {
    const { path, needs: gatekeeping, rate } = operation
    if (!isApi && rate !== 'watch') continue
    if (operation.kind === 'call') mount(app, operation, options)
    if (operation.kind === 'text') {
      app.get(path, { config: { gatekeeping, rate } }, async (_request, reply) =>
        reply.type(operation.contentType).send(await operation.run(parts)),
      )
    }
    if (operation.kind === 'download') {
      app.get(path, { config: { gatekeeping, rate } }, async (request, reply) => {
        const bytes = await operation.run(parts, principalOf(request))
        return reply.type(operation.contentType).send(Readable.from(bytes, { objectMode: false }))
      })
    }
  }
  if (isApi) {
    mountFeeds(app, options)
    mountUploads(app, options)
    mountHma(app, options)
  }
  // The socket is for commands: whoever reaches it has not signed in.
  if (keyless === undefined) {
    mountAssets(app)
    const isConsole = settings.roles.includes('console')
    if (isConsole && settings.console) mountConsole(app, options)
    if (isConsole && engine.config.tipline.page) mountPublic(app, options)
  }
  return app
}

function isWrongKey(error: unknown): boolean {
  return error instanceof HindraError && error.code === 'UNAUTHENTICATED'
}

function mount(app: FastifyInstance, operation: Operation, options: AppOptions): void {
  const { parts, engine } = options
  const { bodyBytesMax } = engine.config.server
  app.route({
    method: operation.method,
    url: operation.path,
    config: { gatekeeping: operation.needs, rate: operation.rate, body: operation.body },
    bodyLimit: bodyBytesMax,
    handler: async (request, reply) => {
      const by = principalOf(request)
      const given = inputOf(request)
      if (operation.events !== undefined && asksForEvents(request)) {
        const input = checked(operation.input, given)
        const lastEventId = request.headers['last-event-id']
        const from = typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : undefined
        const stream = await operation.events(parts, by, input, from)
        const { authorization } = request.headers
        return sendEvents(request, reply, options, {
          ...withheldFrom(parts, by, stream),
          async check() {
            await stillAdmitted(options, authorization, operation.needs)
          },
        })
      }
      const { answer, total } = await ask(parts, operation, by, given)
      if (total !== undefined) reply.header(TOTAL_COUNT, total)
      return reply.code(operation.status).send(answer)
    },
  })
}

/** The fields of path and query, or of path and body. */
function inputOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const params = request.params as Readonly<Record<string, string>>
  const query = request.query as Readonly<Record<string, unknown>>
  if (request.method === 'GET') return { ...query, ...params }

  if (Object.keys(query).length > 0) {
    throw new HindraError('INVALID_INPUT', 'this route takes its fields in the body, not the query')
  }
  const body = request.body ?? {}
  if (typeof body !== 'object' || Array.isArray(body)) {
    throw new HindraError('INVALID_INPUT', 'the body must be a JSON object')
  }
  for (const field of Object.keys(params)) {
    if (Object.hasOwn(body, field)) {
      throw new HindraError('INVALID_INPUT', `${field} is told by the path alone`, { field })
    }
  }
  return { ...body, ...params }
}
