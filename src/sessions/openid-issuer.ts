import type { Configuration } from 'openid-client'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { readSettingsFile } from '../core/index.ts'
import { HindraError } from '../errors.ts'

/** Below the address of the console: the one place that the provider sends people back to. */
export const CALLBACK_PATH = '/console/openid/callback'

const CLAIMS = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  /** Seconds since 1970. */
  auth_time: z.number(),
  acr: z.string().optional(),
  amr: z.array(z.string()).default([]),
})

/** What the provider says of who has come, once signature, issuer, audience, nonce and time were looked at. */
export type Testimony = z.infer<typeof CLAIMS>

/** What ties an answer of the provider to the one request that it answers. */
export interface IssuerTies {
  readonly state: string
  readonly nonce: string
  /** Of PKCE (RFC 7636). */
  readonly verifier: string
}

/** A provider of OpenID Connect, which is first spoken to when somebody wants to sign in by it. */
export interface Issuer {
  readonly issuer: string
  /** Where to send a browser, so that the person shows who they are anew. Throws OPENID_UNREACHABLE. */
  placeToAsk(ties: IssuerTies): Promise<string>
  /**
   * Asks the provider what its answer stands for; undefined where the answer is not to this request, or says too little.
   * Throws OPENID_UNREACHABLE.
   *
   * @param query Of the address that the browser was sent back to
   */
  claimsOf(query: URLSearchParams, ties: IssuerTies): Promise<Testimony | undefined>
  /** Whether two factors were shown, by what the settings take for that. */
  saysTwoFactors(claims: Testimony): boolean
}

/** Undefined where the settings name none. Throws INVALID_CONFIG where they say too little. */
export function createIssuer(
  settings: Config['openid'],
  consoleUrl: string | undefined,
): Issuer | undefined {
  const { issuer, clientId, acr, amr } = settings
  if (issuer === undefined) return undefined
  if (clientId === undefined) throw lacking('clientId is not set')
  if (consoleUrl === undefined)
    throw lacking('issuer takes sessions.url: people could not come back')
  if (acr.length + amr.length === 0) throw lacking('acr or amr must say what tells of two factors')
  const secret = secretOf(settings)
  const redirectUri = new URL(CALLBACK_PATH, consoleUrl).href
  let found: Promise<Configuration> | undefined

  async function discover(): Promise<Configuration> {
    const client = await import('openid-client')
    const server = new URL(issuer ?? '')
    return client.discovery(server, clientId ?? '', undefined, client.ClientSecretBasic(secret), {
      timeout: settings.answerSeconds,
      // The settings take http of the same machine alone: it is marked so that nobody calls it without a reason.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      ...(server.protocol === 'http:' && { execute: [client.allowInsecureRequests] }),
    })
  }

  /** What the provider says of itself: asked for again after it could not be reached. */
  async function configuration(): Promise<Configuration> {
    found ??= discover()
    try {
      return await found
    } catch (cause) {
      found = undefined
      throw unreachable(cause)
    }
  }

  return {
    issuer,

    async placeToAsk({ state, nonce, verifier }) {
      const client = await import('openid-client')
      return client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // Somebody who finds a browser in which the provider remembers another has shown nothing.
        prompt: 'login',
        max_age: '0',
        ...(acr.length > 0 && { acr_values: acr.join(' ') }),
      }).href
    },

    async claimsOf(query, { state, nonce, verifier }) {
      const client = await import('openid-client')
      const config = await configuration()
      const place = new URL(`${redirectUri}?${query.toString()}`)
      try {
        const tokens = await client.authorizationCodeGrant(config, place, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
        })
        return CLAIMS.safeParse(tokens.claims()).data
      } catch (cause) {
        if (isOfTheWay(cause)) throw unreachable(cause)
        return undefined
      }
    },

    saysTwoFactors: (claims) =>
      (claims.acr !== undefined && acr.includes(claims.acr)) ||
      claims.amr.some((one) => amr.includes(one)),
  }
}

function secretOf({ clientSecret, clientSecretFile }: Config['openid']): string {
  if (clientSecret !== undefined) return clientSecret
  if (clientSecretFile === undefined) throw lacking('clientSecretFile is not set')
  return readSettingsFile('openid.clientSecretFile', clientSecretFile).toString('utf8').trim()
}

/** Whether a request did not get through, in place of an answer that says no. */
function isOfTheWay(cause: unknown): boolean {
  if (cause instanceof TypeError) return cause.message === 'fetch failed'
  const code = z.object({ code: z.string() }).safeParse(cause).data?.code
  return code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM'
}

function lacking(why: string): HindraError {
  return new HindraError('INVALID_CONFIG', `openid.${why}`)
}

function unreachable(cause: unknown): HindraError {
  const message = 'the provider of OpenID Connect does not answer as it should'
  return new HindraError('OPENID_UNREACHABLE', message, { cause })
}
