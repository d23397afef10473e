import { errors } from 'undici'
import { HindraError } from '../errors.ts'

const UNTRUSTED = 'nobody who is trusted signed the certificate'

/** The faults behind OpenSSL's and Node's codes. */
const TLS_FAULTS = new Map([
  ['CERT_HAS_EXPIRED', 'the certificate has expired'],
  ['CERT_NOT_YET_VALID', 'the certificate is not valid yet'],
  ['CERT_REVOKED', 'the certificate was revoked'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate is for another name'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
])

/** Says which step failed, by the code alone: messages of the network hold names and addresses. */
export function asFetchError(error: unknown): HindraError {
  if (error instanceof HindraError) return error
  const code = (error as NodeJS.ErrnoException).code ?? 'no code'
  const fault = TLS_FAULTS.get(code)
  if (fault !== undefined) return new HindraError('TLS_FAILED', `${fault} (${code})`)
  if (/^EPROTO$|CERT|TLS|SSL|SIGNATURE/.test(code)) {
    return new HindraError('TLS_FAILED', `the host does not speak TLS as it must (${code})`)
  }
  // undici's parser leaves its code undefined.
  if (error instanceof errors.HTTPParserError) {
    return new HindraError('FETCH_FAILED', 'HTTP failed (the answer breaks the protocol)')
  }
  const step = /^UND_ERR_(RES|HEADERS)/.test(code) ? 'HTTP' : 'connection'
  return new HindraError('FETCH_FAILED', `${step} failed (${code})`)
}

/** Which step of a fetch failed, where that is known. */
export type FetchFault = 'time-out' | 'name' | 'connection' | 'tls' | 'address' | 'too-large'

/** The fault in what the fetcher and the resolvers say; undefined for what is no failure of a fetch. */
export function faultOf({ code, message }: HindraError): FetchFault | undefined {
  switch (code) {
    case 'FETCH_REFUSED':
    case 'URL_INVALID':
      return 'address'
    case 'TLS_FAILED':
      return 'tls'
    case 'TOO_LARGE':
      return 'too-large'
    case 'FETCH_FAILED':
      if (/^(time-out|too slow)/.test(message)) return 'time-out'
      return message.startsWith('DNS') ? 'name' : 'connection'
    default:
      return undefined
  }
}
