import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { SecureContext } from 'node:tls'
import { defined } from '../core/index.ts'

export interface OutboundAnswer {
  readonly status: number
  /** The headers by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The body as it comes; fails where it breaks off before its announced end. */
  readonly body: IncomingMessage
}

/**
 * One request over a connection of its own, to one of the addresses that were judged: the name is not
 * looked up again. Follows no redirect, for the next address would be the other side's choice. Rejects
 * with the network's error, and where `signal` is aborted.
 */
export function callOut(
  target: URL,
  addresses: readonly { address: string; family: number }[],
  {
    method,
    headers,
    body,
    signal,
    secureContext,
    onSent = () => undefined,
  }: {
    readonly method: 'GET' | 'POST' | 'PUT'
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
    readonly signal: AbortSignal
    /** What we show of ourselves, and whom we believe; absent: nothing, and whom the system believes. */
    readonly secureContext?: SecureContext
    /** The whole request is handed over. */
    readonly onSent?: () => void
  },
): Promise<OutboundAnswer> {
  const lookup: LookupFunction = (_hostname, { all }, callback) => {
    const [first] = addresses
    if (all === true) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }
  return new Promise((resolve, reject) => {
    const options = { method, headers, lookup, signal }
    const answered = (answer: IncomingMessage): void => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer })
    }
    const request =
      target.protocol === 'https:'
        ? httpsRequest(
            target,
            { ...options, agent: new HttpsAgent(defined({ secureContext })) },
            answered,
          )
        : httpRequest(target, { ...options, agent: new HttpAgent() }, answered)
    request.once('finish', onSent)
    request.once('error', reject)
    request.end(body)
  })
}
