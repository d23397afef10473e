import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server,
  type Socket,
} from 'node:net'
import { defined } from '../../src/core/index.ts'
import { configWith } from '../../src/config.ts'
import { createFetcher, type Fetcher, type Resolver } from '../../src/intake/index.ts'
import { tableResolver } from './table-resolver.ts'

/** A real server on loopback. */
export interface Host {
  readonly port: number
  readonly origin: string
  close(): Promise<void>
}

export function httpHost(answer: RequestListener): Promise<Host> {
  return listen(createServer(answer))
}

/** Speaks whatever bytes the test wants. */
export function rawHost(talk: (socket: Socket) => void): Promise<Host> {
  return listen(
    createNetServer((socket) => {
      socket.on('error', () => undefined)
      talk(socket)
    }),
  )
}

export async function listen(server: Server): Promise<Host> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const LOOPBACK_NAMES = tableResolver({
  'media.example': ['127.0.0.1'],
  'other.example': ['127.0.0.1'],
})

/** May talk to loopback on these ports; by default knows two names, as 127.0.0.1. */
export function loopbackFetcher(
  ports: readonly number[],
  changes: Readonly<Record<string, unknown>> = {},
  resolver: Resolver = LOOPBACK_NAMES,
  authorities?: readonly string[],
): Fetcher {
  const { fetch } = configWith({
    'fetch.allowNetworks': ['127.0.0.1/32'],
    'fetch.allowPorts': ports,
    'fetch.firstByteSeconds': 5,
    'fetch.totalSeconds': 10,
    ...changes,
  })
  return createFetcher({
    settings: fetch,
    resolver,
    ...defined({ authorities }),
  })
}
