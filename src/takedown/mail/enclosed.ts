import MimeNode from 'nodemailer/lib/mime-node'
import type { RecipientKey } from '../../confidence/index.ts'

/** What is outside instead of the subject (RFC 9788). */
const NO_SUBJECT = '[...]'
const SMIME = 'application/pkcs7-mime; smime-type=enveloped-data'
const OPENPGP = 'multipart/encrypted; protocol="application/pgp-encrypted"'
const HEADER_MAX = 64 * 1024

/** Headers of a mail in their order, each a text or an address. */
type OutsideHeaders = readonly (readonly [
  name: string,
  value: string | { name: string; address: string },
])[]

export interface Enclosing {
  readonly key: RecipientKey
  readonly nowMs: number
}

/**
 * The whole mail as the content of another that nobody but its reader can open: S/MIME (RFC 8551) or PGP/MIME
 * (RFC 3156). Outside stands what mail needs to arrive and to be answered; the subject is within.
 *
 * @param headers Those of the mail that stand outside as well
 */
export async function enclose(
  mail: Uint8Array,
  headers: OutsideHeaders,
  { key, nowMs }: Enclosing,
  baseBoundary: string,
): Promise<Buffer> {
  const encrypted = Buffer.from(await key.encrypt(mail, nowMs))
  const isSmime = key.kind === 'smime'
  const outer = new MimeNode(isSmime ? SMIME : OPENPGP, {
    baseBoundary: `${baseBoundary}-enclosed`,
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(isSmime ? { filename: 'smime.p7m' } : {}),
  })
  for (const [name, value] of headers) outer.setHeader(name, value)
  outer.setHeader('Subject', NO_SUBJECT)
  if (isSmime) {
    outer.setHeader('Content-Disposition', 'attachment; filename=smime.p7m')
    outer.setHeader('Content-Transfer-Encoding', 'base64')
    outer.setContent(encrypted)
    return outer.build()
  }
  const version = outer.createChild('application/pgp-encrypted')
  version.setHeader('Content-Transfer-Encoding', '7bit')
  version.setContent('Version: 1\r\n')
  const message = outer.createChild('application/octet-stream', { filename: 'encrypted.asc' })
  message.setHeader('Content-Disposition', 'inline; filename=encrypted.asc')
  message.setHeader('Content-Transfer-Encoding', '7bit')
  message.setContent(encrypted)
  return outer.build()
}

/** Whether a mail of ours is one that was enclosed. */
export function isEnclosed(raw: Uint8Array): boolean {
  const head = Buffer.from(raw.subarray(0, HEADER_MAX)).toString('latin1').split('\r\n\r\n', 1)[0]
  return /^content-type:\s*(application\/pkcs7-mime|multipart\/encrypted)/im.test(head ?? '')
}
