import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What is asked of an authenticator, as far as it looks at it (WebAuthn, Level 3, JSON). */
interface Asked {
  readonly challenge: string
  readonly rpId?: string
  readonly rp?: { readonly id?: string }
  readonly user?: { readonly id: string }
}

/** What a browser or authenticator that is not honest does otherwise. */
export interface Otherwise {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly userHandle?: string | null
  readonly isVerified?: boolean
  readonly counter?: number
  readonly credential?: string
  readonly type?: string
}

const PRESENT = 0x01
const VERIFIED = 0x04
const ATTESTED = 0x40
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()

/** An authenticator and the browser before it, in software: one key (ES256), which it finds by itself. */
export class Authenticator {
  readonly credential = text(randomBytes(32))
  readonly #origin: string
  #key: KeyObject | undefined
  #handle = ''
  counter = 0

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Makes a key; JSON as a browser sends it. */
  create(asked: object, otherwise: Otherwise = {}): string {
    const { challenge, rp = {}, user } = asked as Asked
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = privateKey
    this.#handle = user?.id ?? ''
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    const id = Buffer.from(otherwise.credential ?? this.credential, 'base64url')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(id.length)
    const key = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ])
    const attested = Buffer.concat([Buffer.alloc(16), length, id, key])
    const authData = Buffer.concat([
      this.#data(otherwise.rpId ?? rp.id ?? '', ATTESTED, otherwise),
      attested,
    ])
    const head = Buffer.concat([
      Buffer.from([0xa3, 0x63]),
      Buffer.from('fmt'),
      Buffer.from([0x64]),
      Buffer.from('none'),
      Buffer.from([0x67]),
      Buffer.from('attStmt'),
      Buffer.from([0xa0, 0x68]),
      Buffer.from('authData'),
      Buffer.from([0x58, authData.length]),
    ])
    const clientDataJSON = this.#said('webauthn.create', challenge, otherwise)
    const response = {
      clientDataJSON: text(clientDataJSON),
      attestationObject: text(Buffer.concat([head, authData])),
    }
    return JSON.stringify({ id: text(id), rawId: text(id), type: 'public-key', response })
  }

  /** Signs; JSON as a browser sends it. */
  get(asked: object, otherwise: Otherwise = {}): string {
    const { challenge, rpId = '' } = asked as Asked
    if (this.#key === undefined) throw new Error('nothing was created')
    this.counter += 1
    const authenticatorData = this.#data(otherwise.rpId ?? rpId, 0, otherwise)
    const clientDataJSON = this.#said('webauthn.get', challenge, otherwise)
    const signed = Buffer.concat([authenticatorData, sha256(clientDataJSON)])
    const userHandle = otherwise.userHandle === undefined ? this.#handle : otherwise.userHandle
    const response = {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(sign('sha256', signed, this.#key)),
      userHandle,
    }
    const id = otherwise.credential ?? this.credential
    return JSON.stringify({ id, rawId: id, type: 'public-key', response })
  }

  #data(rpId: string, flags: number, { isVerified = true, counter }: Otherwise): Buffer {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter ?? this.counter)
    const all = flags | PRESENT | (isVerified ? VERIFIED : 0)
    return Buffer.concat([sha256(rpId), Buffer.from([all]), count])
  }

  #said(type: string, challenge: string, otherwise: Otherwise): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: otherwise.type ?? type,
        challenge: otherwise.challenge ?? challenge,
        origin: otherwise.origin ?? this.#origin,
        crossOrigin: false,
      }),
    )
  }
}
