import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, importJWK, type JWTPayload, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'

export const CLIENT = { id: 'hindra', secret: 'a secret of forty characters, no less than that' }
const KEY_ID = 'one'

/** Who comes to the provider, and what it says of how. */
export interface Comer {
  readonly subject: string
  readonly amr?: readonly string[]
  readonly acr?: string
  /** When it says that they showed it, in seconds since 1970; now where it says nothing. */
  readonly atSeconds?: number
}

export interface OpenidProvider {
  readonly issuer: string
  /** Says of whoever comes next. */
  comer: Comer
  /** Changes what it says of who has come, signed by its own key. */
  tamper: ((claims: JWTPayload) => JWTPayload) | undefined
  /** What was asked of the place to sign in, the last one last. */
  readonly asked: URLSearchParams[]
  /** What a browser does with a place that it is sent to: resolves to the address that it is sent back to. */
  visit(place: string): Promise<URL>
  close(): Promise<void>
}

/** A real provider on loopback, whose people need not type anything. */
export async function startProvider(redirectUri: string, port = 0): Promise<OpenidProvider> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk: JsonWebKey = privateKey.export({ format: 'jwk' })
  const key = { ...jwk, kid: KEY_ID, alg: 'RS256', use: 'sig' }
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined
  const server = createServer((request, response) => {
    handle(request, response)
  })
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [key] },
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'] },
    acrValues: ['two', 'one'],
    cookies: { keys: ['of the cookies'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  })
  const callback = provider.callback()

  const self: OpenidProvider = {
    issuer,
    comer: { subject: 'nobody' },
    tamper: undefined,
    asked: [],
    async visit(place) {
      const cookies = new Map<string, string>()
      let at = new URL(place)
      self.asked.push(at.searchParams)
      while (at.origin === issuer) {
        const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ')
        const answer = await fetch(at, { redirect: 'manual', headers: { cookie } })
        for (const line of answer.headers.getSetCookie()) {
          const [pair = ''] = line.split(';')
          cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
        }
        const next = answer.headers.get('location')
        if (next === null) throw new Error(`${answer.status} ${await answer.text()}`)
        at = new URL(next, at)
      }
      return at
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  handle = (request, response) => {
    if (request.url?.startsWith('/interaction/') === true) void interact(request, response)
    else if (request.url === '/token' && self.tamper !== undefined) tampered(request, response)
    else void callback(request, response)
  }
  return self

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session, grantId } = await provider.interactionDetails(
      request,
      response,
    )
    const { subject, amr = [], acr, atSeconds } = self.comer
    if (prompt.name === 'login') {
      const login = { accountId: subject, amr: [...amr], acr, ts: atSeconds }
      await provider.interactionFinished(request, response, { login })
      return
    }
    const given = {
      accountId: session?.accountId ?? subject,
      clientId: String(params['client_id']),
    }
    const grant =
      (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
      new provider.Grant(given)
    grant.addOIDCScope('openid')
    const consent = { grantId: await grant.save() }
    await provider.interactionFinished(
      request,
      response,
      { consent },
      { mergeWithLastSubmission: true },
    )
  }

  /** Answers as the provider does, with other words in what it signs. */
  function tampered(request: IncomingMessage, response: ServerResponse): void {
    const end = response.end.bind(response)
    response.end = ((body: unknown) => {
      void (async () => {
        const told = JSON.parse(String(body)) as { id_token: string }
        const claims = self.tamper?.(decodeJwt(told.id_token)) ?? {}
        const signed = new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: KEY_ID })
        const text = JSON.stringify({
          ...told,
          id_token: await signed.sign(await importJWK(key, 'RS256')),
        })
        response.setHeader('content-length', Buffer.byteLength(text))
        end(text, 'utf8')
      })()
      return response
    }) as never
    void callback(request, response)
  }
}
