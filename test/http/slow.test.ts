import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '../../src/http/index.ts'
import { steadyBody } from '../../src/http/steady-body.ts'
import { type Api, startApi } from './api.ts'

let api: Api
let intake: string
let analyst: string

beforeAll(async () => {
  api = await startApi({
    'server.headersSeconds': 0.5,
    'server.bodySecondsMax': 1,
    'server.idleSeconds': 0.5,
    'server.connectionsMax': 4,
  })
  intake = (await api.keyOf('intake')).key
  analyst = (await api.keyOf('analyst')).key
})
afterAll(() => api.dispose())

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Writes one byte now and then, until the server has had enough; what it said in the end. */
async function trickle(socket: Socket, byte: string): Promise<string> {
  const timer = setInterval(() => socket.write(byte), 50)
  const said = await text(socket).catch(() => '')
  clearInterval(timer)
  return said
}

function problemOf(answer: string): Problem {
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Problem
}

/** The head of a request that announces a body. */
function head(path: string, key: string, ...headers: readonly string[]): string {
  const lines = ['host: x', `authorization: Bearer ${key}`, 'transfer-encoding: chunked']
  return [`POST ${path} HTTP/1.1`, ...lines, ...headers, '', ''].join('\r\n')
}

describe('a client that takes its time', () => {
  it('with the headers is told so and cut off', async () => {
    const socket = await open()
    socket.write('GET /livez HTTP/1.1\r\nx: ')
    const answer = await trickle(socket, 'x')
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(problemOf(answer)).toMatchObject({ code: 'REQUEST_TIMEOUT', status: 408 })
  })

  it('and says nothing at all is cut off too', async () => {
    const socket = await open()
    await text(socket)
    expect(socket.readableEnded).toBe(true)
  })

  it('with a body is told so', async () => {
    const socket = await open()
    socket.write(head('/v1/tips', intake, 'content-type: application/json'))
    socket.write('9\r\n{"note":"\r\n')
    const timer = setInterval(() => socket.write('1\r\nx\r\n'), 50)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    clearInterval(timer)
    expect(problemOf(answer.toString())).toMatchObject({ code: 'REQUEST_TIMEOUT', status: 408 })
    socket.destroy()
  })

  it('with a feed may rest, but not for ever: the feed ends, and nothing is lost', async () => {
    const socket = await open()
    socket.write(head('/v1/scans', analyst, 'content-type: application/x-ndjson'))
    socket.write('2\r\n{\n\r\n')
    // Until the server says that the answer is complete.
    let said = ''
    while (!said.endsWith('0\r\n\r\n')) {
      const [piece] = (await once(socket, 'data')) as [Buffer]
      said += piece.toString()
    }
    expect(said).toContain('{"line":1,"error":{"code":"INVALID_INPUT"')
    socket.destroy()
  })

  it('with the answers of a feed is cut off', async () => {
    // A Unix socket, as the system keeps little for one: some thousand answers fill it.
    const socket = connect(api.socket)
    socket.on('error', () => undefined)
    socket.pause()
    socket.write(head('/v1/sightings', analyst, 'content-type: application/x-ndjson'))
    const lines = 'x\n'.repeat(10_000)
    socket.write(`${lines.length.toString(16)}\r\n${lines}\r\n`)
    await new Promise<void>((resolve) => {
      const write = (): void => {
        if (socket.destroyed) resolve()
        else socket.write('2\r\nx\n\r\n', () => setTimeout(write, 1_500))
      }
      socket.once('close', resolve)
      write()
    })
    expect(socket.destroyed).toBe(true)
  })
})

describe('what is not a request', () => {
  it.each([
    ['no HTTP', 'GARBAGE\r\n\r\n', 'INVALID_INPUT'],
    ['headers without end', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}`, 'TOO_LARGE'],
  ])('is refused as a problem: %s', async (_what, sent, code) => {
    const socket = await open()
    socket.write(sent)
    expect(problemOf(await text(socket))).toMatchObject({ code })
  })
})

describe('connections', () => {
  const request = 'GET /livez HTTP/1.1\r\nhost: x\r\n\r\n'
  const isAnswered = async (socket: Socket) => {
    socket.write(request)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/)
  }

  it('over the limit take the place of those that wait longest without a request, then of the idle', async () => {
    const [first, second, third, fourth] = [await open(), await open(), await open(), await open()]
    await isAnswered(first)
    const late = await open()
    expect(await text(second).catch(() => '')).toBe('')
    for (const socket of [late, third, fourth, first]) await isAnswered(socket)
    const last = await open()
    expect(await text(late).catch(() => '')).toBe('')
    await isAnswered(last)
    for (const socket of [first, third, fourth, last]) socket.destroy()
  })

  it('however many are held open, let whoever has a request in', async () => {
    const held = await Promise.all(Array.from({ length: 60 }, open))
    for (const socket of held) socket.write('GET /livez HTTP/1.1\r\nx: ')
    for (let round = 0; round < 3; round += 1) {
      const socket = await open()
      await isAnswered(socket)
      socket.destroy()
    }
    for (const socket of held) socket.destroy()
  })

  it('over the limit are closed where all others are at work, and there is room when one has gone', async () => {
    const working = await Promise.all([open(), open(), open(), open()])
    for (const socket of working) {
      socket.write(head('/v1/scans', analyst, 'content-type: application/x-ndjson'))
      socket.write('2\r\n{\n\r\n')
      await once(socket, 'data')
    }
    const tooMany = await open()
    expect(await text(tooMany).catch(() => '')).toBe('')
    working[0].destroy()
    await expect
      .poll(async () => {
        const socket = await open()
        socket.write(request)
        const answer = await once(socket, 'data', { signal: AbortSignal.timeout(300) }).catch(
          () => '',
        )
        socket.destroy()
        return String(answer)
      })
      .toMatch(/200/)
    for (const socket of working) socket.destroy()
  })
})

describe('a steady body', () => {
  const limits = { bodySecondsMax: 60, bodyBytesPerSecondMin: 1_000 }

  it('passes what comes fast enough', async () => {
    const body = steadyBody(Readable.from([Buffer.from('abc')]), limits, Infinity, 0)
    expect(await text(body)).toBe('abc')
  })

  it('breaks off below the least rate, also when nobody listens any more', async () => {
    const source = new PassThrough()
    const body = steadyBody(source, limits, Infinity, 0)
    source.write('abc')
    body.resume()
    await new Promise((resolve) => body.once('close', resolve))
    expect(body.errored).toMatchObject({ code: 'REQUEST_TIMEOUT' })
  })

  it('breaks off where the client does', async () => {
    const source = new PassThrough()
    const body = text(steadyBody(source, limits))
    source.write('abc')
    source.destroy()
    await expect(body).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})
