import type { FastifyInstance } from 'fastify'
import { renderReturn, renderShown, renderSignIn } from '../../console/index.ts'
import { relyingParty } from '../../sessions/terms.ts'
import type { AppOptions } from '../app-options.ts'
import { readCookie, setCookie } from './cookies.ts'
import { callerOf, keepSession, sendHtml, wordsFor } from './doorway.ts'
import { fieldsOf, ownPlace, textOf } from './forms.ts'
import { problemFor, refusalOf, requireUse } from './visits.ts'

const PUBLIC = { config: { gatekeeping: 'public' } } as const

/** Signing in, and proving who one is, by a provider of OpenID Connect: there by a link, and back by a form. */
export function mountOpenid(pages: FastifyInstance, options: AppOptions): void {
  const { engine, pressure } = options
  const { openid, passkeys } = engine.stages.sessions
  const nextOf = (query: unknown) => ownPlace((query as { readonly next?: string }).next ?? '')
  const offers = offersOf(engine.config)

  pages.get('/console/sign-in/openid', PUBLIC, async (request, reply) => {
    pressure.check()
    const next = nextOf(request.query)
    const browser = readCookie(request, 'browser') ?? passkeys.newBrowser()
    try {
      const place = await openid.askToSignIn(browser, next)
      setCookie(request, reply, 'browser', browser)
      return await reply.redirect(place, 303)
    } catch (cause) {
      const error = refusalOf(request, cause)
      const { words, language } = wordsFor(request)
      const problem =
        error.code === 'OPENID_UNREACHABLE'
          ? words.door.openidDown
          : problemFor(request, options, error).message
      const door = { words, language, next, problem, ...offers }
      return sendHtml(reply, renderSignIn(door), error.status)
    }
  })

  pages.get('/console/prove/openid', PUBLIC, async (request, reply) => {
    const { token } = await requireUse(request, options)
    return reply.redirect(await openid.askToProve(token), 303)
  })

  // No cookie of ours comes along from another site: a form of our own page brings them.
  pages.get('/console/openid/callback', PUBLIC, async (request, reply) => {
    const query = new URL(request.url, 'http://console').searchParams
    return sendHtml(reply, renderReturn({ ...wordsFor(request), query: query.toString() }))
  })

  pages.post('/console/openid/finish', PUBLIC, async (request, reply) => {
    pressure.check()
    const query = new URLSearchParams(textOf(fieldsOf(request), 'query'))
    if (openid.purposeOf(query) === 'prove') {
      const { token } = await requireUse(request, options)
      await openid.prove(token, query)
      return sendHtml(reply, renderShown(wordsFor(request)))
    }
    try {
      const browser = readCookie(request, 'browser') ?? ''
      const begun = await openid.begin(query, browser, callerOf(request))
      keepSession(request, reply, options, begun)
      return await reply.redirect(ownPlace(begun.next), 303)
    } catch (cause) {
      const error = refusalOf(request, cause)
      const { words, language } = wordsFor(request)
      const { openidRefused, openidDown } = words.door
      const told = new Map([
        ['UNAUTHENTICATED', openidRefused],
        ['OPENID_UNREACHABLE', openidDown],
      ])
      const problem = told.get(error.code) ?? problemFor(request, options, error).message
      const door = { words, language, next: ownPlace(''), problem, ...offers }
      return sendHtml(reply, renderSignIn(door), error.status)
    }
  })
}

/** The ways to sign in that the settings open beside password and second factor. */
export function offersOf(config: Pick<AppOptions['engine']['config'], 'openid' | 'sessions'>): {
  readonly hasPasskeys: boolean
  readonly provider: string | null
} {
  return {
    hasPasskeys: relyingParty(config.sessions) !== undefined,
    provider: providerOf(config),
  }
}

/** What the provider is called on the page to sign in: as the settings say, else by its host; null where there is none. */
export function providerOf({
  openid: { issuer, label },
}: Pick<AppOptions['engine']['config'], 'openid'>): string | null {
  return issuer === undefined ? null : (label ?? new URL(issuer).host)
}
