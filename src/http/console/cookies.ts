import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * The cookies of the console. `session`: whoever has it is signed in. `device`: spares the browser the delays of
 * strangers. `language`: what the reader chose. `browser`: binds a request for a passkey to whoever asked for it. Each is for this host alone, and no script reads it.
 */
export type CookieName = 'session' | 'device' | 'language' | 'browser'

/** A browser keeps a name that begins so only where it came by TLS, for the whole host (RFC 6265bis, 4.1.3.2). */
const HOST_PREFIX = '__Host-'

function nameOf({ protocol }: Pick<FastifyRequest, 'protocol'>, name: CookieName): string {
  return protocol === 'https' ? `${HOST_PREFIX}hindra-${name}` : `hindra-${name}`
}

export function readCookie(request: FastifyRequest, name: CookieName): string | undefined {
  const wanted = `${nameOf(request, name)}=`
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(wanted))
  const value = found?.slice(wanted.length)
  return value === undefined || value === '' ? undefined : value
}

/** @param seconds How long it is kept; undefined until the browser is closed, 0 for no longer */
export function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  name: CookieName,
  value: string,
  seconds?: number,
): void {
  const parts = [
    `${nameOf(request, name)}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    ...(request.protocol === 'https' ? ['Secure'] : []),
    ...(seconds === undefined ? [] : [`Max-Age=${seconds}`]),
  ]
  void reply.header('set-cookie', parts.join('; '))
}
