import type { Server } from 'node:http'
import { Server as TlsServer } from 'node:https'
import type { Socket } from 'node:net'

/**
 * Watches for connections that have not brought a request yet, as clients open them in advance, and
 * gives what hangs up on them: Node takes them for busy, so that they would hold a server up.
 */
export function watchUnused(server: Server): () => void {
  const unused = new Set<Socket>()
  // Requests name the socket inside of TLS.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  server.on('request', ({ socket }) => unused.delete(socket))
  return () => {
    for (const socket of unused) socket.destroy()
  }
}
