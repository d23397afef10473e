import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Keeps to so many connections, and gives what hangs up on those that have not brought a request yet:
 * Node takes them for busy, so that they would hold a server up that stops.
 *
 * Whoever comes when all places are taken gets that of the connection that has waited longest without a
 * request, else of the one that has been idle longest: to hold connections open keeps nobody out.
 */
export function watchConnections(server: Server, connectionsMax: number): () => void {
  /** How many requests each is at work on. */
  const open = new Map<Socket, number>()
  /**
   * Sockets that wait, those that brought nothing yet and those between requests, in the order in which they began to.
   */
  const unused = new Set<Socket>()
  const idle = new Set<Socket>()
  /** Requests name the socket inside of TLS, connections the one below it. */
  const below = new WeakMap<Socket, Socket>()
  const byPeer = new Map<string, Socket>()

  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket)
    if (open.size >= connectionsMax) {
      const longest = firstOf(unused) ?? firstOf(idle)
      if (longest === undefined) {
        socket.destroy()
        return
      }
      forget(longest)
      longest.destroy()
    }
    open.set(socket, 0)
    unused.add(socket)
    byPeer.set(peer, socket)
    socket.once('close', () => {
      forget(socket)
      if (byPeer.get(peer) === socket) byPeer.delete(peer)
    })
  })
  server.on('secureConnection', (socket: Socket) => {
    const raw = byPeer.get(peerOf(socket))
    if (raw !== undefined) below.set(socket, raw)
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const socket = below.get(request.socket) ?? request.socket
    work(socket, 1)
    response.once('close', () => {
      work(socket, -1)
    })
  })
  return () => {
    for (const socket of unused) socket.destroy()
  }

  function work(socket: Socket, change: number): void {
    const requests = open.get(socket)
    if (requests === undefined) return
    open.set(socket, requests + change)
    unused.delete(socket)
    idle.delete(socket)
    if (requests + change === 0) idle.add(socket)
  }

  function forget(socket: Socket): void {
    open.delete(socket)
    unused.delete(socket)
    idle.delete(socket)
  }
}

function firstOf(sockets: ReadonlySet<Socket>): Socket | undefined {
  const [first] = sockets
  return first
}

function peerOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${String(remotePort)}`
}
