import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import DKIM from 'nodemailer/lib/dkim'
import type { Config } from '../../config.ts'
import { HindraError } from '../../errors.ts'

/**
 * Signs mails (RFC 6376, relaxed/relaxed, SHA-256) where `mail.dkim*` say how; else leaves them as
 * they are, for the relay to sign. Throws INVALID_CONFIG where one of the three is missing or the
 * key cannot be read.
 */
export function createSigner(
  settings: Pick<Config['mail'], 'dkimDomain' | 'dkimSelector' | 'dkimKeyFile'>,
): (message: Buffer) => Promise<Buffer> {
  const { dkimDomain, dkimSelector, dkimKeyFile } = settings
  const given = [dkimDomain, dkimSelector, dkimKeyFile].filter((value) => value !== undefined)
  if (given.length === 0) return (message) => Promise.resolve(message)
  if (dkimDomain === undefined || dkimSelector === undefined || dkimKeyFile === undefined) {
    const needed = 'mail.dkimDomain, mail.dkimSelector and mail.dkimKeyFile'
    throw new HindraError('INVALID_CONFIG', `signing needs all of ${needed}`)
  }
  const signer = new DKIM({
    domainName: dkimDomain,
    keySelector: dkimSelector,
    privateKey: readKey(dkimKeyFile),
  })
  return (message) => buffer(signer.sign(message))
}

/** RSA: what nodemailer signs with and every receiver checks (RFC 8301 demands 1024 bits or more). */
function readKey(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8')
    const { asymmetricKeyType } = createPrivateKey(pem)
    if (asymmetricKeyType === 'rsa') return pem
  } catch (cause) {
    throw new HindraError('INVALID_CONFIG', 'mail.dkimKeyFile holds no private key in PEM', {
      cause,
    })
  }
  throw new HindraError('INVALID_CONFIG', 'mail.dkimKeyFile holds no RSA key')
}
