import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createTally, SECOND_MS } from '../../core/index.ts'
import { HindraError, toHindraError } from '../../errors.ts'
import type { Context, Store, Versionstamp } from '../../store/index.ts'
import type { KnownPart } from '../known-set.ts'
import { createHeldBodies } from './held-bodies.ts'
import { answerTo, type ShardCall, type Session, sessionOf } from './messages.ts'

const BODY_BYTES_MAX = 64 * 1024 * 1024
/** Requests that are answered at once; each is several questions. */
const REQUESTS_MAX = 256
const SESSIONS_MAX = 1_024
const BODY_MS = 10 * SECOND_MS
/** How often the time-outs are looked at: a request may be late by so much. */
const CHECK_MS = SECOND_MS
/** Connections from one address, where each process of the house has four. */
const ADDRESS_CONNECTIONS_MAX = 64
const KEEP_ALIVE_MS = 75 * SECOND_MS
/** Connections that have nothing more to answer are closed so often while it ends. */
const CLOSE_EACH_MS = 20
/** How often it is looked for what the asker has seen, before its question is refused. */
const LOOKS_MAX = 3

/** Answers the other processes of the house for what this one holds. */
export interface ShardServer {
  /** Where it listens: host and port. */
  readonly address: string
  /** Answers what was asked, and takes no more. */
  close(): Promise<void>
}

/** @param listen Host and port. Throws what listening throws. */
export async function openShardListener(
  { store, sealer, random }: Pick<Context, 'store' | 'sealer' | 'random'>,
  part: KnownPart,
  listen: string,
): Promise<ShardServer> {
  const sessions = new Map<string, Session>()
  const bodies = createHeldBodies()
  let requests = 0
  const timeouts = {
    requestTimeout: BODY_MS,
    headersTimeout: BODY_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_MS,
  }
  const server = createServer(timeouts, (request, response) => void respond(request, response))
  boundConnections(server)
  const { host, port } = placeIn(listen)
  server.listen(port, host)
  await once(server, 'listening')
  const bound = server.address() as AddressInfo

  return {
    address: addressOf(host, bound.port),
    async close() {
      const closed = once(server, 'close')
      server.close()
      const idle = setInterval(() => {
        server.closeIdleConnections()
      }, CLOSE_EACH_MS)
      const late = setTimeout(() => {
        server.closeAllConnections()
      }, BODY_MS)
      await closed
      clearInterval(idle)
      clearTimeout(late)
    },
  }

  /** A stranger is told nothing: neither what a hash hits nor why it is refused. */
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = Number(request.headers['content-length'] ?? Number.NaN)
    const name = /^\/([0-9a-f]{32})$/.exec(request.url ?? '')?.[1]
    const isAsked = request.method === 'POST' && name !== undefined && bytes <= BODY_BYTES_MAX
    if (!isAsked) {
      refuse(request, response, 400)
      return
    }
    try {
      const answers = await bodies.hold(request, (sealed) => answersTo(name, sealed))
      if (answers === undefined) refuse(request, response, 503)
      else response.writeHead(200, { 'content-length': answers.length }).end(answers)
    } catch {
      refuse(request, response, 400)
    }
  }

  /** Undefined where too much is being answered. */
  async function answersTo(name: string, sealed: Uint8Array): Promise<Uint8Array | undefined> {
    const session = sessions.get(name) ?? sessionOf(name, sealer, random)
    const { after, nonce, calls } = session.openQuestions(sealed)
    // Whoever can ask is of the house: strangers cannot fill this.
    if (!sessions.has(name) && sessions.size >= SESSIONS_MAX) sessions.clear()
    sessions.set(name, session)
    if (requests >= REQUESTS_MAX) return undefined
    requests += 1
    try {
      const behind = await seenUpTo(store, after).then(() => undefined, toHindraError)
      const answerOf = (call: ShardCall) =>
        behind === undefined ? answerTo(part, call) : Promise.resolve({ fault: behind.code })
      return session.sealAnswers(await Promise.all(calls.map(answerOf)), nonce)
    } finally {
      requests -= 1
    }
  }
}

/** Hangs up on who has too many connections: before it has asked nobody is known. */
function boundConnections(server: Server): void {
  const open = createTally()
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket
    if (open.of(remoteAddress) >= ADDRESS_CONNECTIONS_MAX) {
      socket.destroy()
      return
    }
    open.add(remoteAddress, 1)
    socket.once('close', () => {
      open.add(remoteAddress, -1)
    })
  })
}

/** Host and port of an address as settings have it. */
function placeIn(address: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(`http://${address}`)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) }
}

function addressOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** What the asker has seen this process is to have seen, too, before the index is asked for all of it. */
async function seenUpTo(store: Store, after: Versionstamp): Promise<void> {
  for (let look = 0; store.version() < after; look += 1) {
    if (look >= LOOKS_MAX) throw new HindraError('STORE_UNAVAILABLE', 'the asker has seen more')
    await store.transact(() => Promise.resolve())
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  if (response.headersSent) return
  response.writeHead(status, { connection: 'close', 'content-length': 0 }).end()
  request.resume()
}
