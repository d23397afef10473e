import { X509Certificate } from 'node:crypto'
import type { BitString } from 'asn1js'
import { Certificate, ContentInfo, EnvelopedData } from 'pkijs'
import { isoTime } from '../core/index.ts'
import type { RecipientKey } from './recipient-key.ts'

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g
const RSA_BITS_MIN = 2_048
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1']
/** RFC 5280, 4.2.1.3 and 4.2.1.12: key encipherment is the third bit, key agreement the fifth. */
const KEY_USAGE = '2.5.29.15'
const [ENCIPHERMENT, AGREEMENT] = [0x20, 0x08]
const MAIL_USES = ['1.3.6.1.5.5.7.3.4', '2.5.29.37.0']
/** RFC 8551, 3.3; RFC 5652, 6. */
const ENVELOPED_DATA = '1.2.840.113549.1.7.3'

/**
 * Certificates in PEM, each of which can read what is encrypted. Throws an Error that says what is wrong with one;
 * that one has expired is found when it is used.
 */
export function readCertificates(pem: string, address: string): RecipientKey {
  const blocks = pem.match(PEM) ?? []
  if (blocks.length === 0) throw new Error('holds no certificate in PEM')
  const read = blocks.map((block) => new X509Certificate(block))
  for (const one of read) check(one)
  const certificates = read.map(({ raw }) => Certificate.fromBER(raw))
  for (const one of certificates) checkUsage(one)
  const ends = Math.min(...read.map(({ validTo }) => Date.parse(validTo)))
  const begins = Math.max(...read.map(({ validFrom }) => Date.parse(validFrom)))

  return {
    kind: 'smime',
    fingerprints: read.map(({ fingerprint256 }) => fingerprint256.replaceAll(':', '')),
    expiresAt: isoTime(ends),
    namesAddress: read.every((one) => one.checkEmail(address) !== undefined),

    async encrypt(entity, nowMs) {
      if (nowMs >= ends) throw new Error('the certificate has expired')
      if (nowMs < begins) throw new Error('the certificate is not valid yet')
      const enveloped = new EnvelopedData()
      for (const one of certificates) {
        enveloped.addRecipientByCertificate(one, { oaepHashAlgorithm: 'SHA-256' })
      }
      await enveloped.encrypt({ name: 'AES-CBC', length: 256 }, Uint8Array.from(entity).buffer)
      const contents = { contentType: ENVELOPED_DATA, content: enveloped.toSchema() }
      return new Uint8Array(new ContentInfo(contents).toSchema().toBER())
    },
  }
}

function check({ publicKey, keyUsage }: X509Certificate): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = publicKey
  const { modulusLength = 0, namedCurve = '' } = details
  if (type === 'rsa' && modulusLength < RSA_BITS_MIN) {
    throw new Error(`has a key of RSA with ${modulusLength} bits; ${RSA_BITS_MIN} are the least`)
  }
  if (type === 'ec' && !CURVES.includes(namedCurve)) throw new Error('has a key of another curve')
  if (type !== 'rsa' && type !== 'ec') throw new Error('has a key that is neither RSA nor EC')
  // What Node calls so are the extended uses (RFC 5280, 4.2.1.12); undefined, against its type, where it may be used
  // for all.
  const uses = keyUsage as readonly string[] | undefined
  if (uses !== undefined && !uses.some((use) => MAIL_USES.includes(use))) {
    throw new Error('is not made for mail (extended key usage)')
  }
}

function checkUsage({ extensions = [] }: Certificate): void {
  const usage = extensions.find(({ extnID }) => extnID === KEY_USAGE)?.parsedValue as
    | BitString
    | undefined
  if (usage === undefined) return
  const [bits = 0] = usage.valueBlock.valueHexView
  if ((bits & (ENCIPHERMENT | AGREEMENT)) === 0)
    throw new Error('is not made for encryption (key usage)')
}
