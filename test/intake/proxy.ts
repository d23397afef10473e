import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { good } from './authority.ts'
import { type Host, listen } from './hosts.ts'

export interface Proxy extends Host {
  /** What was asked of it: `address:port`, and the login. */
  readonly asked: { readonly place: string; readonly login: string | undefined }[]
}

/** A real HTTP proxy that opens tunnels (CONNECT), but not to the places of `unreachable`. */
export async function tunnelProxy(
  options: { readonly secure?: boolean; readonly unreachable?: readonly string[] } = {},
): Promise<Proxy> {
  const asked: Proxy['asked'] = []
  const server: Server = options.secure === true ? createHttpsServer(good) : createHttpServer()
  server.on('connect', (request: IncomingMessage, near: Duplex) => {
    const place = request.url ?? ''
    asked.push({ place, login: request.headers['proxy-authorization'] })
    if (options.unreachable?.some((host) => place.startsWith(host)) === true) {
      near.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    join(near, place)
  })
  return { ...(await listen(server)), asked }
}

function join(near: Duplex, place: string): void {
  const { hostname, port } = new URL(`http://${place}`)
  const far: Socket = connect({ host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) })
  far.on('error', () => near.destroy())
  near.on('error', () => far.destroy())
  near.on('close', () => far.destroy())
  far.on('close', () => near.destroy())
  far.once('connect', () => {
    near.write('HTTP/1.1 200 Connection established\r\n\r\n')
    far.pipe(near).pipe(far)
  })
}
