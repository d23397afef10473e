import type {
  AuthenticationResponseJSON,
  RegistrationResponseJSON,
  Uint8Array_,
} from '@simplewebauthn/server'
import { z } from 'zod'
import type { RelyingParty } from './relying-party.ts'

/** No answer of an authenticator comes near, attestation left out. */
const TEXT_UNITS_MAX = 16_384
const NAME = 'Hindra'

const text = z.string().min(1).max(TEXT_UNITS_MAX)
const credential = {
  id: text,
  rawId: text,
  type: z.literal('public-key'),
}

const ASSERTION = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: z.string().max(TEXT_UNITS_MAX).nullish(),
  }),
})

const REGISTRATION = z.object({
  ...credential,
  response: z.object({ clientDataJSON: text, attestationObject: text }),
})

/** What a browser answers, as far as it is looked at: `PublicKeyCredential.toJSON()` (WebAuthn, Level 3). */
export type Assertion = z.infer<typeof ASSERTION>
export type Registration = z.infer<typeof REGISTRATION>

/** A key that an authenticator has made. */
export interface MadePasskey {
  readonly credential: string
  readonly publicKey: string
  readonly counter: number
}

/**
 * The public key that is compared where no passkey has the id, at the cost of one: a point of P-256 that everybody
 * knows, its generator. Whoever signs by it is nobody all the same.
 */
export const DECOY_KEY = Buffer.concat([
  Buffer.from('a5010203262001215820', 'hex'),
  Buffer.from('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296', 'hex'),
  Buffer.from('225820', 'hex'),
  Buffer.from('4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5', 'hex'),
]).toString('base64url')

/** Undefined for what is no answer of a browser. */
export function readAssertion(json: string): Assertion | undefined {
  return ASSERTION.safeParse(parsed(json)).data
}

export function readRegistration(json: string): Registration | undefined {
  return REGISTRATION.safeParse(parsed(json)).data
}

/** The challenge that was answered; empty for what cannot be read. */
export function challengeOf({ response }: Assertion | Registration): string {
  const said = parsed(Buffer.from(response.clientDataJSON, 'base64url').toString())
  return z.object({ challenge: z.string() }).safeParse(said).data?.challenge ?? ''
}

/** What a browser is asked for somebody to sign in with, or to show once more: verified by PIN or body, always. */
export async function requestOptions(
  party: RelyingParty,
  challenge: Uint8Array_,
  timeout: number,
  credentials: readonly string[] = [],
): Promise<object> {
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server')
  return generateAuthenticationOptions({
    rpID: party.id,
    challenge,
    timeout,
    userVerification: 'required',
    allowCredentials: credentials.map((id) => ({ id })),
  })
}

/** What a browser is asked to make: a key that the authenticator finds by itself, so that nobody types a name. */
export async function creationOptions(
  party: RelyingParty,
  challenge: Uint8Array_,
  timeout: number,
  person: {
    readonly handle: Uint8Array_
    readonly pseudonym: string
    readonly credentials: readonly string[]
  },
): Promise<object> {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server')
  return generateRegistrationOptions({
    rpName: NAME,
    rpID: party.id,
    challenge,
    timeout,
    userID: person.handle,
    // Never the name: what the authenticator keeps goes where its owner's keys go.
    userName: person.pseudonym,
    userDisplayName: person.pseudonym,
    attestationType: 'none',
    excludeCredentials: person.credentials.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** How often the authenticator says that it has signed; undefined where the signature, or what is signed, is wrong. */
export async function checkAssertion(
  party: RelyingParty,
  { response, ...said }: Assertion,
  publicKey: string,
): Promise<number | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const { userHandle, ...signed } = response
  const answer: AuthenticationResponseJSON = {
    ...said,
    response: { ...signed, ...(typeof userHandle === 'string' && { userHandle }) },
    clientExtensionResults: {},
  }
  return verifyAuthenticationResponse({
    response: answer,
    expectedChallenge: challengeOf({ ...said, response }),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    // Counted from 0: that a counter went back is looked at where the passkey is written.
    credential: { id: said.id, publicKey: Buffer.from(publicKey, 'base64url'), counter: 0 },
  }).then(
    ({ verified, authenticationInfo }) => (verified ? authenticationInfo.newCounter : undefined),
    () => undefined,
  )
}

/** Undefined where it is no key of this origin, or was made without verifying whoever asked for it. */
export async function checkRegistration(
  party: RelyingParty,
  said: Registration,
): Promise<MadePasskey | undefined> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const answer: RegistrationResponseJSON = { ...said, clientExtensionResults: {} }
  const { registrationInfo } = await verifyRegistrationResponse({
    response: answer,
    expectedChallenge: challengeOf(said),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch(() => ({ registrationInfo: undefined }))
  if (registrationInfo === undefined) return undefined
  const { id, publicKey, counter } = registrationInfo.credential
  return { credential: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
