import type { FastifyInstance, FastifyRequest } from 'fastify'
import { renderNewPasskey, renderSignIn } from '../../console/index.ts'
import { requireFresh } from '../../access/index.ts'
import type { AppOptions } from '../app-options.ts'
import { readCookie, setCookie } from './cookies.ts'
import { callerOf, keepSession, sendHtml, wordsFor } from './doorway.ts'
import { fieldsOf, ownPlace, textOf } from './forms.ts'
import { offersOf } from './openid.ts'
import { sendProof, withProof } from './proofs.ts'
import { donePlace, problemFor, refusalOf, requireToken, requireUse } from './visits.ts'

const PUBLIC = { config: { gatekeeping: 'public' } } as const
const ADD = '/console/account/passkey'
const ACCOUNT = '/console/account'

/** Signing in, proving and adding by passkeys: what the script asks for, and the forms that take its answers. */
export function mountPasskeys(pages: FastifyInstance, options: AppOptions): void {
  const { engine, pressure } = options
  const { sessions } = engine.stages
  const { passkeys } = sessions

  /** Whose form it is. Throws UNAUTHENTICATED, FORBIDDEN. */
  const useOf = async (request: FastifyRequest) => {
    const use = await requireUse(request, options)
    requireToken(request, sessions, use.token)
    return use
  }

  pages.post('/console/sign-in/challenge', PUBLIC, async (request, reply) => {
    pressure.check()
    const browser = readCookie(request, 'browser') ?? passkeys.newBrowser()
    const asked = await passkeys.askToSignIn(browser)
    setCookie(request, reply, 'browser', browser)
    return reply.send(asked)
  })

  pages.post('/console/sign-in/passkey', PUBLIC, async (request, reply) => {
    pressure.check()
    const fields = fieldsOf(request)
    const next = ownPlace(textOf(fields, 'next'))
    try {
      const browser = readCookie(request, 'browser') ?? ''
      const shown = textOf(fields, '_passkey')
      keepSession(request, reply, options, await passkeys.begin(shown, browser, callerOf(request)))
      return await reply.redirect(next, 303)
    } catch (cause) {
      const error = refusalOf(request, cause)
      const door = wordsFor(request)
      const isRefused = error.code === 'UNAUTHENTICATED'
      const problem = isRefused
        ? door.words.door.passkeyRefused
        : problemFor(request, options, error).message
      return sendHtml(
        reply,
        renderSignIn({ ...door, next, problem, ...offersOf(engine.config) }),
        error.status,
      )
    }
  })

  pages.post('/console/prove/challenge', PUBLIC, async (request, reply) =>
    reply.send(await passkeys.askToProve((await useOf(request)).token)),
  )

  pages.post(ADD, PUBLIC, async (request, reply) => {
    const use = await useOf(request)
    const fields = fieldsOf(request)
    try {
      requireFresh((await withProof(fields, sessions, use)).principal)
      const formToken = sessions.csrf(use.token)
      return await sendHtml(reply, renderNewPasskey({ ...wordsFor(request), formToken }))
    } catch (cause) {
      const error = refusalOf(request, cause)
      if (error.code !== 'STEP_UP_NEEDED') throw error
      return sendProof(request, reply, options, { use, action: ADD, fields, error })
    }
  })

  pages.post(`${ADD}/challenge`, PUBLIC, async (request, reply) =>
    reply.send(await passkeys.askToAdd((await useOf(request)).token)),
  )

  pages.post(`${ADD}/add`, PUBLIC, async (request, reply) => {
    const use = await useOf(request)
    const fields = fieldsOf(request)
    try {
      const [name, registration] = [textOf(fields, 'name'), textOf(fields, 'registration')]
      await passkeys.add(use.token, { name, registration })
      return await reply.redirect(donePlace(ACCOUNT), 303)
    } catch (cause) {
      const error = refusalOf(request, cause)
      // What was made for this request is not sent again: whoever has proved who they are begins anew.
      const only = { _token: fields['_token'] ?? [] }
      if (error.code === 'STEP_UP_NEEDED') {
        return sendProof(request, reply, options, { use, action: ADD, fields: only, error })
      }
      const [formToken, problem] = [
        sessions.csrf(use.token),
        problemFor(request, options, error).message,
      ]
      const html = renderNewPasskey({ ...wordsFor(request), formToken, problem })
      return sendHtml(reply, html, error.status)
    }
  })
}
