import type { FastifyReply, FastifyRequest } from 'fastify'
import { type FormFields, renderProof } from '../../console/index.ts'
import type { HindraError } from '../../errors.ts'
import type { OpenSession, Sessions } from '../../sessions/index.ts'
import { relyingParty } from '../../sessions/terms.ts'
import type { AppOptions } from '../app-options.ts'
import { sendHtml, wordsFor } from './doorway.ts'
import { ownPlace, textOf } from './forms.ts'
import { providerOf } from './openid.ts'

/** Fields by which a form shows the second factor once more, or a passkey in its place. */
const CODE = '_code'
const PASSKEY = '_passkey'

type Use = OpenSession & { readonly token: string }

/** The session with what a form shows anew, where it shows anything. Throws STEP_UP_NEEDED. */
export async function withProof(
  fields: FormFields,
  sessions: Pick<Sessions, 'prove' | 'passkeys'>,
  use: Use,
): Promise<OpenSession> {
  const [code, passkey] = [textOf(fields, CODE), textOf(fields, PASSKEY)]
  if (passkey !== '') return sessions.passkeys.prove(use.token, passkey)
  return code === '' ? use : sessions.prove(use.token, code)
}

/** Asks for the second factor, or a passkey, once more; the form that waits for it is sent again with that. */
export async function sendProof(
  request: FastifyRequest,
  reply: FastifyReply,
  { engine }: Pick<AppOptions, 'engine'>,
  {
    use,
    action,
    fields,
    error,
  }: {
    readonly use: Use
    readonly action: string
    readonly fields: FormFields
    readonly error: HindraError
  },
): Promise<FastifyReply> {
  const door = wordsFor(request)
  const { proveRefused, passkeyRefused } = door.words.door
  const problems = new Map([
    ['code', proveRefused],
    ['passkey', passkeyRefused],
  ])
  const problem = problems.get(error.field ?? '')
  const sent = Object.entries(fields).flatMap(([key, values]) =>
    key === CODE || key === PASSKEY ? [] : values.map((value) => [key, value] as const),
  )
  const { isLinked } = await engine.stages.sessions.stateOf(use.principal.id)
  const provider = isLinked ? providerOf(engine.config) : null
  const back = ownPlace(textOf(fields, '_place'))
  const own = await engine.stages.sessions.passkeys.own(use.principal)
  const hasPasskeys = relyingParty(engine.config.sessions) !== undefined && own.length > 0
  const proof = {
    ...door,
    action,
    sent,
    hasPasskeys,
    provider,
    back,
    ...(problem !== undefined && { problem }),
  }
  return sendHtml(reply, renderProof(proof), 403)
}
