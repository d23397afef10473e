import { isIP, type LookupFunction, type Socket } from 'node:net'
import { buildConnector } from 'undici'
import { HindraError } from '../errors.ts'
import type { AddressPolicy } from './addresses.ts'

/** How long one of several addresses is waited for before the next is tried. */
const ATTEMPT_MS = 2_000

export interface ConnectOptions {
  /** Already judged; the connection goes to one of them and to nothing else. */
  readonly addresses: readonly string[]
  readonly policy: AddressPolicy
  readonly timeoutMs: number
  readonly onConnected: (socket: Socket) => void
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
    lookup,
    timeout: options.timeoutMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
    rejectUnauthorized: true,
    maxCachedSessions: 0,
  })
  return (target, callback) => {
    connect(target, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null)
        return
      }
      if (options.policy(socket.remoteAddress ?? '')) {
        options.onConnected(socket)
        callback(null, socket)
      } else {
        socket.destroy()
        callback(new HindraError('FETCH_REFUSED', 'the connection went elsewhere'), null)
      }
    })
  }
}
