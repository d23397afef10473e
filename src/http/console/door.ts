import type { FastifyInstance } from 'fastify'
import {
  accountPage,
  renderEnrolment,
  renderRecoveryCodes,
  renderSignIn,
  renderWelcome,
} from '../../console/index.ts'
import type { AppOptions } from '../app-options.ts'
import { setCookie } from './cookies.ts'
import { callerOf, keepSession, sendHtml, wordsFor } from './doorway.ts'
import { fieldsOf, ownPlace, textOf } from './forms.ts'
import { offersOf } from './openid.ts'
import {
  donePlace,
  isLanguage,
  problemFor,
  problemOf,
  refusalOf,
  requireToken,
  requireUse,
  sendPage,
  visitOf,
} from './visits.ts'

const LANGUAGE_SECONDS = 365 * 86_400
const ACCOUNT = '/console/account'
const PUBLIC = { config: { gatekeeping: 'public' } } as const

/** Signing in, once invited; signing out; and the language that the reader wants. */
export function mountDoor(pages: FastifyInstance, options: AppOptions): void {
  const { engine, pressure } = options
  const { sessions } = engine.stages
  const offers = offersOf(engine.config)

  pages.get('/console/sign-in', PUBLIC, async (request, reply) => {
    const { next = '' } = request.query as { readonly next?: string }
    return sendHtml(reply, renderSignIn({ ...wordsFor(request), next: ownPlace(next), ...offers }))
  })

  pages.post('/console/sign-in', PUBLIC, async (request, reply) => {
    pressure.check()
    const fields = fieldsOf(request)
    const next = ownPlace(textOf(fields, 'next'))
    const [name, password, code] = ['name', 'password', 'code'].map((one) => textOf(fields, one))
    try {
      const begun = await sessions.begin(
        { name: name ?? '', password: password ?? '', code: code ?? '' },
        callerOf(request),
      )
      keepSession(request, reply, options, begun)
      return await reply.redirect(next, 303)
    } catch (cause) {
      const error = refusalOf(request, cause)
      const { words, language } = wordsFor(request)
      const problem =
        error.code === 'UNAUTHENTICATED'
          ? words.door.refused
          : problemFor(request, options, error).message
      return sendHtml(
        reply,
        renderSignIn({ words, language, next, problem, ...offers }),
        error.status,
      )
    }
  })

  pages.get('/console/welcome', PUBLIC, (request, reply) =>
    sendHtml(reply, renderWelcome(wordsFor(request))),
  )

  pages.post('/console/welcome', PUBLIC, async (request, reply) => {
    pressure.check()
    const code = textOf(fieldsOf(request), 'code')
    try {
      const welcome = await sessions.welcome(code, callerOf(request))
      return await sendHtml(reply, renderEnrolment({ ...wordsFor(request), welcome, code }))
    } catch (cause) {
      const error = refusalOf(request, cause)
      const door = { ...wordsFor(request), problem: problemFor(request, options, error).message }
      return sendHtml(reply, renderWelcome(door), error.status)
    }
  })

  pages.post('/console/enrol', PUBLIC, async (request, reply) => {
    pressure.check()
    const fields = fieldsOf(request)
    const code = textOf(fields, 'code')
    try {
      const enrolled = await sessions.enrol(
        { code, password: textOf(fields, 'password'), totp: textOf(fields, 'totp') },
        callerOf(request),
      )
      keepSession(request, reply, options, enrolled)
      const door = { ...wordsFor(request), codes: enrolled.recoveryCodes }
      return await sendHtml(reply, renderRecoveryCodes(door))
    } catch (cause) {
      const error = refusalOf(request, cause)
      const door = { ...wordsFor(request), problem: problemFor(request, options, error).message }
      if (error.code !== 'INVALID_INPUT') return sendHtml(reply, renderWelcome(door), error.status)
      const [pseudonym, secret, uri] = ['pseudonym', 'secret', 'uri'].map((one) =>
        textOf(fields, one),
      )
      const welcome = { pseudonym: pseudonym ?? '', secret: secret ?? '', uri: uri ?? '' }
      return sendHtml(reply, renderEnrolment({ ...door, welcome, code }), error.status)
    }
  })

  pages.post('/console/account/password', PUBLIC, async (request, reply) => {
    const open = await requireUse(request, options)
    const fields = fieldsOf(request)
    requireToken(request, sessions, open.token)
    try {
      const said = { old: textOf(fields, 'old'), password: textOf(fields, 'password') }
      await sessions.changePassword(open.token, said)
      return await reply.redirect(donePlace(ACCOUNT), 303)
    } catch (cause) {
      const error = refusalOf(request, cause)
      const visit = visitOf(request, options, open, {
        why: problemOf(error),
        operation: null,
        sent: {},
        place: ACCOUNT,
      })
      return sendPage(reply, accountPage, { visit, given: {}, status: error.status })
    }
  })

  pages.post('/console/account/recovery-codes', PUBLIC, async (request, reply) => {
    const { token } = await requireUse(request, options)
    requireToken(request, sessions, token)
    const codes = await sessions.renewRecoveryCodes(token)
    return sendHtml(reply, renderRecoveryCodes({ ...wordsFor(request), codes }))
  })

  pages.post('/console/sign-out', PUBLIC, async (request, reply) => {
    const { token } = await requireUse(request, options)
    requireToken(request, sessions, token)
    await sessions.end(token)
    setCookie(request, reply, 'session', '', 0)
    return reply.redirect('/console/sign-in', 303)
  })

  pages.post('/console/language', PUBLIC, async (request, reply) => {
    const fields = fieldsOf(request)
    const language = textOf(fields, 'language')
    if (isLanguage(language)) setCookie(request, reply, 'language', language, LANGUAGE_SECONDS)
    return reply.redirect(ownPlace(textOf(fields, 'place')), 303)
  })
}
