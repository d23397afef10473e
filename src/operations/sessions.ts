import { z } from 'zod'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

const id = idOf('session')

/** By pseudonym or id. */
const person = z.string().trim().min(1).max(64)

export const sessions = {
  invite: operation('POST /v1/invitations', {
    needs: 'people:manage',
    says: 'A code by which a person sets password and second factor; shown once, ends what was set before',
    input: { person },
    status: 201,
    run: ({ sessions: stage }, by, invited) => stage.invite(by, invited.person),
  }),
  list: operation('GET /v1/sessions', {
    needs: 'people:read',
    says: 'Sessions in browsers that are open, of one person or of all',
    input: { person: person.exactOptional() },
    reads: ['all', 'session.list'],
    run: ({ sessions: stage }, _by, of) => stage.list(of.person),
  }),
  own: operation('GET /v1/own-sessions', {
    needs: 'signed-in',
    says: 'Sessions in browsers of one’s own',
    input: {},
    run: ({ sessions: stage }, by) => stage.own(by),
  }),
  end: operation('POST /v1/sessions/:id/end', {
    needs: 'people:manage',
    says: 'Ends the session of anybody',
    input: { id },
    run: ({ sessions: stage }, by, session) => stage.endOne(by, session.id),
  }),
  endAll: operation('POST /v1/sessions/end', {
    needs: 'people:manage',
    says: 'Ends all sessions of one person',
    input: { person },
    run: ({ sessions: stage }, by, of) => stage.endAll(by, of.person),
  }),
  endOwn: operation('POST /v1/own-sessions/:id/end', {
    needs: 'signed-in',
    says: 'Ends a session of one’s own',
    input: { id },
    run: ({ sessions: stage }, by, session) => stage.endOwn(by, session.id),
  }),
  label: operation('POST /v1/own-sessions/:id/label', {
    needs: 'signed-in',
    says: 'Says what one calls the browser of a session of one’s own',
    input: { id, label: z.string().max(200).nullable() },
    run: ({ sessions: stage }, by, session) => stage.label(by, session.id, session.label),
  }),
  linkOpenid: operation('POST /v1/openid-links', {
    needs: 'people:manage',
    says: 'Says which person the provider of OpenID Connect means by a subject (`sub`): they sign in by it, too',
    input: { person, subject: z.string().trim().min(1).max(255) },
    run: ({ sessions: stage }, by, { person: said, subject }) =>
      stage.openid.link(by, said, subject),
  }),
  unlinkOpenid: operation('POST /v1/openid-links/remove', {
    needs: 'people:manage',
    says: 'Ends signing in by the provider, and all sessions of the person',
    input: { person },
    run: ({ sessions: stage }, by, of) => stage.openid.unlink(by, of.person),
  }),
  passkeys: operation('GET /v1/own-passkeys', {
    needs: 'signed-in',
    says: 'Passkeys by which one signs in oneself',
    input: {},
    run: ({ sessions: stage }, by) => stage.passkeys.own(by),
  }),
  removePasskey: operation('POST /v1/own-passkeys/:id/remove', {
    needs: 'signed-in',
    says: 'Removes a passkey of one’s own: it opens nothing from that moment',
    input: { id: idOf('passkey') },
    run: ({ sessions: stage }, by, passkey) => stage.passkeys.remove(by, passkey.id),
  }),
}
