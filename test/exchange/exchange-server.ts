import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defined } from '../../src/core/index.ts'

/** What goes wrong with one answer. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: string }
  /** The document ends in the middle, in good order. */
  | 'cut'
  /** The connection does. */
  | 'reset'
  | { readonly body: string }

interface ExchangeAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** An exchange on loopback: answers as it is told, with what goes wrong in between. */
export interface ExchangeServer {
  readonly url: string
  /** `GET /path?query` of each request, faults included. */
  readonly requests: string[]
  /** The next answers go wrong so; null lets one pass. */
  readonly faults: (Fault | null)[]
  /** Awaited before each answer. */
  gate: () => Promise<void>
  close(): Promise<void>
}

export async function startExchange(
  answer: (request: IncomingMessage, url: URL, body: string) => ExchangeAnswer,
): Promise<ExchangeServer> {
  const server = createServer((request, response) => {
    void handle(request, response)
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://exchange.invalid')
    let sent = ''
    for await (const chunk of request) sent += String(chunk)
    exchange.requests.push(`${request.method ?? ''} ${url.pathname}${url.search}`)
    await exchange.gate()
    const fault = exchange.faults.shift() ?? null
    if (fault !== null && typeof fault === 'object' && 'status' in fault) {
      const { status, retryAfter } = fault
      response.writeHead(status, defined({ 'retry-after': retryAfter })).end()
      return
    }
    const { status, type, body } = answer(request, url, sent)
    const said = fault !== null && typeof fault === 'object' ? fault.body : body
    if (fault === 'reset') {
      response.writeHead(status, { 'content-type': type, 'content-length': said.length })
      response.write(said.slice(0, said.length / 2), () => request.socket.destroy())
      return
    }
    response.writeHead(status, { 'content-type': type })
    response.end(fault === 'cut' ? said.slice(0, said.length / 2) : said)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const exchange: ExchangeServer = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    faults: [],
    gate: () => Promise.resolve(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return exchange
}
