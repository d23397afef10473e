import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  accountPage,
  renderEnrolment,
  renderRecoveryCodes,
  renderSignIn,
  renderWelcome,
  wordsOf,
} from '../../console/index.ts'
import type { Caller, NewSession } from '../../sessions/index.ts'
import type { AppOptions } from '../app-options.ts'
import { publicDetail } from '../problem.ts'
import { readCookie, setCookie } from './cookies.ts'
import { fieldsOf, ownPlace, textOf } from './forms.ts'
import {
  donePlace,
  HTML,
  isLanguage,
  languageOf,
  problemOf,
  refusalOf,
  requireToken,
  requireUse,
  sendPage,
  visitOf,
} from './visits.ts'

const DAY_SECONDS = 86_400
const LANGUAGE_SECONDS = 365 * DAY_SECONDS
const ACCOUNT = '/console/account'
const PUBLIC = { config: { gatekeeping: 'public' } } as const

/** Signing in, once invited; signing out; and the language that the reader wants. */
export function mountDoor(pages: FastifyInstance, options: AppOptions): void {
  const { engine, pressure } = options
  const { sessions } = engine.stages
  const deviceSeconds = engine.config.sessions.deviceDays * DAY_SECONDS

  const wordsFor = (request: FastifyRequest) => {
    const language = languageOf(request)
    return { language, words: wordsOf(language) }
  }
  const callerOf = (request: FastifyRequest): Caller => ({
    address: request.ip,
    device: readCookie(request, 'device'),
  })
  const keep = (request: FastifyRequest, reply: FastifyReply, { token, device }: NewSession) => {
    setCookie(request, reply, 'session', token)
    setCookie(request, reply, 'device', device, deviceSeconds)
  }
  const send = async (reply: FastifyReply, html: Promise<string>, status = 200) =>
    reply
      .code(status)
      .type(HTML)
      .send(await html)

  pages.get('/console/sign-in', PUBLIC, async (request, reply) => {
    const { next = '' } = request.query as { readonly next?: string }
    return send(reply, renderSignIn({ ...wordsFor(request), next: ownPlace(next) }))
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
      keep(request, reply, begun)
      return await reply.redirect(next, 303)
    } catch (cause) {
      const error = refusalOf(request, cause)
      const { words, language } = wordsFor(request)
      const problem = error.code === 'UNAUTHENTICATED' ? words.door.refused : publicDetail(error)
      return send(reply, renderSignIn({ words, language, next, problem }), error.status)
    }
  })

  pages.get('/console/welcome', PUBLIC, (request, reply) =>
    send(reply, renderWelcome(wordsFor(request))),
  )

  pages.post('/console/welcome', PUBLIC, async (request, reply) => {
    pressure.check()
    const code = textOf(fieldsOf(request), 'code')
    try {
      const welcome = await sessions.welcome(code, callerOf(request))
      return await send(reply, renderEnrolment({ ...wordsFor(request), welcome, code }))
    } catch (cause) {
      const error = refusalOf(request, cause)
      const door = { ...wordsFor(request), problem: publicDetail(error) }
      return send(reply, renderWelcome(door), error.status)
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
      keep(request, reply, enrolled)
      const door = { ...wordsFor(request), codes: enrolled.recoveryCodes }
      return await send(reply, renderRecoveryCodes(door))
    } catch (cause) {
      const error = refusalOf(request, cause)
      const door = { ...wordsFor(request), problem: publicDetail(error) }
      if (error.code !== 'INVALID_INPUT') return send(reply, renderWelcome(door), error.status)
      const [pseudonym, secret, uri] = ['pseudonym', 'secret', 'uri'].map((one) =>
        textOf(fields, one),
      )
      const welcome = { pseudonym: pseudonym ?? '', secret: secret ?? '', uri: uri ?? '' }
      return send(reply, renderEnrolment({ ...door, welcome, code }), error.status)
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
    return send(reply, renderRecoveryCodes({ ...wordsFor(request), codes }))
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
