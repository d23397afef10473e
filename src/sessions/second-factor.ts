import { Secret, TOTP } from 'otpauth'
import type { Random } from '../core/index.ts'

/** RFC 4226, section 4: 160 bits. */
const SECRET_BYTES = 20
const PERIOD_SECONDS = 30
const DIGITS = 6
/** A telephone whose clock is half a minute off is let in. */
const WINDOW_STEPS = 1
const ISSUER = 'Hindra'

/** The secret of a time-based code (RFC 6238), in base 32. */
export function newTotpSecret(random: Random): string {
  return new Secret({ buffer: Uint8Array.from(random.bytes(SECRET_BYTES)).buffer }).base32
}

/** `otpauth://totp/...`, which apps take by camera. */
export function totpUri(secret: string, pseudonym: string): string {
  return totpOf(secret, pseudonym).toString()
}

/** The step of 30 seconds whose code this is, one before and behind `nowMs` included; undefined for none of them. */
export function totpStep(secret: string, typed: string, nowMs: number): number | undefined {
  const token = typed.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const totp = totpOf(secret)
  const delta = totp.validate({ token, timestamp: nowMs, window: WINDOW_STEPS })
  return delta === null ? undefined : totp.counter({ timestamp: nowMs }) + delta
}

function totpOf(secret: string, label = ''): TOTP {
  const form = { algorithm: 'SHA1', digits: DIGITS, period: PERIOD_SECONDS }
  return new TOTP({ issuer: ISSUER, label, ...form, secret: Secret.fromBase32(secret) })
}
