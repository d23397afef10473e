import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { SECOND_MS } from '../core/index.ts'
import { toHindraError } from '../errors.ts'
import type { Destinations } from './destination.ts'
import type { SignedHeaders } from './signature.ts'
import type { PostResult } from './types.ts'

const ANSWER_BYTES_MAX = 64 * 1024

export type Post = (
  url: string,
  headers: SignedHeaders,
  body: string,
  signal: AbortSignal,
) => Promise<PostResult>

/**
 * One POST over a connection of its own, to an address that was judged and is not looked up again.
 * Redirects are not followed: the next address would be the endpoint's choice. Rejects only where
 * `signal` is aborted.
 */
export function createPost(
  destinations: Destinations,
  settings: { readonly timeoutSeconds: number; readonly userAgent: string },
): Post {
  return async (url, signed, body, signal) => {
    const timeout = AbortSignal.timeout(settings.timeoutSeconds * SECOND_MS)
    const headers = {
      ...signed,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': settings.userAgent,
    }
    try {
      const target = destinations.check(url)
      const addresses = await destinations.addresses(target)
      const status = await send(
        target,
        addresses,
        headers,
        body,
        AbortSignal.any([signal, timeout]),
      )
      if (status >= 200 && status < 300) return { delivered: true, status, error: null }
      return { delivered: false, status, error: `the endpoint answered with ${status}` }
    } catch (error) {
      signal.throwIfAborted()
      return {
        delivered: false,
        status: null,
        error: timeout.aborted ? 'time-out' : wordsOf(error),
      }
    }
  }
}

function send(
  target: URL,
  addresses: readonly { address: string; family: number }[],
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  const lookup: LookupFunction = (_hostname, { all }, callback) => {
    const [first] = addresses
    if (all === true) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, lookup, signal }
    const answered = (answer: IncomingMessage): void => {
      let size = 0
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > ANSWER_BYTES_MAX) answer.destroy()
      })
      answer.on('error', () => undefined)
      resolve(answer.statusCode ?? 0)
    }
    const request =
      target.protocol === 'https:'
        ? httpsRequest(target, { ...options, agent: new HttpsAgent() }, answered)
        : httpRequest(target, { ...options, agent: new HttpAgent() }, answered)
    request.once('error', reject)
    request.end(body)
  })
}

/** The code alone: what the network says may hold names and addresses. */
function wordsOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  const own = toHindraError(error)
  return own.code === 'INTERNAL' ? `connection failed (${code ?? 'no code'})` : own.message
}
