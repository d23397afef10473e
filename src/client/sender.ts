import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline, type Readable } from 'node:stream'
import { defined, SECOND_MS } from '../core/index.ts'

/** How long a connection may take to be made. */
const CONNECT_MS = 10 * SECOND_MS
/** How long one is kept for the next request: shorter than servers keep it, so that none is closed under a request. */
const IDLE_MS = 4 * SECOND_MS

/** One request, as it is sent. */
export interface Sent {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | Readable | undefined
  readonly signal?: AbortSignal
}

export interface Sender {
  /** The answer once its head is there; its body is yet to be read. Rejects where the connection breaks. */
  send(sent: Sent): Promise<IncomingMessage>
  /** Lets go of the connections: those in use when they are done. */
  close(): void
}

/**
 * Sends requests to one server, by Node's own http, which is there already: to load a library for it takes a command longer than
 * Node itself. No answer is waited for too long: rechecks and mails take their time, and a feed is as slow as whoever
 * writes it.
 *
 * @param origin `http://host:port`; any name where `socket` is given
 * @param socket Unix socket to talk through instead
 */
export function createSender(origin: string, socket: string | undefined): Sender {
  // As an import, newer versions of Node load WebSocket with it, which is most of what a command may take.
  const isSecure = origin.startsWith('https:')
  const { Agent, request } = process.getBuiltinModule(isSecure ? 'node:https' : 'node:http')
  // Where nothing asks for the name, Node is kept from looking whether it is one: what tells addresses apart takes as long as
  // the request.
  const names = isSecure ? {} : { servername: '' }
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS })
  return {
    send: ({ path, body, method, headers, signal }) =>
      new Promise((resolve, reject) => {
        const options = {
          agent,
          method,
          headers,
          ...names,
          ...defined({ socketPath: socket, signal }),
        }
        const sending = request(new URL(path, origin), options)
        sending.on('error', reject)
        sending.once('socket', (made) => {
          giveUpConnecting(made)
        })
        sending.once('response', (response) => {
          // Who has answered in full does not read on.
          response.once('end', () => {
            if (!sending.writableFinished) sending.destroy()
          })
          resolve(response)
        })
        if (typeof body !== 'object' || body instanceof Uint8Array) {
          sending.end(body)
          return
        }
        pipeline(body, sending, (error) => {
          if (error) reject(error)
        })
      }),
    close() {
      agent.maxFreeSockets = 0
      for (const idle of Object.values(agent.freeSockets).flat()) idle?.destroy()
    },
  }
}

function giveUpConnecting(socket: Socket): void {
  if (!socket.connecting) return
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' }))
  }, CONNECT_MS)
  const stop = () => {
    clearTimeout(timer)
  }
  socket.once('connect', stop).once('close', stop)
}
