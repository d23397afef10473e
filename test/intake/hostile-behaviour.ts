import { gzipSync } from 'node:zlib'
import type { RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorCode } from '../../src/errors.ts'

/** One way in which a server can behave, and how the fetch must end. */
export interface HostileServer {
  readonly name: string
  readonly code: ErrorCode
  /** Part of the message. */
  readonly says: string
  readonly settings?: Readonly<Record<string, unknown>>
  /** Names and addresses that only this row knows. */
  readonly names?: Readonly<Record<string, readonly string[]>>
  /** Answers requests as HTTP ... */
  readonly http?: RequestListener
  /** ... or sends bytes as it likes, once the request is there. */
  readonly raw?: string | ((socket: Socket) => void)
}

export const MIB = 1024 * 1024
export const OK = 'HTTP/1.1 200 OK\r\n'
export const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`
export const RESET_AFTER_MS = 500
export const BROKEN_HTTP = 'HTTP failed'

export const bomb = Buffer.alloc(16 * MIB)
export const gzipBomb = gzipSync(bomb)

export function encoded(encodings: readonly string[], body: Uint8Array): RequestListener {
  return (_request, response) => {
    response
      .writeHead(
        200,
        encodings.flatMap((encoding) => ['content-encoding', encoding]),
      )
      .end(body)
  }
}

export function redirect(location: string): RequestListener {
  return (request, response) => {
    const port = String(request.socket.localPort)
    response.writeHead(302, { location: location.replace('PORT', port) }).end()
  }
}

/** Writes `text` for as long as the other side takes it. */
export function pour(sink: ServerResponse | Socket, text: string | Uint8Array): void {
  const write = () => {
    while (!sink.destroyed && sink.write(text));
  }
  sink.on('drain', write)
  write()
}

export function drip(sink: ServerResponse | Socket, text: string, everyMs: number): void {
  const timer = setInterval(() => sink.write(text), everyMs)
  sink.on('close', () => {
    clearInterval(timer)
  })
}

export function thenPour(head: string, text: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(head)
    pour(socket, text)
  }
}
