import type { IncomingMessage } from 'node:http'
import { defined, SECOND_MS } from '../core/index.ts'
import { toHindraError } from '../errors.ts'
import { callOut } from './call-out.ts'
import type { Destinations } from './destination.ts'

const ANSWER_BYTES_MAX = 64 * 1024

/** What an endpoint said. */
export interface EndpointAnswer {
  readonly status: number
  /** The seconds of `Retry-After` (RFC 9110, 10.2.3); null where it is not told so. */
  readonly retryAfterSeconds: number | null
  /** The first 64 KiB of the body, or as far as it came in time. */
  readonly text: string
}

/** Nobody answered. Holds no address and nothing that anybody else said. */
export class PostError extends Error {
  /**
   * - `refused`: this may not be posted to; a setting or the URL must change.
   * - `unreached`: nobody has had any of it.
   * - `unanswered`: it was handed over, and may have been taken.
   */
  readonly fault: 'refused' | 'unreached' | 'unanswered'

  constructor(fault: PostError['fault'], message: string) {
    super(message)
    this.fault = fault
  }
}

/** Throws PostError; what `signal` was aborted with. */
export type Post = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal?: AbortSignal,
) => Promise<EndpointAnswer>

/** Asks an endpoint, by the same rules. Throws PostError. */
export type Ask = (
  url: string,
  headers: Readonly<Record<string, string>>,
) => Promise<EndpointAnswer>

interface CallSettings {
  readonly timeoutSeconds: number
  readonly userAgent: string
}

/**
 * One POST of JSON over a connection of its own, to an address that was judged and is not looked up
 * again. Redirects are not followed: the next address would be the endpoint's choice.
 */
export function createPost(destinations: Destinations, settings: CallSettings): Post {
  const call = createCall(destinations, settings)
  return (url, given, body, stop) => {
    const about = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    }
    return call('POST', url, { ...given, ...about }, { body, stop })
  }
}

/** One GET, as `createPost` posts. */
export function createAsk(destinations: Destinations, settings: CallSettings): Ask {
  const call = createCall(destinations, settings)
  return (url, given) => call('GET', url, given, {})
}

function createCall(destinations: Destinations, settings: CallSettings) {
  return async (
    method: 'GET' | 'POST',
    url: string,
    given: Readonly<Record<string, string>>,
    { body, stop }: { readonly body?: string; readonly stop?: AbortSignal | undefined },
  ): Promise<EndpointAnswer> => {
    const timeout = AbortSignal.timeout(settings.timeoutSeconds * SECOND_MS)
    const signal = stop === undefined ? timeout : AbortSignal.any([stop, timeout])
    const headers = { ...given, 'user-agent': settings.userAgent }
    const progress = { handedOver: false }
    try {
      const target = destinations.check(url)
      const addresses = await destinations.addresses(target)
      const request = { method, headers, signal, ...defined({ body }) }
      return await send(target, { addresses, progress, ...request })
    } catch (error) {
      stop?.throwIfAborted()
      const fault = progress.handedOver ? 'unanswered' : faultOf(error)
      throw new PostError(fault, timeout.aborted ? 'time-out' : wordsOf(error))
    }
  }
}

async function send(
  target: URL,
  what: {
    readonly addresses: readonly { address: string; family: number }[]
    readonly method: 'GET' | 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
    readonly signal: AbortSignal
    readonly progress: { handedOver: boolean }
  },
): Promise<EndpointAnswer> {
  const { addresses, progress, ...request } = what
  const answer = await callOut(target, addresses, {
    ...request,
    onSent() {
      progress.handedOver = true
    },
  })
  const text = await beginningOf(answer.body)
  return { status: answer.status, retryAfterSeconds: retryAfter(answer.body), text }
}

/** The status is the answer: a body that breaks off or goes on for ever changes nothing about it. */
async function beginningOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size > ANSWER_BYTES_MAX) break
    }
  } catch {
    // As far as it came.
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString('utf8')
}

function retryAfter({ headers }: IncomingMessage): number | null {
  const text = headers['retry-after'] ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : null
}

function faultOf(error: unknown): PostError['fault'] {
  const { code } = toHindraError(error)
  return code === 'FETCH_REFUSED' || code === 'URL_INVALID' ? 'refused' : 'unreached'
}

/** The code alone: what the network says may hold names and addresses. */
function wordsOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  const own = toHindraError(error)
  return own.code === 'INTERNAL' ? `connection failed (${code ?? 'no code'})` : own.message
}
