import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** `take-and-drop`: reads all and hangs up. */
export type ReceiverBehaviour =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'take-and-drop'

/** A provider's own HTTP endpoint on loopback that misbehaves when told to. */
export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  behave(behaviour: ReceiverBehaviour): void
  /** Told of each request that it has read, before it answers. */
  onTaken: () => void
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let behaviour: ReceiverBehaviour = { status: 204 }
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ path: request.url ?? '', headers: request.headers, body })
      receiver.onTaken()
      if (behaviour === 'take-and-drop') {
        request.socket.destroy()
        return
      }
      const { status, headers = {}, body: answer } = behaviour
      response.writeHead(status, headers).end(answer === undefined ? '' : JSON.stringify(answer))
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    behave(next) {
      behaviour = next
    },
    onTaken: () => undefined,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done()
        })
        server.closeAllConnections()
      }),
  }
  return receiver
}
