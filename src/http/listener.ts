import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Config } from '../config.ts'
import { SECOND_MS, own } from '../core/index.ts'
import { type ErrorCode, HindraError } from '../errors.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'
import type { TlsFiles } from './tls-files.ts'

const HEADER_BYTES_MAX = 16 * 1024
/** How often the time-outs are looked at: a client may be late by so much. */
const CHECK_MS = 1_000
/** How long a connection is kept: longer than proxies keep theirs, so that they never send into one that is closing. */
const KEEP_ALIVE_MS = 75_000

/** What Node refuses before there is a request, by the code of its error. */
const REFUSALS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'the headers did not come in time'],
  HPE_HEADER_OVERFLOW: ['TOO_LARGE', `the headers are over ${HEADER_BYTES_MAX} bytes`],
}

/**
 * What listens below the framework: plain or TLS, with the limits that hold before there is a
 * request. Bodies have their own (`steadyBody`), and feeds, which may last for days, theirs.
 */
export function createListener(
  handler: RequestListener,
  settings: Config['server'],
  tls: TlsFiles | undefined,
): Server {
  const headersMs = settings.headersSeconds * SECOND_MS
  const options = {
    headersTimeout: headersMs,
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
  }
  return tls === undefined ? createServer(options, handler) : secured(tls)

  function secured(files: TlsFiles): Server {
    const made = createTlsServer(
      { ...options, ...files.credentials, minVersion: 'TLSv1.2', handshakeTimeout: headersMs },
      handler,
    )
    files.follow(made)
    return made
  }
}

/** Answers what is not HTTP, too large or too late, and hangs up. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const refusal = own(REFUSALS, error.code ?? '') ?? ['INVALID_INPUT', 'this is not HTTP']
  const problem = toProblem(new HindraError(...refusal))
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${problem.status} Refused\r\nconnection: close\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
