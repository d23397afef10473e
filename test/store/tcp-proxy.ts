import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { LOOPBACK, type Place } from '../../fixtures/servers/place.ts'

/**
 * What becomes of a commit: it never arrives; it arrives and the answer does not; it arrives when the connection of
 * who sent it is long gone.
 */
export type Cut = 'before' | 'after' | 'late'

const LATE_MS = 300

/**
 * A network between a store and its PostgreSQL that can be cut at the worst moment. It passes on what comes at once: with
 * Nagle's algorithm (RFC 896) each transaction waited for delayed acknowledgements, 75 ms instead of 10.
 */
export class TcpProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Cuts that are to come, one for each commit of a batch. */
  readonly cuts: (Cut | undefined)[] = []
  /** Those that came. */
  readonly done: Cut[] = []
  /** How long the answers to commits of batches are under way; others come at once. */
  answerMs = 0
  /** Lets no new connection through. */
  isAway = false
  /** What is under way while nothing arrives; undefined where all does. */
  #held: (() => void)[] | undefined

  private constructor(server: Server) {
    this.#server = server
  }

  /** The proxy stands before a server of this machine. */
  static to(port: number): Promise<TcpProxy> {
    return TcpProxy.at(LOOPBACK, [{ host: LOOPBACK, port }])
  }

  /**
   * @param host The address that it listens on
   * @param servers One after the other takes the next connection; where nobody listens, the one behind it does
   */
  static async at(host: string, servers: readonly Place[]): Promise<TcpProxy> {
    const server = createServer({ noDelay: true })
    const proxy = new TcpProxy(server)
    let next = 0
    server.on('connection', (client) => {
      client.on('error', () => undefined)
      const first = next++
      const inOrder = servers.flatMap((_, n) => servers[(first + n) % servers.length] ?? [])
      void connected(proxy.isAway ? [] : inOrder).then((made) => {
        if (made === undefined) client.destroy()
        else proxy.#join(client, made)
      })
    })
    server.listen(0, host)
    await once(server, 'listening')
    return proxy
  }

  get host(): string {
    const address = this.#server.address()
    return typeof address === 'object' ? (address?.address ?? '') : ''
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' ? (address?.port ?? 0) : 0
  }

  /** From now on nothing arrives on either side, and nobody is told: connections are half open. */
  hold(): void {
    this.#held ??= []
  }

  /** All of it arrives late. */
  letGo(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const arrive of held) arrive()
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.cutAll()
    await closed
  }

  #join(client: Socket, server: Socket): void {
    if (client.destroyed) server.destroy()
    const both = [client, server]
    let isBatch = false
    let isSlow = false
    for (const socket of both) {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        // What is still to be sent to the server is sent.
        if (socket === server) client.destroy()
        else server.end()
      })
    }
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1')
      isBatch ||= text.includes('\0name\0')
      const cut = isBatch && text.includes('COMMIT\0') ? this.cuts.shift() : undefined
      if (text.includes('COMMIT\0')) {
        isSlow = isBatch
        isBatch = false
      }
      if (cut === undefined) {
        this.#arrive(() => server.write(bytes))
        return
      }
      this.done.push(cut)
      server.removeAllListeners('data')
      server.resume()
      if (cut === 'before') server.destroy()
      else if (cut === 'after') server.write(bytes, () => client.destroy())
      else setTimeout(() => server.end(bytes), LATE_MS)
      if (cut === 'late') {
        // The server does not know that its client is gone.
        client.removeAllListeners('close')
        client.destroy()
        this.#sockets.delete(client)
      }
    })
    server.on('data', (bytes) => {
      const answer = () => {
        if (!client.destroyed) client.write(bytes)
      }
      if (isSlow && this.answerMs > 0) setTimeout(answer, this.answerMs)
      else this.#arrive(answer)
    })
  }

  #arrive(arrive: () => void): void {
    if (this.#held === undefined) arrive()
    else this.#held.push(arrive)
  }
}

/** A connection to the first of these at which somebody listens. */
async function connected(servers: readonly Place[]): Promise<Socket | undefined> {
  for (const server of servers) {
    const socket = connect({ ...server, noDelay: true })
    const isMade = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    if (isMade) return socket
  }
  return undefined
}
