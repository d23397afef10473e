import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIPv6, type Socket } from 'node:net'
import { HindraError } from '../errors.ts'

export interface TunnelTarget {
  readonly addresses: readonly string[]
  readonly port: number
  /** Trusted instead of Node's certificate authorities. */
  readonly authorities: readonly string[] | undefined
  readonly signal: AbortSignal
}

/**
 * A tunnel through an HTTP proxy (CONNECT, RFC 9110, 9.3.6) to the first of `addresses` that the
 * proxy reaches. It is told an address and never a name: what was judged here is where it connects,
 * and nothing is looked up over there. Throws FETCH_FAILED.
 */
export async function openTunnel(
  proxy: URL,
  target: TunnelTarget,
): Promise<{ readonly socket: Socket; readonly address: string }> {
  let failure = new HindraError('FETCH_FAILED', 'the proxy was given no address')
  for (const address of target.addresses) {
    const place = `${isIPv6(address) ? `[${address}]` : address}:${target.port}`
    const { statusCode, socket } = await connect(proxy, place, target)
    if (statusCode >= 200 && statusCode < 300) return { socket, address }
    socket.destroy()
    failure = new HindraError('FETCH_FAILED', `the proxy answered with status ${statusCode}`)
  }
  throw failure
}

function connect(
  proxy: URL,
  place: string,
  { authorities, signal }: TunnelTarget,
): Promise<{ statusCode: number; socket: Socket }> {
  const { username, password } = proxy
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  const authorization = `Basic ${login.toString('base64')}`
  const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
    host: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
    method: 'CONNECT',
    path: place,
    headers: {
      host: place,
      ...(username === '' ? {} : { 'proxy-authorization': authorization }),
    },
    agent: false,
    signal,
    rejectUnauthorized: true,
    ...(authorities === undefined ? {} : { ca: [...authorities] }),
  })
  return new Promise((resolve, reject) => {
    request.once('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      if (head.length > 0) socket.unshift(head)
      resolve({ statusCode, socket })
    })
    request.once('error', (error: NodeJS.ErrnoException) => {
      const message = `the proxy cannot be reached (${error.code ?? 'no code'})`
      reject(new HindraError('FETCH_FAILED', message))
    })
    request.end()
  })
}
