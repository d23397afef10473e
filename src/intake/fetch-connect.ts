import { isIP, type LookupFunction, type Socket } from 'node:net'
import { buildConnector } from 'undici'
import { HindraError, toHindraError } from '../errors.ts'
import type { AddressPolicy } from './addresses.ts'
import { openTunnel, type TunnelTarget } from './fetch-tunnel.ts'

/** How long one of several addresses is waited for before the next is tried. */
const ATTEMPT_MS = 2_000

/** The addresses are judged already; the connection goes to one of them and to nothing else. */
export interface ConnectOptions extends TunnelTarget {
  readonly policy: AddressPolicy
  readonly timeoutMs: number
  readonly onConnected: (socket: Socket, address: string) => void
}

/**
 * Opens connections to the given addresses whatever name the URL has: a name that is looked up again
 * could have moved to a private address in between (DNS rebinding). Where the socket ended up is
 * judged once more before a byte is sent, and TLS is verified whatever the environment says.
 */
export function pinnedConnector(options: ConnectOptions): buildConnector.connector {
  const pinned = options.addresses.map((address) => ({ address, family: isIP(address) }))
  const lookup: LookupFunction = (_hostname, { all }, callback) => {
    const [first] = pinned
    if (all === true) callback(null, pinned)
    else callback(null, first?.address ?? '', first?.family)
  }
  const connect = buildConnector({
    ...tlsOptions(options),
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
  })
  return (target, callback) => {
    connect(target, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null)
        return
      }
      const address = socket.remoteAddress ?? ''
      if (options.policy(address)) {
        options.onConnected(socket, address)
        callback(null, socket)
      } else {
        socket.destroy()
        callback(new HindraError('FETCH_REFUSED', 'the connection went elsewhere'), null)
      }
    })
  }
}

/** A connector as `pinnedConnector`, from where the proxy is. TLS ends here and not at the proxy. */
export function tunnelConnector(proxy: URL, options: ConnectOptions): buildConnector.connector {
  const secure = buildConnector(tlsOptions(options))
  return (target, callback) => {
    openTunnel(proxy, options).then(
      ({ socket, address }) => {
        if (target.protocol !== 'https:') {
          options.onConnected(socket, address)
          callback(null, socket)
          return
        }
        secure({ ...target, httpSocket: socket }, (...[error, wrapped]) => {
          if (error !== null) {
            socket.destroy()
            callback(error, null)
            return
          }
          options.onConnected(wrapped, address)
          callback(null, wrapped)
        })
      },
      (error: unknown) => {
        callback(toHindraError(error), null)
      },
    )
  }
}

function tlsOptions({ authorities, timeoutMs }: ConnectOptions): buildConnector.BuildOptions {
  return {
    timeout: timeoutMs,
    rejectUnauthorized: true,
    maxCachedSessions: 0,
    ...(authorities === undefined ? {} : { ca: [...authorities] }),
  }
}
