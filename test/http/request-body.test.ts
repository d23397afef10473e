import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { untilStopped } from '../../src/http/request-body.ts'

let server: Server
let client: Socket

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n')
})
afterEach(() => {
  client.destroy()
  server.closeAllConnections()
  server.close()
})

async function received(): Promise<[IncomingMessage, ServerResponse]> {
  return (await once(server, 'request')) as [IncomingMessage, ServerResponse]
}

describe('the body of a feed', () => {
  it('ends where the client ends it', async () => {
    const [request] = await received()
    const body = text(untilStopped(request, new AbortController().signal).bytes)
    client.write('2\r\nde\r\n0\r\n\r\n')
    expect(await body).toBe('abcde')
  })

  it('breaks off with an error where the client is gone', async () => {
    const [request] = await received()
    const body = text(untilStopped(request, new AbortController().signal).bytes)
    client.destroy()
    await expect(body).rejects.toThrow('Premature close')
  })

  it('ends when the server stops, and the answer still reaches the client', async () => {
    const [request, response] = await received()
    const stopping = new AbortController()
    const body = untilStopped(request, stopping.signal).bytes
    await once(body, 'readable')
    stopping.abort()
    expect(await text(body)).toBe('abc')
    response.end('done')
    const [answer] = (await once(client, 'data')) as [Buffer]
    expect(answer.toString()).toContain('done')
  })

  it('is empty where the server is stopping already', async () => {
    const [request] = await received()
    expect(await text(untilStopped(request, AbortSignal.abort()).bytes)).toBe('')
  })

  it('ends where it is told to, though the client goes on', async () => {
    const [request] = await received()
    const { bytes, stop } = untilStopped(request, new AbortController().signal)
    await once(bytes, 'readable')
    stop()
    client.write('2\r\nde\r\n')
    expect(await text(bytes)).toBe('abc')
  })
})
