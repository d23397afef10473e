import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i

/**
 * Keys must not cross a network in the clear by mistake. Throws INVALID_CONFIG where other
 * machines could reach the address over plain HTTP and nobody has said that this is meant.
 */
export function checkExposure(
  host: string,
  { tlsCertFile, insecure }: Pick<Config['server'], 'tlsCertFile' | 'insecure'>,
): void {
  if (tlsCertFile !== undefined || insecure || LOOPBACK.test(host)) return
  throw new HindraError(
    'INVALID_CONFIG',
    `server.host ${host} can be reached from other machines, and keys would cross the network in ` +
      'the clear: set server.tlsCertFile and server.tlsKeyFile, or listen on 127.0.0.1 behind a ' +
      'proxy with TLS, or say server.insecure: true',
  )
}
