import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ASSETS, type ConsolePage, HASHER, PAGES, renderFailure } from '../../console/index.ts'
import { requireGate } from '../../operations/index.ts'
import type { AppOptions } from '../app-options.ts'
import { asksForEvents } from '../events.ts'
import { cutOffLater } from '../refuse.ts'
import { mountActs } from './acts.ts'
import { mountAuditExport } from './audit-export.ts'
import { contentSecurityPolicy } from './content-security.ts'
import { mountDoor } from './door.ts'
import { mountExportFiles } from './export-files.ts'
import { mountLive } from './live.ts'
import { mountOpenid } from './openid.ts'
import { mountPasskeys } from './passkeys.ts'
import { ownPlace, requireOwnForm, takeUrlencoded } from './forms.ts'
import { mountReportFiles } from './report-files.ts'
import {
  givenOf,
  HTML,
  problemFor,
  problemOf,
  refusalOf,
  requireUse,
  sendPage,
  visitOf,
} from './visits.ts'

/** A page that is open asks for itself again: nobody has done anything. */
const LIVE = 'hindra-live'
const ASSET_SECONDS = 31_536_000

/** The console for browsers: its pages, the forms that call operations, signing in, style and script. */
export function mountConsole(app: FastifyInstance, options: AppOptions): void {
  void app.register((pages, _options, registered) => {
    takeUrlencoded(pages)
    pages.addHook('onRequest', (request, reply, done) => {
      reply.header('content-security-policy', contentSecurityPolicy())
      if (request.method === 'POST') requireOwnForm(request)
      done()
    })
    pages.setErrorHandler((cause, request, reply) => fail(cause, request, reply, options))
    mountDoor(pages, options)
    mountPasskeys(pages, options)
    mountOpenid(pages, options)
    mountActs(pages, options)
    mountLive(pages, options)
    mountReportFiles(pages, options)
    mountExportFiles(pages, options)
    mountAuditExport(pages, options)
    for (const page of PAGES) mountPage(pages, page, options)
    registered()
  })
}

/**
 * Style, script and icon of all pages, as they are in the package. They keep the policy of all other answers, which
 * allows nothing: what hashes pictures in a browser can ask nobody for anything.
 */
export function mountAssets(app: FastifyInstance): void {
  for (const { place, contentType, bytes } of [
    ...Object.values(ASSETS),
    ...(HASHER === undefined ? [] : [HASHER]),
  ]) {
    app.get(place, { config: { gatekeeping: 'public' } }, (_request, reply) =>
      reply
        .header('cache-control', `public, max-age=${ASSET_SECONDS}, immutable`)
        .type(contentType)
        .send(bytes),
    )
  }
}

function mountPage(pages: FastifyInstance, page: ConsolePage, options: AppOptions): void {
  pages.route({
    method: page.isPosted === true ? ['GET', 'POST'] : 'GET',
    url: page.path,
    config: { gatekeeping: 'public' },
    async handler(request, reply) {
      const isByItself = request.headers[LIVE] !== undefined
      const use = await requireUse(request, options, isByItself ? 'look' : 'use')
      requireGate(use.principal, page.needs)
      options.limits.admit(use.principal, 'read')
      return sendPage(reply, page, {
        visit: visitOf(request, options, use),
        given: givenOf(request),
      })
    },
  })
}

/** Who has not signed in is sent to the door; everybody else is told what is wrong, as a page. */
async function fail(
  cause: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  options: AppOptions,
): Promise<FastifyReply> {
  const error = refusalOf(request, cause)
  cutOffLater(request)
  const asksByItself = request.headers[LIVE] !== undefined || asksForEvents(request)
  if (error.code === 'UNAUTHENTICATED' && !asksByItself) {
    const next =
      request.method === 'GET' ? `?next=${encodeURIComponent(ownPlace(request.url))}` : ''
    return reply.redirect(`/console/sign-in${next}`, 303)
  }
  const use = await requireUse(request, options).catch(() => undefined)
  if (use === undefined) {
    const { remedy } = problemFor(request, options, error)
    return reply.code(error.status).type('text/plain; charset=utf-8').send(remedy)
  }
  const html = await renderFailure(visitOf(request, options, use), problemOf(error))
  return reply.code(error.status).type(HTML).send(html)
}
